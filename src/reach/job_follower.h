// What the steps of a job run: taken over where the job stands as it stood, else found and kept for other trees.
// Internal to src/reach.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reach/command_lookup.h"
#include "reach/configured.h"
#include "reach/execution.h"
#include "reach/follower.h"
#include "reach/obeyed.h"

namespace tollbar::reach {

/// Job after job: begin(), follow() for each step in order, end().
class JobFollower {
 public:
  JobFollower(model::Tree& tree, const Knowledge& knowledge, pipeline::DocumentCache& documents, ScriptCache& scripts,
              ScriptRuns& runs, const EarlierExecution& earlier, PipelineExecution& execution);

  /// `source` holds the job; `inputs` are what its workflow was called with.
  void begin(const pipeline::Pipeline& source, const pipeline::Job& job,
             const std::map<std::string, std::string>& inputs);
  /// Fills what the step runs and does.
  void follow(const pipeline::Step& step, ExecutedStep& executed);
  /// Notes the job among those of the execution, whose steps are complete then.
  void end();

 private:
  /// What the same job ran in the neighbouring tree; null where it is another or something that decides it has changed.
  const JobRun* known_run(const pipeline::Pipeline& source, const pipeline::Job& job,
                          const std::map<std::string, std::string>& inputs) const;
  std::shared_ptr<const pipeline::Pipeline> holder_of(const pipeline::Pipeline& source) const;
  void take_over(ExecutedStep& executed);
  /// Programs of the tree that stand before the command's in PATH.
  void shadow(ExecutedCommand& command);

  model::Tree& tree_;
  PipelineExecution& execution_;
  const EarlierExecution& earlier_;
  std::multimap<std::string_view, const JobRun*> earlier_jobs_;  ///< by the job's id
  Follower follower_;
  CommandLookup commands_;
  ObeyedFiles obeyed_;
  ConfiguredActs configured_;

  // Of the job that is followed now.
  const JobRun* known_ = nullptr;  ///< null: it has to be followed
  std::size_t next_step_ = 0;      ///< of the earlier execution
  JobRun run_;
  std::vector<std::string> paths_;     ///< that the job has put into PATH so far
  std::set<std::string> stubs_;        ///< programs in whose places it has put one that always succeeds
  Dependence before_;                  ///< of the jobs before it
  std::vector<std::string> problems_;  ///< of the jobs before it
  std::size_t called_ = 0, budget_ = 0;
};

}  // namespace tollbar::reach
