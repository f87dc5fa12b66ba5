// Names are the weakest evidence: they count where no tool is known.
#include "reach/check_names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string_view>

#include "reach/word_glob.h"

namespace tollbar::reach {
namespace {

bool mentions(const std::set<std::string>& names, const std::string& name) {
  return !name.empty() && names.count(name) != 0;
}

}  // namespace

std::string required_name(const ExecutedStep& step, const Knowledge& knowledge) {
  const auto& names = knowledge.required_checks;
  for (const std::string& name : {step.context, step.job->id, step.job->name}) {
    if (mentions(names, name)) return name;
  }
  if (step.step && mentions(names, step.step->name)) return step.step->name;
  if (step.step && mentions(names, step.step->id)) return step.step->id;
  // A job with a matrix reports `name (leg)`; the policy may name one of those.
  for (const auto& name : names) {
    if (!step.job->legs.empty() && name.starts_with(step.context + " (")) return name;
  }
  return {};
}

namespace {

/// `make check` and `npm run verify:i18n` say plainly what they are for, unlike a step called `Check for changes`.
bool is_plain_target(std::string_view part) {
  const auto name = part.substr(0, part.find(':'));
  return name == "check" || name == "verify" || name == "check-all" || name == "checkall";
}

/// Of a script that is merely called `run` its folder says what for: `tests/run.sh`.
std::string_view told_by(std::string_view path) {
  const auto slash = path.rfind('/');
  const auto name = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
  const auto stem = name.substr(0, name.find('.'));
  if (slash == std::string_view::npos || (stem != "run" && stem != "runner" && stem != "run-all" && stem != "run_all"))
    return name;
  const auto folder = path.substr(0, slash);
  return folder.substr(folder.rfind('/') + 1);
}

/// What the command itself says, and the scripts and targets by which the step comes to it.
NameStrength strength_on_the_way(CommandLookup& commands, const ExecutedCommand& executed) {
  auto strength = std::max(commands.own_strength(executed), commands.name_strength(executed.part));
  const auto take = [&](std::string_view name) { strength = std::max(strength, commands.name_strength(name)); };
  for (const Link& link : executed.chain) {
    take(link.part);
    take(told_by(link.path));
    if (is_plain_target(link.part)) strength = NameStrength::strong;
  }
  return strength;
}

}  // namespace

NameStrength place_strength(CommandLookup& commands, const ExecutedStep& step, const ExecutedCommand& executed) {
  NameStrength strength = strength_on_the_way(commands, executed);
  if (!step.step) return strength;
  strength = std::max(strength, commands.name_strength(step.step->name));
  return std::max(strength, commands.name_strength(step.step->id));
}

NameStrength job_strength(CommandLookup& commands, const ExecutedStep& step) {
  return std::max(commands.name_strength(step.job->id), commands.name_strength(step.job->name));
}

bool prepares(const Knowledge& knowledge, const ExecutedStep& step, const ExecutedCommand& executed) {
  constexpr std::array<std::string_view, 5> kLifecycle{"preinstall", "install", "postinstall", "prepare",
                                                       "postprepare"};
  return (step.step && knowledge.names_preparation(step.step->name)) ||
         std::any_of(executed.chain.begin(), executed.chain.end(), [&](const Link& link) {
           return std::find(kLifecycle.begin(), kLifecycle.end(), link.part) != kLifecycle.end();
         });
}

bool judges_results(const ExecutedStep& step) {
  if (!step.step || step.job->needs.empty()) return false;
  const auto reads = [](const std::string& text) {
    return text.find("needs.") != std::string::npos ? text.find(".result") != std::string::npos
                                                    : folded(text).find("tojson(needs)") != std::string::npos;
  };
  const auto& env = step.step->env;
  const bool looks = reads(step.step->run) || reads(step.step->condition.text) ||
                     std::any_of(env.begin(), env.end(), [&](const auto& entry) { return reads(entry.second); });
  return looks && std::any_of(step.commands.begin(), step.commands.end(), [](const ExecutedCommand& executed) {
           const auto& argv = executed.command->argv;
           const auto program = executed.command->program();
           return program == "false" || program == "jq" ||
                  (program == "exit" && argv.size() > 1 && argv[1].text != "0");
         });
}

Strength strength_by_name(CommandLookup& commands, const ExecutedStep& step, const ExecutedCommand& executed) {
  if (judges_results(step)) return Strength::strong;
  if (place_strength(commands, step, executed) != NameStrength::strong) return Strength::weak;
  // The name of a step says what its own call is for, not what every command of a long script behind it does.
  if (!executed.chain.empty() && strength_on_the_way(commands, executed) != NameStrength::strong) return Strength::weak;
  if (step.step && commands.name_strength(step.step->name) == NameStrength::weak) return Strength::weak;
  const std::string step_name = step.step ? folded(step.step->name) : std::string();
  // A step without a name says by its own call what it is for: `npm test`, `ci/test-cli.sh`.
  const auto says_so = [&](const Link& link) {
    return is_plain_target(link.part) || commands.name_strength(link.part) == NameStrength::strong ||
           (link.part.empty() && commands.name_strength(told_by(link.path)) == NameStrength::strong);
  };
  const bool called_so = step_name.empty() && !executed.chain.empty() && says_so(executed.chain.front());
  if (called_so) return Strength::strong;
  const bool runs = step_name.starts_with("run ") || step_name.starts_with("execute ") ||
                    step_name.starts_with("test") || step_name.starts_with("lint") || step_name.starts_with("fail ");
  return runs || job_strength(commands, step) != NameStrength::none ? Strength::strong : Strength::weak;
}

}  // namespace tollbar::reach
