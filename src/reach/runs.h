// What was followed once, kept for whatever would be followed alike: scripts that are entered, and whole steps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "document/shell.h"
#include "reach/execution.h"
#include "reach/kept_runs.h"
#include "reach/legs.h"
#include "reach/visited.h"

namespace tollbar::reach {

/// What later steps of a job have from earlier ones.
struct JobState {
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> copies;   ///< what a file became -> its path in the tree
  std::map<std::string, std::string> aliases;  ///< of the job's shells: name -> words
};

/// What decided something that was followed, beside its key, and what it left to the job.
struct Run {
  std::shared_ptr<const document::Script> script;  ///< that was entered, alive, so that its address is nobody else's
  Legs::Asked asked;                               ///< of the legs of the job
  std::string said;                                ///< by them to that
  Dependence dependence;
  JobState left;
  std::size_t counted = 0;  ///< commands that it took of the budget
  std::vector<std::string> problems;
};

inline const Dependence& dependence_of(const Run& run) {
  return run.dependence;
}

/// What a script added to the step that entered it, with all that it enters itself.
struct ScriptRun : Run {
  std::vector<ExecutedCommand> commands;
  std::vector<FollowedFile> files;
  std::vector<ExecutedHook> hooks;
  std::vector<UnknownCall> unknown;
  Visited::Asked visited;  ///< of what the step had entered before
};

inline std::size_t commands_of(const ScriptRun& run) {
  return run.commands.size();
}

/// All that a step ran.
struct StepRun : Run, StepItems {
  std::uint32_t line = 0, run_line = 0;  ///< of the step
  std::vector<std::string> paths;        ///< that its job had put into PATH after it
  std::set<std::string> stubs;           ///< programs that its job had made to succeed always
};

inline std::size_t commands_of(const StepRun& run) {
  return run.commands.size();
}

/// Not thread-safe; one per thread, beside a ScriptCache. A key names everything that decides a run but the tree, the
/// lines and the script of a step, what it entered before a script, and the legs of the job.
struct Runs {
  KeptRuns<ScriptRun> scripts{{4, 2'000, 200'000}};  // what one enters is in the runs of both
  KeptRuns<StepRun> steps{{32, 2'000, 100'000}};     // steps of one text stand on many lines
};

}  // namespace tollbar::reach
