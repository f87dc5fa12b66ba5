// Buildkite: `.buildkite/*.yml`, every command step a job; steps after a `block` wait for a person.
#include <algorithm>
#include <array>

#include "pipeline/credentials.h"
#include "pipeline/readers/condition_logic.h"
#include "pipeline/readers/containers.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/systems.h"

namespace tollbar::pipeline::buildkite {
namespace {

using document::Node;

constexpr std::size_t kMaxJobs = 2000;
constexpr std::size_t kMaxLegs = 1024;
constexpr int kMaxGroupDepth = 8;

/// A `block` or `input` met so far: what stands behind it waits, at least where it stands under the same condition.
struct Gate {
  std::string id;
  Condition condition;
};

struct Surroundings {
  const Node* root = nullptr;
  std::vector<Gate> gates;
  std::size_t before_wait = 0;  ///< jobs that stand before the last `wait` or gate
};

const Node* any_of(const Node& node, std::initializer_list<std::string_view> keys) {
  for (const auto key : keys) {
    if (const auto* value = node.get(key)) return value;
  }
  return nullptr;
}

/// `skip`, `if` and `branches` of a step.
Condition read_condition(const Node& node) {
  Condition condition;
  if (const auto* skip = node.get("skip"); skip && !skip->is_null()) {
    const auto constant = skip->truth();
    if (constant.value_or(!text_of(skip).empty())) return {Truth::never, "skip: " + text_of(skip), skip->line};
  }
  for (const auto* key : {"if", "branches", "if_changed"}) {
    const auto* part = node.get(key);
    if (!part || part->is_null() || text_of(part).empty()) continue;
    const auto text = std::string_view(key) == "if" ? text_of(part) : std::string(key) + ": " + part->brief(kWholeText);
    condition.text += (condition.text.empty() ? "" : " && ") + text;
    if (condition.line == 0) condition.line = part->line;
    const auto constant = std::string_view(key) == "branches" && text_of(part) == "!*" ? false : part->truth();
    const bool logic = !constant && std::string_view(key) == "if";
    const auto truth = logic ? fold_logic(text) : !constant ? Truth::depends : *constant ? Truth::always : Truth::never;
    if (condition.truth != Truth::never && truth != Truth::always) condition.truth = truth;
  }
  return condition;
}

/// `soft_fail: true`, or a list of exit statuses: all of them, or the one that nearly every failing check ends with.
void read_soft_fail(const Node* node, Job& job) {
  if (!node || node->is_null()) return;
  if (const auto constant = node->truth()) {
    job.may_fail = *constant;
    return;
  }
  for (const auto& item : node->items) {
    const auto status = text_of(item.is_mapping() ? item.get("exit_status") : &item);
    if (status == "*" || status == "1") job.may_fail = true;
    if (!status.empty() && status != "0") job.may_fail_sometimes = true;
  }
}

void read_agents(const Node* agents, Job& job) {
  if (!agents) return;
  job.runner.line = agents->line;
  if (agents->is_mapping()) {
    for_each_member(agents, [&](std::string_view key, const Node& value) {
      job.runner.labels.push_back(std::string(key) + "=" + text_of(&value));
    });
  } else {
    job.runner.labels = agents->texts();
  }
  std::sort(job.runner.labels.begin(), job.runner.labels.end());
  job.runner.dynamic = std::any_of(job.runner.labels.begin(), job.runner.labels.end(),
                                   [](const std::string& label) { return label.find('$') != std::string::npos; });
}

/// `matrix`: a list of values, or lists by name under `setup`.
void read_matrix(const Node* matrix, Job& job) {
  if (!matrix || matrix->is_null()) return;
  const auto* setup = matrix->is_mapping() ? matrix->get("setup") : matrix;
  job.legs = {""};
  const auto multiply = [&](std::string_view name, const Node& values) {
    std::vector<std::string> product;
    for (const auto& leg : job.legs) {
      for (const auto& value : values.texts()) {
        const auto own = name.empty() ? value : std::string(name) + "=" + value;
        if (product.size() < kMaxLegs) product.push_back(leg.empty() ? own : leg + "," + own);
      }
    }
    job.legs = std::move(product);
  };
  if (setup && setup->is_mapping()) {
    for_each_member(setup, multiply);
  } else if (setup) {
    multiply("", *setup);
  }
  job.matrix_emptied = job.legs.empty() || job.legs == std::vector<std::string>{""};
  if (job.matrix_emptied) job.legs.clear();
}

void split_plugin(std::string_view written, Step& step) {
  const auto split = written.find('#');
  step.uses = written.substr(0, split);
  if (split != std::string_view::npos) step.uses_version = written.substr(split + 1);
}

void use(std::string name, std::string source, std::uint32_t line, CredentialUse::Kind kind, Step& step) {
  CredentialUse credential;
  credential.kind = kind;
  credential.name = std::move(name);
  credential.source = std::move(source);
  credential.line = line;
  add_credentials(step.credentials, {credential});
}

/// Agent variables that are named like credentials and set nowhere in the file.
void read_variable_credentials(std::string_view text, std::uint32_t line, const Job& job, Step& step) {
  for (const auto& name : variables_in(text)) {
    if (!looks_like_credential(name) || job.env.count(name) != 0) continue;
    use(name, "buildkite-environment", line, CredentialUse::Kind::secret, step);
  }
  for (const auto& command : step.script.commands) {
    const auto& words = command.argv;
    if (words.size() > 3 && command.program() == "buildkite-agent" && words[1].text == "secret" &&
        words[2].text == "get")
      use(words[3].text, "buildkite-secret", command.line, CredentialUse::Kind::secret, step);
  }
}

void add_plugin(std::string_view written, const Node* config, std::uint32_t line, Job& job) {
  Step step;
  step.line = line;
  split_plugin(written, step);
  if (config) {
    step.with = text_map(config);
    read_variable_credentials(config->brief(kWholeText), line, job, step);
    const auto* privileged = config->get("privileged");
    if (privileged && privileged->truth().value_or(true)) add_image(job.container_options, "--privileged");
    if (job.image.empty()) job.image = text_of(config->get("image"));
    if (const auto* role = any_of(*config, {"role", "role-arn"}); role && step.uses.find("role") != std::string::npos)
      use(text_of(role), "oidc", role->line, CredentialUse::Kind::identity, step);
  }
  job.steps.push_back(std::move(step));
}

void read_plugins(const Node* plugins, Job& job) {
  if (!plugins) return;
  const auto add_all = [&](const Node& node) {
    if (node.is_scalar()) add_plugin(node.scalar, nullptr, node.line, job);
    for (const auto& member : node.members) add_plugin(member.key.text(), &member.value, member.key.line, job);
  };
  add_all(*plugins);
  for (const auto& item : plugins->items) add_all(item);
}

/// The lines of `command` run in one shell, started with errexit.
void read_command(const Node& node, Job& job) {
  const auto* command = any_of(node, {"command", "commands", "script"});
  if (!command || command->is_null()) return;
  const auto section = read_section(*command);
  if (section.text.empty()) return;
  Step step;
  step.line = command->line;
  step.run = section.text;
  step.run_line = section.line;
  step.shell = "bash";
  step.script = document::parse_shell(section.padded, {true, false, section.line});
  read_variable_credentials(step.run, section.line, job, step);
  job.steps.push_back(std::move(step));
}

/// `docker-compose: {run: api}` without a command anywhere starts the service as it stands.
void run_services(Job& job) {
  if (std::any_of(job.steps.begin(), job.steps.end(), [](const Step& step) { return !step.run.empty(); })) return;
  for (std::size_t i = 0, plugins = job.steps.size(); i < plugins; ++i) {
    const auto& plugin = job.steps[i];
    const auto service = plugin.with.find("run");
    if (plugin.uses != "docker-compose" || service == plugin.with.end() || plugin.with.count("command") != 0) continue;
    Step step;
    step.line = plugin.line;
    step.run = "docker-compose run " + service->second;
    step.run_line = plugin.line;
    step.shell = "bash";
    step.script = document::parse_shell(step.run, {true, false, plugin.line});
    job.steps.push_back(std::move(step));
  }
}

/// `notify:` tells a service how a build or a step went.
void add_notes(const Node* notify, Job& job) {
  for (const auto& item : notify != nullptr ? notify->items : std::vector<Node>()) {
    constexpr std::array<std::string_view, 6> services{
        "slack", "email", "webhook", "pagerduty_change_event", "basecamp_campfire", "github_commit_status"};
    for (const auto service : services) {
      const auto* place = item.get(service);
      if (place == nullptr) continue;
      Step step;
      step.line = item.line;
      step.uses = "notify:" + std::string(service);
      step.is_cleanup = true;
      job.steps.push_back(std::move(step));
    }
  }
}

void read_secrets(const Node* secrets, Job& job) {
  if (!secrets) return;
  const auto add = [&](std::string name, std::string bound_to, std::uint32_t line) {
    CredentialUse credential;
    credential.name = std::move(name);
    credential.bound_to = std::move(bound_to);
    credential.source = "buildkite-secret";
    credential.line = line;
    add_credentials(job.credentials, {credential});
  };
  for (const auto& item : secrets->items) add(text_of(&item), text_of(&item), item.line);
  for (const auto& member : secrets->members)
    add(text_of(&member.value), std::string(member.key.text()), member.value.line);
}

std::string id_of(const Node& node, std::size_t number) {
  const auto* key = any_of(node, {"key", "id", "identifier", "label", "name", "block", "input", "trigger"});
  const auto text = text_of(key);
  return text.empty() ? "step-" + std::to_string(number) : text;
}

bool is_gated(const Job& job, const std::vector<Gate>& gates, bool explicit_order) {
  return std::any_of(gates.begin(), gates.end(), [&](const Gate& gate) {
    if (explicit_order) return std::find(job.needs.begin(), job.needs.end(), gate.id) != job.needs.end();
    return gate.condition.truth == Truth::always ||
           (gate.condition.truth != Truth::never && gate.condition.text == job.condition.text);
  });
}

/// What `depends_on` names, or, without it, all that stands before the last `wait`.
bool read_needs(const Node& node, const Surroundings& here, const std::vector<Job>& jobs, Job& job) {
  const auto* depends = node.get("depends_on");
  if (!depends) {
    const auto waited_for = static_cast<std::ptrdiff_t>(std::min(here.before_wait, jobs.size()));
    job.needs = needs_of_all({jobs.begin(), jobs.begin() + waited_for});
    return false;
  }
  if (depends->is_scalar()) job.needs.push_back(depends->scalar);
  for (const auto& item : depends->items) {
    auto name = text_of(item.is_mapping() ? item.get("step") : &item);
    if (!name.empty()) job.needs.push_back(std::move(name));
  }
  return true;
}

Job read_job(const Node& node, const Surroundings& here, const std::vector<Job>& jobs, const std::string& group) {
  const Node& root = *here.root;
  Job job;
  job.id = id_of(node, jobs.size() + 1);
  job.name = text_of(any_of(node, {"label", "name"}));
  job.stage = group;
  job.line = node.line;
  job.env = merged(text_map(root.get("env")), text_map(node.get("env")));
  job.condition = read_condition(node);
  job.image = text_of(node.get("image"));
  job.timeout = text_of(node.get("timeout_in_minutes"));
  job.concurrency = text_of(node.get("concurrency_group"));
  read_soft_fail(node.get("soft_fail"), job);
  const auto* agents = node.get("agents");
  read_agents(agents ? agents : root.get("agents"), job);
  read_matrix(node.get("matrix"), job);
  if (job.matrix_emptied) job.condition.truth = Truth::never;
  const bool explicit_order = read_needs(node, here, jobs, job);
  job.gated = is_gated(job, here.gates, explicit_order);
  return job;
}

void read_trigger(const Node& node, Job& job) {
  job.uses = "trigger:" + text_of(node.get("trigger"));
  if (const auto* build = node.get("build")) job.with = text_map(build);
  const auto* async = node.get("async");
  if (async && async->truth().value_or(false)) job.may_fail = true;  // nobody waits for its outcome
}

void read_steps(const Node* steps, Surroundings& here, const std::string& group, int depth, std::vector<Job>& jobs);

void read_step(const Node& node, Surroundings& here, const std::string& group, int depth, std::vector<Job>& jobs) {
  const auto kind = node.is_scalar() ? std::string_view(node.scalar) : std::string_view{};
  if (kind == "wait" || kind == "waiter" || node.get("wait")) {
    here.before_wait = jobs.size();
    return;
  }
  if (kind == "block" || kind == "input" || kind == "manual" || any_of(node, {"block", "input", "manual"})) {
    auto job = read_job(node, here, jobs, group);
    if (!kind.empty()) job.id = kind;
    job.gated = true;
    here.gates.push_back({job.id, job.condition});
    jobs.push_back(std::move(job));
    if (!node.get("depends_on")) here.before_wait = jobs.size();
    return;
  }
  if (node.get("group") && node.get("steps")) {
    const auto name = text_of(node.get("group"));
    return read_steps(node.get("steps"), here, name.empty() ? group : name, depth + 1, jobs);
  }
  if (!node.is_mapping()) return;
  auto job = read_job(node, here, jobs, group);
  if (node.get("trigger")) read_trigger(node, job);
  read_secrets(node.get("secrets"), job);
  read_plugins(node.get("plugins"), job);
  read_command(node, job);
  run_services(job);
  add_notes(node.get("notify"), job);
  for (const auto& step : job.steps) add_credentials(job.credentials, step.credentials);
  jobs.push_back(std::move(job));
}

void read_steps(const Node* steps, Surroundings& here, const std::string& group, int depth, std::vector<Job>& jobs) {
  if (!steps || depth > kMaxGroupDepth) return;
  for (const auto& item : steps->items) {
    if (jobs.size() < kMaxJobs) read_step(item, here, group, depth, jobs);
  }
}

bool is_yaml(std::string_view path) {
  return path.ends_with(".yml") || path.ends_with(".yaml");
}

}  // namespace

bool is_live(std::string_view path) {
  return is_yaml(path) && (path.starts_with(".buildkite/") || path == ".buildkite.yml" || path == "buildkite.yml");
}

std::vector<std::string> find(model::Tree& tree) {
  auto found = files_below(tree, ".buildkite", {".yml", ".yaml"}, 2);
  for (auto& file : existing_files(tree, {".buildkite.yml", "buildkite.yml"})) found.push_back(std::move(file));
  return found;
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::buildkite;
  pipeline.path = path;
  auto document = open_pipeline(pipeline, tree, documents);
  if (!document) {
    // A bare list of steps is a pipeline too.
    const auto entry = tree.find(path);
    if (!entry) return pipeline;
    document = documents.yaml(tree, *entry);
    if (document->broken() || !document->root().is_sequence()) return pipeline;
    pipeline.broken = false;
  }
  const Node& root = document->root();
  for (const auto* name : {"push", "pull_request"}) pipeline.events.push_back({name, {}, {}, 0});
  pipeline.env = text_map(root.get("env"));
  Surroundings here;
  here.root = &root;
  read_steps(root.is_sequence() ? &root : root.get("steps"), here, {}, 0, pipeline.jobs);
  Job notes;
  notes.id = "notify";
  if (const auto* notify = root.get("notify")) notes.line = notify->line;
  add_notes(root.get("notify"), notes);
  if (!notes.steps.empty()) pipeline.jobs.push_back(std::move(notes));
  number_twins(pipeline.jobs);
  return pipeline;
}

}  // namespace tollbar::pipeline::buildkite
