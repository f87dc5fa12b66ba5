// Jobs and deployments of Azure Pipelines: pool, matrix, container, environment, credentials.
#include <algorithm>
#include <array>

#include "pipeline/credentials.h"
#include "pipeline/readers/azure.h"
#include "pipeline/readers/job_scope.h"
#include "text/ascii.h"

namespace tollbar::pipeline::azure {
namespace {

using document::Node;
using text::ascii_lower;

constexpr std::size_t kMaxLegs = 1024;

/// The variables of each leg of `strategy: matrix`, by its name.
struct Leg {
  std::string text;
  StringMap variables;
};
std::vector<Leg> read_legs(const Node* matrix) {
  std::vector<Leg> legs;
  for_each_member(matrix, [&](std::string_view name, const Node& values) {
    if (legs.size() >= kMaxLegs || name == kGuard) return;
    Leg leg{std::string(name), text_map(&values)};
    for (const auto& [variable, value] : leg.variables) leg.text += "," + variable + "=" + value;
    legs.push_back(std::move(leg));
  });
  return legs;
}

void add_label(const std::string& text, Job& job) {
  if (text.empty()) return;
  job.runner.dynamic = job.runner.dynamic || text.find('$') != std::string::npos;
  job.runner.labels.push_back(text);
}

/// `pool`: a name, or a mapping of name, image and demands, in one leg.
void read_pool(const Node* pool, const Scope& scope, Job& job) {
  if (!pool || pool->is_null()) return;
  job.runner.line = pool->line;
  const auto text = [&](const Node* node) { return expand_macros(text_of(node), scope); };
  if (pool->is_scalar()) {
    job.runner.group = text(pool);
    return;
  }
  if (const auto* name = pool->get("name")) job.runner.group = text(name);
  if (const auto* image = pool->get("vmImage")) add_label(text(image), job);
  for (const auto& demand : texts_of(pool->get("demands"))) add_label("demand " + demand, job);
}

void read_runner(const Node* pool, const std::vector<Leg>& legs, const Scope& scope, Job& job) {
  if (legs.empty()) read_pool(pool, scope, job);
  for (const auto& leg : legs) {
    Scope inner = scope;
    for (const auto& [name, value] : leg.variables) {
      inner.variables[ascii_lower(name)] = value;
      inner.computed.erase(ascii_lower(name));
    }
    read_pool(pool, inner, job);
  }
  auto& labels = job.runner.labels;
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

/// A container by its image, or by its name under `resources.containers`.
std::string image_of(const Node* written, const Stage& stage, Job& job) {
  if (!written || written->is_null()) return {};
  const Node* declared = written->is_mapping() ? written : nullptr;
  if (!declared && stage.containers) {
    for (const auto& item : stage.containers->items) {
      if (text_of(item.get("container")) == text_of(written)) declared = &item;
    }
  }
  if (!declared) return text_of(written);
  if (const auto* options = declared->get("options")) job.container_options.push_back(text_of(options));
  if (const auto* endpoint = declared->get("endpoint")) {
    CredentialUse use;
    use.kind = CredentialUse::Kind::service;
    use.name = text_of(endpoint);
    use.source = "azure-service-connection";
    use.bound_to = "endpoint";
    use.line = endpoint->line;
    add_credentials(job.credentials, {use});
  }
  return text_of(declared->get("image"));
}

void read_containers(const Node& node, const Stage& stage, Job& job) {
  job.image = image_of(node.get("container"), stage, job);
  for_each_member(node.get("services"), [&](std::string_view name, const Node& service) {
    job.services.push_back(image_of(&service, stage, job));
    job.service_hosts.emplace_back(name);
  });
}

/// Phases of `strategy: {runOnce|rolling|canary: ...}`; what runs `on: failure` comes after the verdict.
void add_deployment_steps(const Node* strategy, const Scope& scope, const StepSettings& settings, Job& job) {
  if (!strategy) return;
  for (const auto* kind : {"runOnce", "rolling", "canary"}) {
    const auto* phases = strategy->get(kind);
    if (!phases) continue;
    const auto add = [&](const Node* phase, bool cleanup) {
      auto steps = read_steps(phase ? phase->get("steps") : nullptr, scope, settings);
      for (auto& step : steps) {
        step.is_cleanup = cleanup;
        job.steps.push_back(std::move(step));
      }
    };
    for (const auto* phase : {"preDeploy", "deploy", "routeTraffic", "postRouteTraffic"})
      add(phases->get(phase), false);
    add(phases->get({"on", "success"}), false);
    add(phases->get({"on", "failure"}), true);
  }
}

void read_may_fail(const Node* node, const Scope& scope, Job& job) {
  if (!node || node->is_null()) return;
  const auto text = ascii_lower(std::string_view(expand_macros(text_of(node), scope)));
  job.may_fail = text == "true" || node->truth() == true;
  job.may_fail_sometimes = !job.may_fail && !text.empty() && text != "false" && node->truth() != false;
}

void read_environment(const Node* environment, const Scope& scope, Job& job) {
  if (!environment) return;
  job.environment = expand_macros(text_of(environment->is_mapping() ? environment->get("name") : environment), scope);
}

bool asks_a_person(const Step& step) {
  return ascii_lower(std::string_view(step.uses)) == "manualvalidation" ||
         ascii_lower(std::string_view(step.uses)) == "manualintervention";
}

void read_credentials(const Stage& stage, Job& job) {
  VariableNames names{"azure-variable", "System.", {}, true};
  add_credentials(job.credentials, stage.groups);
  for (auto& step : job.steps) {
    const auto mentions_token = [](const std::string& text) {
      return text.find("System.AccessToken") != std::string::npos ||
             text.find("SYSTEM_ACCESSTOKEN") != std::string::npos ||
             text.find("System_AccessToken") != std::string::npos;
    };
    bool token = mentions_token(step.run);
    for (const auto& [name, value] : step.env) token = token || mentions_token(value);
    if (!token) continue;
    CredentialUse use;
    use.kind = CredentialUse::Kind::platform_token;
    use.name = "System.AccessToken";
    use.source = "azure-job-token";
    use.line = step.line;
    add_credentials(step.credentials, {use});
  }
  for (const auto* token : {"SYSTEM_ACCESSTOKEN", "System_AccessToken", "idToken"}) names.defined.insert(token);
  add_named_credentials(job, std::move(names));
}

}  // namespace

Job read_job(const Node& node, const Stage& stage, Scope scope) {
  Job job;
  const auto* deployment = node.get("deployment");
  const auto* id = deployment ? deployment : node.get("job");
  job.id = text_of(id ? id : node.get("phase"));
  job.name = text_of(node.get("displayName"));
  job.line = node.line;
  job.stage = stage.name;
  const auto* origin = node.get(kOrigin);
  job.path = origin ? text_of(origin) : stage.origin;
  if (const auto* foreign = node.get("template")) {
    const auto text = text_of(foreign);
    const auto at = text.rfind('@');
    job.uses = "template:" + text.substr(0, at);
    if (at != std::string::npos) job.uses_version = text.substr(at + 1);
    job.with = text_map(node.get("parameters"));
    job.condition = both(stage.condition, read_condition(node, scope));
    add_credentials(job.credentials, stage.groups);
    return job;
  }

  const auto* strategy = node.get("strategy");
  const auto* matrix = strategy ? strategy->get("matrix") : nullptr;
  const auto legs = read_legs(matrix);
  for (const auto& leg : legs) job.legs.push_back(leg.text);
  std::sort(job.legs.begin(), job.legs.end());
  job.matrix_emptied = matrix && matrix->is_mapping() && legs.empty();
  job.env = stage.env;
  std::vector<CredentialUse> groups;
  read_variables(node.get("variables"), scope, job.env, groups);
  for (auto& [name, value] : job.env) value = expand_macros(value, scope);
  add_credentials(job.credentials, groups);
  for (const auto& leg : legs) {
    for (const auto& [name, value] : leg.variables) scope.computed.insert(ascii_lower(name));
  }

  const auto* pool = node.get("pool");
  read_runner(pool ? pool : stage.pool, legs, scope, job);
  read_containers(node, stage, job);
  read_environment(node.get("environment"), scope, job);
  read_may_fail(node.get("continueOnError"), scope, job);
  job.condition = both(stage.condition, read_condition(node, scope));
  job.timeout = text_of(node.get("timeoutInMinutes"));
  job.needs = texts_of(node.get("dependsOn"));

  StepSettings settings;
  const auto& labels = job.runner.labels;
  settings.windows = !labels.empty() && std::all_of(labels.begin(), labels.end(), [](const std::string& label) {
    const auto folded = ascii_lower(std::string_view(label));
    return folded.find("windows") != std::string::npos || folded.starts_with("vs20");
  });
  job.steps = read_steps(node.get("steps"), scope, settings);
  add_deployment_steps(strategy, scope, settings, job);
  job.gated = std::any_of(job.steps.begin(), job.steps.end(), asks_a_person);
  read_credentials(stage, job);
  return job;
}

}  // namespace tollbar::pipeline::azure
