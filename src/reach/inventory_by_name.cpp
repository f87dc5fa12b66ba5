// What is named like a check where nothing better is known.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "document/command_identity.h"
#include "reach/check_names.h"
#include "reach/check_parts.h"
#include "reach/pipeline_inventory.h"

namespace tollbar::reach {
namespace {

/// Of one step with only a name to go by, so many commands count.
constexpr std::size_t kUnknownCommands = 8;

/// Somebody else's action, whose name does not say that it only prepares or reports.
bool may_judge(const Knowledge& knowledge, const ExecutedAction& action) {
  const std::string_view uses = action.uses;
  if (uses.starts_with("actions/") || uses.starts_with("./") || uses.find('/') == std::string_view::npos) return false;
  return !knowledge.may_prepare(uses.substr(uses.find('/') + 1)) && !knowledge.check_action(uses);
}

}  // namespace

bool Inventory::named(const ExecutedStep& step, const ExecutedCommand& executed) {
  if (judges_results(step)) return true;
  if (prepares(knowledge_, step, executed)) return false;
  return place_strength(commands_, step, executed) != NameStrength::none || names_job(step);
}

bool Inventory::names_job(const ExecutedStep& step) {
  if (jobs_with_known_.count(step.context) != 0) return false;
  return job_strength(commands_, step) != NameStrength::none;
}

/// `build job: 'mill-tests'` of Jenkins: a job that stands elsewhere and leaves no doubt by its name; empty for all
/// else.
std::string Inventory::started_check(const ExecutedStep& step) {
  if (step.step == nullptr || step.pipeline->system != pipeline::System::jenkins || step.step->uses != "build")
    return {};
  for (const auto* input : {"job", "0"})
    if (const auto job = step.step->with.find(input); job != step.step->with.end())
      return commands_.name_strength(job->second) == NameStrength::strong ? job->second : std::string();
  return {};
}

bool Inventory::tests_by_name(const ExecutedStep& step) {
  const auto system = step.pipeline->system;
  return system != pipeline::System::travis && system != pipeline::System::appveyor &&
         job_strength(commands_, step) == NameStrength::strong;
}

void Inventory::promote_by_job() {
  std::map<std::string_view, Check*> last;
  for (const auto& step : execution_.steps)
    if (jobs_with_known_.count(step.context) == 0 && tests_by_name(step)) last.emplace(step.job->id, nullptr);
  for (auto& check : checks_) {
    const auto found = last.find(check.job);
    if (found != last.end() && !check.known_tool && !check.hollow) found->second = &check;
  }
  for (const auto& [job, check] : last)
    if (check != nullptr) check->strength = Strength::strong;
}

void Inventory::add_unknown_actions() {
  if (execution_.pipeline->system != pipeline::System::github) return;
  const auto may_be_it = [&](const ExecutedCommand& executed) {
    return document::can_fail(*executed.command) && !commands_.is_setup(executed);
  };
  std::set<std::string> judged;
  for (const auto& check : checks_) judged.insert(check.job);
  for (const auto& step : execution_.steps)
    if (std::any_of(step.commands.begin(), step.commands.end(), may_be_it)) judged.insert(step.job->id);
  std::map<std::string_view, std::pair<const ExecutedStep*, const ExecutedAction*>> last;
  for (const auto& step : execution_.steps) {
    if (step.step == nullptr || judged.count(step.job->id) != 0 || !tests_by_name(step)) continue;
    for (const auto& action : step.actions)
      if (may_judge(knowledge_, action)) last[step.job->id] = {&step, &action};
  }
  for (const auto& [job, found] : last) {
    Check check = action_check(*found.first, *found.second, {});
    check.known_tool = false;
    check.strength = Strength::by_name;
    checks_.push_back(std::move(check));
  }
}

bool Inventory::clearly_tests(const ExecutedStep& step, const ExecutedCommand& executed) {
  if (executed.chain.empty() || jobs_with_known_.count(step.context) != 0) return false;
  return strength_by_name(commands_, step, executed) == Strength::strong ||
         (job_strength(commands_, step) == NameStrength::strong && !prepares(knowledge_, step, executed));
}

void Inventory::add_by_name(const ExecutedStep& step, const std::string& required) {
  if (required.empty() && step.step != nullptr && step.step->is_cleanup) return;  // the verdict is given
  if (add_by_name(step, required, Unknown::of_step) == 0) add_by_name(step, required, Unknown::of_script);
}

std::size_t Inventory::add_by_name(const ExecutedStep& step, const std::string& required, Unknown unknown) {
  std::size_t added = 0;
  bool any_named = false, any_command = false, any_failing = false;
  for (std::size_t i = 0; i < step.commands.size() && added < kUnknownCommands; ++i) {
    const ExecutedCommand& executed = step.commands[i];
    const bool is_call =
        executed.followed || executed.command->context.shadowed || only_calls_a_shell(commands_.words(executed));
    if (executed.command->argv.empty() || executed.command->context.in_substitution) continue;
    const auto& words = commands_.words(executed);
    const bool is_unknown = !words.empty() && words.front().find_first_of("$`") != std::string::npos;
    const bool is_clear =
        unknown == Unknown::of_script
            ? clearly_tests(step, executed)
            : executed.chain.empty() && strength_by_name(commands_, step, executed) == Strength::strong;
    const bool is_named = !required.empty() || (is_unknown ? is_clear : named(step, executed));
    any_named |= is_named;
    any_command = true;
    any_failing |= !is_call && document::can_fail(*executed.command);
    const bool prepares_only = commands_.is_setup(executed) && !judges_results(step);
    if (!is_named || is_call || prepares_only || !document::can_fail(*executed.command)) continue;
    if (commands_.has_effect(executed) && required.empty()) continue;
    if (commands_.words(executed).empty()) continue;
    add_command(step, i, nullptr, required);
    if (unknown == Unknown::of_script && is_unknown) checks_.back().strength = Strength::strong;
    ++added;
  }
  if (unknown == Unknown::of_script) return added;
  if (added == 0) added += add_foreign(step, required);
  const bool hollow = any_named && any_command && !any_failing && !step.commands.back().followed;
  if (added == 0 && !required.empty() && !hollow) added += add_own_commands(step, required);
  if (added > 0 || !hollow || !step.step || step.step->run.empty()) return added;
  add_hollow(step, required);
  return 1;
}

std::size_t Inventory::add_own_commands(const ExecutedStep& step, const std::string& required) {
  std::size_t added = 0;
  for (std::size_t i = 0; i < step.commands.size(); ++i) {
    const ExecutedCommand& executed = step.commands[i];
    if (!executed.chain.empty() || executed.command->argv.empty() || executed.command->context.in_substitution)
      continue;
    if (!document::can_fail(*executed.command)) continue;
    add_command(step, i, nullptr, required);
    ++added;
  }
  return added;
}

std::size_t Inventory::add_foreign(const ExecutedStep& step, const std::string& required) {
  if (const auto job = started_check(step); !job.empty() && step.actions.size() == 1) {
    Check check = action_check(step, *step.actions.begin(), required);
    check.identity += " " + job;
    check.tool = check.shown = job;
    check.known_tool = false;
    check.strength = Strength::strong;
    checks_.push_back(std::move(check));
    return 1;
  }
  const bool foreign_job =
      !step.step && (knowledge_.names_a_check(step.job->id) || knowledge_.names_a_check(step.job->name) ||
                     knowledge_.names_a_check(step.job->uses.substr(step.job->uses.rfind('/') + 1)));
  if (!foreign_job && required.empty()) return 0;
  std::size_t added = 0;
  for (const auto& action : step.actions) {
    if (action.uses.starts_with("actions/") || action.uses.starts_with("./")) continue;
    Check check = action_check(step, action, required);
    check.known_tool = false;
    check.strength = required.empty() ? Strength::weak : Strength::strong;
    checks_.push_back(std::move(check));
    ++added;
  }
  return added;
}

void Inventory::add_hollow(const ExecutedStep& step, const std::string& required) {
  Check check = check_of(step, required);
  const ExecutedCommand& last = step.commands.back();
  check.identity = commands_.identity(last);
  check.tool = std::string(last.command->program());
  check.path = last.path;
  check.line = last.line;
  check.known_tool = false;
  check.strength = Strength::weak;
  check.hollow = true;
  check.chain.insert(check.chain.end(), last.chain.begin(), last.chain.end());
  weaken(check, "it only runs `" + brief(last.command->text()) + "`", last.path, last.line);
  checks_.push_back(std::move(check));
}

}  // namespace tollbar::reach
