// Jobs of CircleCI as an entry of a workflow runs them: executor, image, parameters, matrix.
#include <algorithm>
#include <array>

#include "pipeline/credentials.h"
#include "pipeline/readers/circleci.h"
#include "pipeline/readers/job_scope.h"
#include "pipeline/readers/script_shell.h"

namespace tollbar::pipeline::circleci {
namespace {

using document::Node;

constexpr std::size_t kMaxLegs = 1024;
/// What every job may be given besides its own parameters.
constexpr std::array<std::string_view, 9> kEntryKeys{"requires", "context", "filters",   "matrix",    "type",
                                                     "name",     "when",    "pre-steps", "post-steps"};

/// Something that runs on many machines: an executor, or a job that says it itself.
struct Machine {
  Node node;  ///< with the executor's keys beneath the job's own
  std::string orb_executor;
};

void lay_beneath(const Node& base, Node& node) {
  for (const auto& member : base.members) {
    if (!node.get(member.key.text())) node.members.push_back(member);
  }
}

Machine machine_of(const Node& job, const Values& values, const Scope& scope) {
  Machine machine{job, {}};
  const auto* executor = job.get("executor");
  if (!executor) return machine;
  const auto name = text_of(executor->is_mapping() ? executor->get("name") : executor);
  if (const auto found = scope.find("executors", name); found.node && found.node->is_mapping()) {
    const auto inside =
        inner_values(found.node->get("parameters"), executor->is_mapping() ? executor : nullptr, values);
    lay_beneath(substituted(*found.node, inside), machine.node);
  } else if (const auto* orb = scope.published(name)) {
    machine.orb_executor = orb->name + name.substr(name.find('/'));
  } else {
    machine.orb_executor = name;
  }
  return machine;
}

void add_label(std::string label, Job& job) {
  if (label.empty()) return;
  job.runner.dynamic = job.runner.dynamic || label.find("${{") != std::string::npos;
  job.runner.labels.push_back(std::move(label));
}

void read_runner(const Machine& machine, Job& job) {
  const Node& node = machine.node;
  for (const auto* key : {"resource_class", "machine", "macos", "executor"}) {
    if (const auto* written = node.get(key); written && job.runner.line == 0) job.runner.line = written->line;
  }
  add_label(machine.orb_executor, job);
  add_label(text_of(node.get("resource_class")), job);
  if (const auto* virtual_machine = node.get("machine")) {
    const auto* image = virtual_machine->get("image");
    add_label(image ? text_of(image) : "machine", job);
    if (const auto* inner = virtual_machine->get("resource_class")) add_label(text_of(inner), job);
  }
  if (const auto* macos = node.get("macos")) add_label("macos xcode " + text_of(macos->get("xcode")), job);
  auto& labels = job.runner.labels;
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

void read_images(const Node* docker, Job& job) {
  if (!docker) return;
  for (const auto& item : docker->items) {
    auto image = text_of(item.is_mapping() ? item.get("image") : &item);
    if (job.image.empty()) {
      job.image = std::move(image);
    } else {
      job.services.push_back(std::move(image));
      if (auto name = text_of(item.get("name")); !name.empty()) job.service_hosts.push_back(std::move(name));
    }
  }
}

CredentialUse use_of(CredentialUse::Kind kind, std::string name, std::string source, std::uint32_t line) {
  CredentialUse use;
  use.kind = kind;
  use.name = std::move(name);
  use.source = std::move(source);
  use.line = line;
  return use;
}

/// `aws_secret_access_key: AWS_SECRET_ACCESS_KEY`: an input of an orb that takes the name of a variable.
bool names_variable(const std::string& value) {
  return value.size() > 2 && std::all_of(value.begin(), value.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

/// Contexts, variables that look like credentials, identity tokens and roles.
void read_credentials(const Node& node, const Node* arguments, Job& job) {
  using Kind = CredentialUse::Kind;
  if (const auto* context = arguments ? arguments->get("context") : nullptr) {
    for (auto& name : context->texts())
      add_credentials(job.credentials, {use_of(Kind::service, std::move(name), "circleci-context", context->line)});
  }
  for (auto& step : job.steps) {
    if (step.run.find("CIRCLE_OIDC_TOKEN") != std::string::npos)
      step.credentials.push_back(use_of(Kind::identity, "CIRCLE_OIDC_TOKEN", "oidc", step.run_line));
    for (const auto& [input, value] : step.with) {
      const bool role = input == "role-arn" || input == "role_arn" || input == "workload_identity_pool_id";
      if (role && !value.empty()) step.credentials.push_back(use_of(Kind::identity, value, "oidc", step.line));
      if (!role && names_variable(value) && looks_like_credential(value))
        step.credentials.push_back(use_of(Kind::secret, value, "circleci-variable", step.line));
    }
  }
  VariableNames names{"circleci-variable", "CIRCLE_", {}};
  if (const auto* docker = node.get("docker"))
    add_credentials(job.credentials, named_credentials(*docker, "docker", names));
  add_named_credentials(job, std::move(names));
}

void read_own_job(const Node& written, const Node* arguments, const Values& values, const Scope& scope, Job& job) {
  std::vector<std::string> open;
  std::vector<Node> legs;
  const auto* parameters = written.get("parameters");
  if (const auto* matrix = arguments ? arguments->get("matrix") : nullptr) {
    legs = matrix_legs(*matrix);
    for_each_member(matrix->get("parameters"), [&](std::string_view name, const Node&) { open.emplace_back(name); });
  }
  // Steps are read once with the matrix left open; what they run on is looked up in every leg.
  const auto inside = inner_values(parameters, arguments, values, open);
  const auto machine = machine_of(substituted(written, inside), inside, scope);
  if (legs.empty()) {
    read_runner(machine, job);
  } else {
    for (const auto& leg : legs) {
      auto leg_values = inside;
      for (const auto& [name, value] : inner_values(parameters, &leg, values)) leg_values[name] = value;
      if (arguments)
        for (const auto& [name, value] : inside) leg_values.insert({name, value});
      read_runner(machine_of(substituted(written, leg_values), leg_values, scope), job);
    }
  }
  const Node& node = machine.node;
  job.line = written.line;
  read_images(node.get("docker"), job);
  job.env = text_map(node.get("environment"));
  job.default_shell = text_of(node.get("shell"));
  job.default_working_directory = text_of(node.get("working_directory"));
  StepSettings settings{job.default_shell, job.default_working_directory, false};
  settings.windows = std::any_of(job.runner.labels.begin(), job.runner.labels.end(), [](const std::string& label) {
    return label.find("windows") != std::string::npos || label.starts_with("circleci/windows");
  });
  job.steps = read_steps(written.get("steps"), inside, scope, settings);
  if (arguments) {
    auto before = read_steps(arguments->get("pre-steps"), values, scope, settings);
    job.steps.insert(job.steps.begin(), before.begin(), before.end());
    auto after = read_steps(arguments->get("post-steps"), values, scope, settings);
    job.steps.insert(job.steps.end(), after.begin(), after.end());
  }
  read_credentials(node, arguments, job);
}

bool is_excluded(const Node& matrix, const Node& leg) {
  const auto* excluded = matrix.get("exclude");
  if (!excluded) return false;
  return std::any_of(excluded->items.begin(), excluded->items.end(), [&](const Node& entry) {
    return !entry.members.empty() &&
           std::all_of(entry.members.begin(), entry.members.end(), [&](const document::Member& member) {
             const auto* value = leg.get(member.key.text());
             return value && text_of(value) == text_of(&member.value);
           });
  });
}

}  // namespace

std::vector<Node> matrix_legs(const Node& matrix) {
  Node empty;
  empty.kind = document::NodeKind::mapping;
  std::vector<Node> legs{empty};
  for_each_member(matrix.get("parameters"), [&](std::string_view name, const Node& values) {
    std::vector<Node> product;
    const auto add = [&](const Node& leg, const Node& value) {
      if (product.size() >= kMaxLegs) return;
      product.push_back(leg);
      Node key;
      key.kind = document::NodeKind::scalar;
      key.scalar = name;
      product.back().members.push_back({std::move(key), value});
    };
    for (const auto& leg : legs) {
      for (const auto& value : values.items) add(leg, value);
      if (!values.is_sequence()) add(leg, values);
    }
    legs = std::move(product);
  });
  std::erase_if(legs, [&](const Node& leg) { return is_excluded(matrix, leg); });
  return legs;
}

Job read_job(std::string_view id, const Node* arguments, const Values& values, const Scope& scope) {
  Job job;
  job.id = id;
  if (arguments) {
    if (const auto* matrix = arguments->get("matrix")) {
      for (const auto& leg : matrix_legs(*matrix)) {
        std::string text;
        for (const auto& member : leg.members)
          text += (text.empty() ? "" : ",") + std::string(member.key.text()) + "=" + text_of(&member.value);
        job.legs.push_back(std::move(text));
      }
      std::sort(job.legs.begin(), job.legs.end());
      job.matrix_emptied = job.legs.empty();
    }
  }
  if (const auto found = scope.find("jobs", id); found.node && found.node->is_mapping()) {
    const bool own = found.root == scope.root;
    read_own_job(*found.node, arguments, values, own ? scope : scope.inside(*found.root), job);
    return job;
  }
  if (const auto* orb = scope.published(id)) {
    job.uses = orb->name + std::string(id.substr(id.find('/')));
    job.uses_version = orb->version;
  }
  for_each_member(arguments, [&](std::string_view name, const Node& value) {
    if (std::find(kEntryKeys.begin(), kEntryKeys.end(), name) == kEntryKeys.end())
      job.with[std::string(name)] = text_of(&value);
  });
  Node nothing;
  read_credentials(nothing, arguments, job);
  for (const auto& [name, value] : job.with)
    add_credentials(job.credentials, named_credentials(value, name, job.line, {"circleci-variable", "CIRCLE_", {}}));
  return job;
}

}  // namespace tollbar::pipeline::circleci
