// Jobs of GitHub workflows: runner, effective permissions, credentials and everything in whose scope the steps run.
#include <algorithm>
#include <set>

#include "pipeline/credentials.h"
#include "pipeline/expression_values.h"
#include "pipeline/readers/github.h"
#include "text/ascii.h"

namespace tollbar::pipeline::github {
namespace {

using document::Node;

/// Labels gathered over all legs.
class RunnerReader {
 public:
  Runner read(const Node* runs_on, const LegSurroundings& legs) {
    if (!runs_on) return {};
    runner_.line = runs_on->line;
    for (const auto& leg : legs) add(*runs_on, leg);
    runner_.labels.assign(labels_.begin(), labels_.end());
    return std::move(runner_);
  }

 private:
  void add(const Node& node, const Surroundings& leg) {
    if (node.is_scalar()) {
      if (node.scalar.find("${{") == std::string::npos) {
        add_value(node);
        return;
      }
      const auto choices = template_alternatives(node.scalar, leg);
      for (const auto& value : choices.values) add_value(value);
      if (choices.dynamic) add_computed(normalise_template(node.scalar));
    } else if (node.is_mapping()) {
      add_group(node, leg);
    } else {
      for (const auto& item : node.items) add(item, leg);
    }
  }

  void add_group(const Node& node, const Surroundings& leg) {
    if (const auto* group = node.get("group")) {
      const auto choices = template_alternatives(text_of(group), leg);
      runner_.group =
          choices.values.size() == 1 ? string_of(choices.values.front()) : normalise_template(text_of(group));
      runner_.dynamic = runner_.dynamic || choices.dynamic;
    }
    if (const auto* labels = node.get("labels")) add(*labels, leg);
  }

  void add_value(const Node& value) {
    if (value.tag == kUnknown) {
      add_computed(value.scalar);
    } else if (value.is_mapping()) {
      add_group(value, {});
    } else if (value.is_scalar()) {
      labels_.insert(string_of(value));
    }
    for (const auto& item : value.items) add_value(item);
  }

  void add_computed(const std::string& text) {
    runner_.dynamic = true;
    labels_.insert(text);
  }

