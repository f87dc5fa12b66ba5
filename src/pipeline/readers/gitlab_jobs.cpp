// Jobs of GitLab pipelines: script sections as steps, runner, image, credentials.
#include <algorithm>
#include <array>
#include <set>

#include "pipeline/credentials.h"
#include "pipeline/readers/gitlab.h"
#include "pipeline/readers/script_shell.h"
#include "text/pattern.h"
#include "util/shell_word.h"

namespace tollbar::pipeline::gitlab {
namespace {

using document::Node;

/// The line on which a script always ends, with success; 0 where what follows it in the same shell is reached.
std::uint32_t good_end(const std::string& script, const document::ShellOptions& options) {
  if (script.find("exit") == std::string::npos) return 0;
  const auto followed = document::parse_shell(script + "\n:\n", options);
  if (followed.commands.empty() || !followed.commands.back().context.unreachable) return 0;
  const auto end =
      std::find_if(followed.commands.begin(), followed.commands.end(), [](const document::Command& command) {
        return command.program() == "exit" && !command.context.conditional && !command.context.unreachable;
      });
  const bool good = end != followed.commands.end() && (end->argv.size() == 1 || end->argv[1].text == "0");
  return good ? end->line : 0;
}

/// The traps that a section leaves to the next one in its shell, on one line.
std::string traps_of(const document::Script& script) {
  std::string result;
  for (const auto& command : script.commands) {
    if (command.program() != "trap" || command.context.in_substitution) continue;
    for (const auto& word : command.argv)
      result += (result.empty() || result.ends_with("; ") ? "" : " ") + util::shell_quoted(word.text);
    result += "; ";
  }
  return result;
}

/// A section of PowerShell: GitLab leaves the shell to the runner, so what the job says about where it runs and words
/// that no other shell has must agree.
bool is_powershell(std::string_view script, const Job& job) {
  static const text::Pattern windows(R"((?i)windows|nanoserver|servercore)");
  static const text::Pattern words(
      R"((?m)(?:^|[|;={(])[ \t]*(?:Add|Copy|ConvertTo|Expand|ForEach|Get|Import|Install|Invoke|Join|Move|New|Out|Remove|Select|Set|Start|Stop|Test|Where|Write)-[A-Z]\w+|\$(?:env|global):\w|\$LASTEXITCODE\b)");
  const auto& labels = job.runner.labels;
  const bool runs_there =
      std::any_of(labels.begin(), labels.end(), [](const auto& one) { return windows.matches(one); });
  return runs_there && words.matches(script);
}

/// `before_script` and `script` share one shell: `set +e` in the first holds in the second, and so does a trap.
void add_section(const Node* node, std::string_view name, bool& errexit, Job& job) {
  if (!node || node->is_null()) return;
  const auto section = read_section(*node);
  Step step;
  step.name = name;
  step.line = node->line;
  step.run = section.text;
  step.run_line = section.line;
  step.shell = "bash";
  step.is_cleanup = name == "after_script";
  if (is_powershell(section.text, job)) {
    step.shell = "pwsh";
    step.script = read_plain_powershell(section.text, section.line);
    job.steps.push_back(std::move(step));
    return;
  }
  const bool goes_on = !step.is_cleanup && !job.steps.empty();
  const auto traps = goes_on ? traps_of(job.steps.front().script) : std::string();
  step.script = document::parse_shell(traps + section.padded, {errexit, true, section.line});
  if (!step.is_cleanup && switches_errexit_off(step.script)) errexit = false;
  if (goes_on) {
    const auto& before = job.steps.front();
    if (const auto line = good_end(before.run, {true, true, before.run_line}); line != 0)
      step.condition = {Truth::never, "exit in before_script", line};
  }
  job.steps.push_back(std::move(step));
}

/// The steps of `run:`: each a script or a reference.
void add_run(const Node* run, Job& job) {
  if (!run) return;
  for (const auto& item : run->items) {
    Step step;
    step.name = text_of(item.get("name"));
    step.line = item.line;
    step.env = text_map(item.get("env"));
    if (const auto* reference = item.get("step")) step.uses = text_of(reference);
    step.with = text_map(item.get("inputs"));
    if (const auto* script = item.get("script")) {
      step.run = text_of(script);
      step.run_line = script_line(*script);
      step.shell = "bash";
      step.script = document::parse_shell(step.run, {true, true, step.run_line});
    }
    job.steps.push_back(std::move(step));
  }
}

/// What the platform does with the results of a job's script: `release:` makes a release, `pages` publishes `public/`.
void add_results(const Node& node, Job& job) {
  const auto add = [&](std::string_view kind, std::uint32_t line, StringMap with) {
    Step step;
    step.line = line;
    step.name = kind;
    step.uses = "gitlab:" + std::string(kind);
    step.with = std::move(with);
    job.steps.push_back(std::move(step));
  };
  const auto* release = node.get("release");
  if (release && release->is_mapping()) add("release", release->line, text_map(release));
  const auto* pages = node.get("pages");
  const bool switched_on = pages ? pages->truth().value_or(pages->is_mapping()) : job.id == "pages";
  if (switched_on) add("pages", pages ? pages->line : node.line, {});
}

/// Whether `inherit: KIND` lets a global keyword or variable through.
bool inherits(const Node& job, std::string_view kind, std::string_view name) {
  const auto* choice = job.get({"inherit", kind});
  if (!choice) return true;
  if (const auto all = choice->truth()) return *all;
  const auto names = choice->texts();
  return std::find(names.begin(), names.end(), name) != names.end();
}

Node with_defaults(const Node& job, const Node& defaults) {
  Node result = job;
  for (const auto& member : defaults.members) {
    if (!job.get(member.key.text()) && inherits(job, "default", member.key.text())) result.members.push_back(member);
  }
  return result;
}

std::string image_of(const Node& node) {
  return text_of(node.is_mapping() ? node.get("name") : &node);
}

void read_environment(const Node* environment, Job& job) {
  if (!environment) return;
  job.environment = text_of(environment->is_mapping() ? environment->get("name") : environment);
  job.environment_url = text_of(environment->get("url"));
}

void read_needs(const Node& node, Job& job) {
  if (const auto* needs = node.get("needs")) {
    for (const auto& item : needs->items) {
      const auto* name = item.is_mapping() ? item.get("job") : &item;
      if (name && !name->text().empty() && !item.get("project")) job.needs.emplace_back(name->text());
    }
    if (needs->is_scalar()) job.needs.push_back(needs->scalar);
  }
  job.artifacts_from = texts_of(node.get("dependencies"));
}

void read_runner(const Node* tags, Job& job) {
  if (!tags) return;
  auto labels = tags->texts();
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  job.runner.dynamic = std::any_of(labels.begin(), labels.end(),
                                   [](const std::string& label) { return label.find('$') != std::string::npos; });
  job.runner.labels = std::move(labels);
  job.runner.line = tags->line;
}

/// A child or downstream pipeline.
void read_trigger(const Node* trigger, Job& job) {
  if (!trigger) return;
  if (trigger->is_scalar()) {
    job.uses = trigger->scalar;
    return;
  }
  job.uses = text_of(trigger->get("project"));
  job.uses_version = text_of(trigger->get("branch"));
  const auto* include = trigger->get("include");
  if (!include) return;
  const auto& first = include->is_sequence() && !include->items.empty() ? include->items.front() : *include;
  for (const auto* kind : {"local", "template", "artifact", "file"}) {
    if (const auto* value = first.get(kind)) job.uses = std::string(kind) + ":" + text_of(value);
  }
  if (first.is_scalar()) job.uses = "local:" + first.scalar;
  // Without it a child pipeline runs beside its parent, which takes no notice of how it ends.
  if (const auto* strategy = trigger->get("strategy")) job.with["strategy"] = text_of(strategy);
}

/// Each entry of `parallel: matrix` is a product of its lists.
void read_matrix(const Node* matrix, Job& job) {
  if (!matrix || matrix->is_null()) return;
  constexpr std::size_t kMaxLegs = 1024;  // GitLab stops at 200
  for (const auto& entry : matrix->items) {
    std::vector<std::vector<std::string>> combinations{{}};
    for_each_member(&entry, [&](std::string_view name, const Node& values) {
      std::vector<std::vector<std::string>> product;
      for (const auto& combination : combinations) {
        for (const auto& value : values.texts()) {
          if (product.size() >= kMaxLegs) break;
          product.push_back(combination);
          product.back().push_back(std::string(name) + "=" + value);
        }
      }
      combinations = std::move(product);
    });
    for (auto& combination : combinations) {
      std::sort(combination.begin(), combination.end());
      std::string leg;
      for (const auto& part : combination) leg += (leg.empty() ? "" : ",") + part;
      if (job.legs.size() < kMaxLegs) job.legs.push_back(std::move(leg));
    }
  }
  job.matrix_emptied = job.legs.empty();
}

/// Names that are defined for a job besides its variables.
std::set<std::string> defined_names(const Node& node, const Job& job) {
  std::set<std::string> names;
  for (const auto& [name, value] : job.env) names.insert(name);
  if (const auto* matrix = node.get({"parallel", "matrix"})) {
    for (const auto& entry : matrix->items) {
      for (const auto& member : entry.members) names.emplace(member.key.text());
    }
  }
  for (const auto* key : {"secrets", "id_tokens"}) {
    if (const auto* group = node.get(key)) {
      for (const auto& member : group->members) names.emplace(member.key.text());
    }
  }
  if (const auto* rules = node.get("rules")) {
    for (const auto& rule : rules->items) {
      if (const auto* variables = rule.get("variables")) {
        for (const auto& member : variables->members) names.emplace(member.key.text());
      }
    }
  }
  return names;
}

}  // namespace

StringMap read_variables(const Node* node) {
  StringMap variables;
  for_each_member(node, [&](std::string_view name, const Node& value) {
    variables[std::string(name)] = text_of(value.is_mapping() ? value.get("value") : &value);
  });
  return variables;
}

Job read_job(std::string_view id, const Node& written, const Shared& shared) {
  Job job;
  job.id = id;
  job.hidden = id.starts_with('.');
  job.line = written.line;
  const Node node = with_defaults(written, shared.defaults);
  for (const auto& [name, value] : shared.variables) {
    if (inherits(written, "variables", name)) job.env[name] = value;
  }
  job.env = merged(std::move(job.env), read_variables(written.get("variables")));
  job.stage = text_of(node.get("stage"));
  if (job.stage.empty()) job.stage = "test";
  if (const auto* image = node.get("image")) job.image = image_of(*image);
  if (const auto* services = node.get("services")) {
    for (const auto& service : services->items) {
      job.services.push_back(image_of(service));
      if (auto alias = text_of(service.get("alias")); !alias.empty()) job.service_hosts.push_back(std::move(alias));
    }
  }
  read_runner(node.get("tags"), job);
  read_environment(node.get("environment"), job);
  read_needs(node, job);
  read_trigger(node.get("trigger"), job);
  read_matrix(node.get({"parallel", "matrix"}), job);
  job.concurrency = text_of(node.get("resource_group"));
  job.timeout = text_of(node.get("timeout"));

  auto schedule = read_schedule(written, shared.workflow_rules, job.env);
  job.condition = std::move(schedule.condition);
  job.events = std::move(schedule.events);
  job.gated = schedule.gated;
  job.may_fail = schedule.may_fail;
  job.may_fail_sometimes = schedule.may_fail_sometimes;
  if (job.matrix_emptied) job.condition.truth = Truth::never;

  bool errexit = true;
  add_section(node.get("before_script"), "before_script", errexit, job);
  add_section(node.get("script"), "script", errexit, job);
  add_run(node.get("run"), job);
  add_results(node, job);
  bool own_shell = true;
  add_section(node.get("after_script"), "after_script", own_shell, job);
  read_credentials(node, defined_names(node, job), job);
  return job;
}

}  // namespace tollbar::pipeline::gitlab
