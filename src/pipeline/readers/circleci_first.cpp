// The commands of each phase in the order in which CircleCI 1.0 ran them; every one is a step with a shell of its own.
#include "pipeline/readers/circleci_first.h"

#include <array>
#include <string>

#include "pipeline/credentials.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/job_scope.h"
#include "pipeline/readers/script_shell.h"

namespace tollbar::pipeline::circleci {
namespace {

using document::Node;

constexpr std::array<std::string_view, 6> kPhases{"machine", "checkout", "dependencies", "database", "compile", "test"};

StringMap environment_of(const Node& options) {
  return text_map(options.get("environment"));
}

/// A command, alone or as the key of its options: `{./ci.sh: {timeout: 600, pwd: sub}}`.
Step read_step(const Node& written) {
  const bool bare = written.is_scalar() || written.members.empty();
  const Node& command = bare ? written : written.members.front().key;
  Step step;
  step.line = command.line;
  give_script(command, {"bash", true, false}, step);
  if (bare) return step;
  const Node& options = written.members.front().value;
  step.env = environment_of(options);
  step.timeout = text_of(options.get("timeout"));
  step.working_directory = normalise_directory(text_of(options.get("pwd")));
  if (const auto* background = options.get("background")) step.may_fail = background->truth().value_or(false);
  return step;
}

void add_steps(const Node* commands, std::string_view name, Job& job) {
  if (!commands) return;
  const auto add = [&](const Node& command) {
    job.steps.push_back(read_step(command));
    job.steps.back().name = name;
  };
  if (commands->is_scalar()) add(*commands);
  for (const auto& command : commands->items) add(command);
}

void add_credentials_by_name(Job& job) {
  VariableNames names{"circleci-variable", "CIRCLE_", {}};
  for (const auto& [name, value] : job.env) names.defined.insert(name);
  add_named_credentials(job, std::move(names));
}

Job read_build(const Node& root) {
  Job job;
  job.id = "build";
  job.line = root.line;
  if (const auto* machine = root.get("machine")) {
    job.line = machine->line;
    job.env = environment_of(*machine);
    for (const auto& service : texts_of(machine->get("services"))) job.services.push_back(service);
  }
  if (const auto* directory = root.get({"general", "build_dir"}))
    job.default_working_directory = normalise_directory(text_of(directory));
  for (const auto phase : kPhases) {
    const auto* commands = root.get(phase);
    for (const std::string_view part : {"pre", "override", "post"}) {
      if (commands) add_steps(commands->get(part), std::string(phase) + " " + std::string(part), job);
    }
  }
  for (auto& step : job.steps)
    step.working_directory = join_path(job.default_working_directory, step.working_directory);
  Event push;
  push.name = "push";
  push.line = job.line;
  if (const auto* branches = root.get({"general", "branches"})) {
    push.line = branches->line;
    if (const auto only = texts_of(branches->get("only")); !only.empty()) push.filters["branches"] = only;
    if (const auto ignored = texts_of(branches->get("ignore")); !ignored.empty())
      push.filters["branches-ignore"] = ignored;
  }
  job.events = {push};
  return job;
}

/// `{branch: master, owner: x, commands: [...]}` or `{tag: /v.*/, commands: [...]}`
Job read_deployment(std::string_view name, const Node& node, const Job& build) {
  Job job;
  job.id = name;
  job.line = node.line;
  job.stage = "deployment";
  job.environment = name;
  job.env = build.env;
  job.needs = {build.id};
  for (const auto& [key, event_name, filter] :
       {std::array<std::string_view, 3>{"branch", "push", "branches"}, {"tag", "tag", "tags"}}) {
    const auto* names = node.get(key);
    if (!names) continue;
    Event event;
    event.name = event_name;
    event.line = names->line;
    event.filters[std::string(filter)] = texts_of(names);
    job.events.push_back(std::move(event));
  }
  if (const auto* owner = node.get("owner")) job.condition = {Truth::depends, "owner: " + text_of(owner), owner->line};
  add_steps(node.get("commands"), "deployment", job);
  return job;
}

}  // namespace

std::vector<Job> read_first_jobs(const Node& root) {
  std::vector<Job> jobs{read_build(root)};
  for_each_member(root.get("deployment"), [&](std::string_view name, const Node& node) {
    if (node.is_mapping()) jobs.push_back(read_deployment(name, node, jobs.front()));
  });
  for (auto& job : jobs) add_credentials_by_name(job);
  return jobs;
}

}  // namespace tollbar::pipeline::circleci