  Runner runner_;
  std::set<std::string> labels_;
};

bool runs_on_windows(const Runner& runner) {
  return !runner.labels.empty() &&
         std::all_of(runner.labels.begin(), runner.labels.end(), [](const std::string& label) {
           return text::ascii_lower(label).find("windows") != std::string::npos;
         });
}

Node env_node(const StringMap& env) {
  Node node;
  node.kind = document::NodeKind::mapping;
  for (const auto& [name, value] : env) {
    auto known = string_value(value);
    if (value.find("${{") != std::string::npos) known.tag = kUnknown;
    node.members.push_back({string_value(name), std::move(known)});
  }
  return node;
}

bool any_sets_variables(const Node* steps) {
  return steps != nullptr && std::any_of(steps->items.begin(), steps->items.end(), sets_variables);
}

LegSurroundings read_legs(const Node* strategy, const Surroundings& base, Job& job) {
  const auto matrix = expand_matrix(strategy ? strategy->get("matrix") : nullptr, base);
  job.matrix_emptied = matrix.emptied;
  if (const auto* fail_fast = strategy ? strategy->get("fail-fast") : nullptr)
    job.fail_fast = fail_fast->truth().value_or(true);
  LegSurroundings legs;
  for (const auto& leg : matrix.legs) {
    job.legs.push_back(leg.text);
    legs.push_back(base);
    if (leg.values.is_mapping()) legs.back().values["matrix"] = leg.values;
  }
  if (legs.empty()) {
    legs.push_back(base);
    // Without a matrix every `matrix.x` is null; in an emptied one nothing runs.
    if (!matrix.written) legs.back().values["matrix"].kind = document::NodeKind::mapping;
  }
  return legs;
}

void read_containers(const Node& node, Job& job) {
  const auto read = [&](const Node& container) {
    const auto options = text_of(container.get("options"));
    if (!options.empty()) job.container_options.push_back(options);
    return normalise_template(text_of(container.is_mapping() ? container.get("image") : &container));
  };
  if (const auto* container = node.get("container")) {
    job.image = read(*container);
    job.env = merged(std::move(job.env), text_map(container->get("env")));
  }
  for_each_member(node.get("services"), [&](std::string_view name, const Node& service) {
    job.services.push_back(read(service));
    job.service_hosts.emplace_back(name);
  });
}

void read_environment(const Node* environment, const LegSurroundings& legs, Job& job) {
  if (!environment) return;
  const bool mapping = environment->is_mapping();
  const auto written = text_of(mapping ? environment->get("name") : environment);
  const auto choices = template_alternatives(written, legs.front());
  const bool constant = legs.size() == 1 && !choices.dynamic && choices.values.size() == 1;
  job.environment = constant ? string_of(choices.values.front()) : normalise_template(written);
  if (mapping) job.environment_url = text_of(environment->get("url"));
}

void read_call(const Node& node, Job& job) {
  if (const auto* uses = node.get("uses")) split_uses(uses->text(), job.uses, job.uses_version);
  job.with = text_map(node.get("with"));
  const auto* secrets = node.get("secrets");
  if (!secrets) return;
  job.secrets = text_map(secrets);
  job.inherits_secrets = secrets->text() == "inherit";
}

std::vector<CredentialUse> job_credentials(const Node& node, const Job& job) {
  std::vector<CredentialUse> found;
  for (const auto& member : node.members) {
    const auto key = member.key.text();
    if (key == "steps") continue;
    add_credentials(found, member.value.is_scalar()
                               ? credentials_in(member.value.scalar, {}, member.value.line, key == "if")
                               : credentials_in(member.value));
  }
  if (job.inherits_secrets) {
    CredentialUse use;
    use.kind = CredentialUse::Kind::all_secrets;
    use.source = "github-secrets";
    use.bound_to = job.uses;
    use.line = node.get("secrets")->line;
    found.push_back(std::move(use));
  }
  return found;
}

void add_identity(const Node& node, Job& job) {
  if (job.permissions_default || job.access("id-token") != Access::write) return;
  CredentialUse use;
  use.kind = CredentialUse::Kind::identity;
  use.name = "id-token";
  use.source = "oidc";
  use.scope = "id-token: write";
  const auto* permissions = node.get("permissions");
  use.line = permissions ? permissions->line : 0;
  add_credentials(job.credentials, {use});
}

void set_scope(std::vector<CredentialUse>& uses, const std::string& environment) {
  if (environment.empty()) return;
  for (auto& use : uses) {
    if (use.scope.empty() && use.kind == CredentialUse::Kind::secret) use.scope = "environment " + environment;
  }
}

void read_credentials(const Node& node, const WorkflowScope& workflow, Job& job) {
  job.credentials = workflow.env_credentials;
  add_credentials(job.credentials, job_credentials(node, job));
  for (auto& step : job.steps) {
    add_credentials(job.credentials, step.credentials);
    set_scope(step.credentials, job.environment);
  }
  add_identity(node, job);
  set_scope(job.credentials, job.environment);
}

}  // namespace

Job read_job(std::string_view id, const Node& node, WorkflowScope& workflow) {
  Job job;
  job.id = id;
  job.line = node.line;
  job.name = text_of(node.get("name"));
  job.env = merged(workflow.env, text_map(node.get("env")));
  job.needs = texts_of(node.get("needs"));
  job.timeout = text_of(node.get("timeout-minutes"));
  if (const auto* group = node.get("concurrency")) {
    job.concurrency = normalise_template(text_of(group->is_mapping() ? group->get("group") : group));
  }
  const auto own = read_permissions(node.get("permissions"));
  const auto& effective = own.written ? own : workflow.permissions;
  job.permissions = effective.scopes;
  job.permissions_default = !effective.written;

  Surroundings base;
  base.events = workflow.events;
  base.values["env"] = env_node(job.env);
  base.env_stays = !any_sets_variables(node.get("steps"));
  if (workflow.inputs) base.values["inputs"] = *workflow.inputs;
  if (!workflow.needs.members.empty()) base.values["needs"] = workflow.needs;
  const auto legs = read_legs(node.get("strategy"), base, job);
  job.runner = RunnerReader().read(node.get("runs-on"), legs);
  job.condition = read_condition(node.get("if"), {base});
  if (job.matrix_emptied) job.condition.truth = Truth::never;
  read_may_fail(node.get("continue-on-error"), legs, job.may_fail, job.may_fail_sometimes);
  read_containers(node, job);
  read_environment(node.get("environment"), legs, job);
  read_call(node, job);
  tell_inputs(job.with, legs);

  StepScope scope;
  scope.run = read_run_defaults(node.get("defaults"), workflow.run);
  scope.windows = runs_on_windows(job.runner);
  scope.env_known = true;
  job.default_shell = scope.run.shell;
  job.default_working_directory = scope.run.working_directory;
  job.steps = read_steps(node.get("steps"), scope, legs);
  read_credentials(node, workflow, job);
  tell_outputs(workflow.needs, job.id, outputs_of(job, node.get("outputs"), legs.front()));
  return job;
}

}  // namespace tollbar::pipeline::github
