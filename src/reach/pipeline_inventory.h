// The checks of one pipeline, step by step. Internal to src/reach.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reach/command_lookup.h"
#include "reach/execution.h"
#include "reach/inventory.h"
#include "reach/knowledge.h"
#include "reach/legs.h"

namespace tollbar::reach {

class Inventory {
 public:
  Inventory(const PipelineExecution& execution, CommandLookup& commands)
      : execution_(execution), knowledge_(commands.knowledge()), commands_(commands) {}
  std::vector<Check> take();

 private:
  const CheckTool* tool_of(const ExecutedCommand& executed);
  /// Templates of the platform that bring scanners: `Jobs/Secret-Detection.gitlab-ci.yml`.
  void add_includes(const pipeline::Pipeline& pipeline);
  /// The job that a template brings, with what the pipeline says about it; null where it is not known.
  static const pipeline::Job* job_of(const std::string& include, const pipeline::Pipeline& pipeline);
  /// Its name leaves no doubt. Travis and AppVeyor give their jobs none: the readers call them by what they are for.
  bool tests_by_name(const ExecutedStep& step);
  /// Its tools say what the job is for. What merely builds does not where the name of the job says that it tests.
  bool has_known(const ExecutedStep& step);
  /// Of a job whose name leaves no doubt and that runs no tool which is known, the last command is what it is for.
  void promote_by_job();
  /// Of a job whose name leaves no doubt, and in which nothing else is a check nor a command that might be what it is
  /// for, the last foreign action is that. Only GitHub names actions by whose they are; elsewhere as much may be a step
  /// of the platform.
  void add_unknown_actions();
  void add(const ExecutedStep& step);
  /// Among the checks from `first` on, one of the kind holds a change back. What is built or linted beside a script
  /// that nobody knows leaves the action that runs both what it was.
  bool judges_as(CheckKind kind, std::size_t first) const;
  /// Formatters that rewrite where the job then fails on what changed. They may only tidy what another command
  /// generated: alone they say little.
  void add_rewriting();
  /// Of a script in a shell that is not read (`pwsh`, `cmd`): calls of known tools at the start of a line.
  bool add_lines(const ExecutedStep& step, const std::string& required);
  const Legs& legs_of(const pipeline::Job& job);
  void add_command(const ExecutedStep& step, std::size_t index, const CheckTool* tool, const std::string& required);
  /// What it finds stands in a file in which another step of its job looks for it.
  static bool is_read_later(const ExecutedStep& step, std::size_t index);
  /// A compiler that judges on the way, as a step of a build whose output the job delivers: what nobody calls a check
  /// is no check of its own there.
  bool builds(const ExecutedStep& step, const ExecutedCommand& executed, const CheckTool& tool,
              const std::vector<std::string>& words);
  bool add_action(const ExecutedStep& step, const ExecutedAction& action, const std::string& required);
  void add_hook(const ExecutedStep& step, const ExecutedHook& hook, const std::string& required);
  Check action_check(const ExecutedStep& step, const ExecutedAction& action, const std::string& required) const;
  bool named(const ExecutedStep& step, const ExecutedCommand& executed);
  bool names_job(const ExecutedStep& step);
  /// What a variable holds is judged by no name but the step's own, and one that leaves no doubt; by that of the script
  /// that holds it (`tests/run.sh`) where the step has no other check.
  enum class Unknown : std::uint8_t { of_step, of_script };
  /// In a script that the step calls: the names of both leave no doubt.
  bool clearly_tests(const ExecutedStep& step, const ExecutedCommand& executed);
  void add_by_name(const ExecutedStep& step, const std::string& required);
  std::size_t add_by_name(const ExecutedStep& step, const std::string& required, Unknown unknown);
  /// Under a required name whatever the step itself calls is the check, even where nothing in it looks like one.
  std::size_t add_own_commands(const ExecutedStep& step, const std::string& required);
  std::string started_check(const ExecutedStep& step);
  /// A foreign workflow or job, or under a required name any action: what it does cannot be seen.
  std::size_t add_foreign(const ExecutedStep& step, const std::string& required);
  void add_hollow(const ExecutedStep& step, const std::string& required);

  const PipelineExecution& execution_;
  const Knowledge& knowledge_;
  CommandLookup& commands_;
  std::map<const pipeline::Job*, Legs> legs_;
  std::set<std::string> jobs_with_known_;
  std::optional<std::set<const pipeline::Job*>> delivering_;  // once somebody asked
  std::vector<Check> checks_;
};

}  // namespace tollbar::reach
