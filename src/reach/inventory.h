// The checks of a whole tree, and what a change does to them: a check is lost only when nothing equivalent remains
// anywhere.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reach/execution.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

class CommandLookup;

/// What makes something a check.
enum class Strength : std::uint8_t {
  weak,     ///< a vague name, or a tool that only backs others
  by_name,  ///< an action that nobody knows, in a job whose name leaves no doubt: another may do the same unseen
  strong,   ///< names that leave no doubt, or the policy
  tool,     ///< a known tool or action
};
std::string_view to_string(Strength);

struct Check {
  std::string identity;  ///< what runs: the normalised command or action with its essential arguments
  std::string tool;      ///< `pytest`, `go test`; the program for an unknown command
  std::string shown;     ///< `tool` as people know it here: the program's own name; empty where that is `tool`
  CheckKind kind = CheckKind::test;
  std::string pipeline;  ///< path of the pipeline
  std::string job;       ///< id
  std::string job_name, step_name;
  std::string context;  ///< required name it answers to, empty where none
  std::string path;     ///< where the command stands
  std::uint32_t line = 0;
  std::vector<Link> chain;
  bool enforced = true;
  std::string why;  ///< what takes its force away: `continue-on-error: true`, `|| true`, `if: false`, `--exit-zero`
  std::uint32_t why_line = 0;
  std::string why_path;
  bool left_to_callers = false;         ///< without force only because nothing but a call starts its workflow
  std::vector<std::string> narrowing;   ///< flags and conditions that leave something out
  std::vector<std::string> force;       ///< what makes its findings fail: flags, variables, inputs of an action
  std::vector<std::string> strictness;  ///< flags without which it would let more pass
  std::vector<std::string> legs;
  Strength strength = Strength::tool;
  bool known_tool = true;  ///< false: a check only by name or by policy
  bool hook = false;       ///< of a framework that a job runs: stands in for others, is compared by what reads its file
  bool hollow = false;     ///< no check any more: something named like one that runs nothing that can fail
  std::vector<pipeline::Event> events;     ///< what starts it, as far as it judges changes
  std::vector<std::string> disarmed_legs;  ///< legs in which a skip switch is set
  std::vector<std::string> arguments;      ///< essential argv after the tool's words
  std::string directory;                   ///< where it runs, relative to the root
};

/// Every check of the pipelines that judge changes, and everything named in knowledge.required_checks.
std::vector<Check> inventory(const PipelineExecution& execution, CommandLookup& commands);
std::vector<Check> inventory(const Execution& execution, const Knowledge& knowledge);

enum class CheckFate : std::uint8_t {
  removed,   ///< nothing equivalent remains
  neutered,  ///< still there, can no longer fail the change
  narrowed,  ///< judges less
  moved,     ///< same commands elsewhere
  renamed,   ///< a required name is gone although its commands stay
  added,
  restored,  ///< was without force, now has it
};
std::string_view to_string(CheckFate);

struct CheckChange {
  CheckFate fate;
  Check before;      ///< empty identity for added
  Check after;       ///< empty identity for removed
  std::string what;  ///< for people: `|| true after pytest`, `pull_request no longer starts it`
  bool required = false;
};

/// What the trees say beside their checks.
struct Surroundings {
  std::set<std::string> unreadable;  ///< pipelines that can no longer be read
  /// The change took the file or folder away with everything in it, or it was gone before, out of a folder that is
  /// there (asked of what surely `is_path` only); null: nothing is known to be gone.
  std::function<bool(const std::string& path, bool is_path)> gone;
  /// Where a lost check may still run though the tree does not show it: `the template .test of another repository`;
  /// empty where nowhere. Null: nothing is known to run unseen.
  std::function<std::string(const Check&)> unseen = nullptr;
  /// Where what a required check ran still runs with force, though no name or tool says any more that it checks. Null:
  /// nowhere.
  std::function<std::optional<Check>(const Check&)> unnamed = nullptr;
};

/// Net over the whole trees. Equal inventories give nothing. Checks of unreadable pipelines are not known to be lost,
/// and those whose subject is gone have nothing left to judge: they are narrowed.
std::vector<CheckChange> compare(const std::vector<Check>& before, const std::vector<Check>& after,
                                 const Knowledge& knowledge, const Surroundings& surroundings = {});

/// Paths of the pipelines that could not be read.
std::set<std::string> unreadable_pipelines(const Execution& execution);

}  // namespace tollbar::reach
