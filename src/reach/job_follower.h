// What the steps of a job run: shared with every step that runs alike, in whatever job or tree, else found and kept.
// Internal to src/reach.
#pragma once

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
#include "reach/runs.h"

namespace tollbar::reach {

/// Job after job: begin(), then follow() for each step in order.
class JobFollower {
 public:
  JobFollower(model::Tree& tree, pipeline::DocumentCache& documents, ScriptCache& scripts, Runs& runs,
              CommandLookup& commands, PipelineExecution& execution);

  /// `source` holds the job; `inputs` are what its workflow was called with.
  void begin(const pipeline::Pipeline& source, const pipeline::Job& job,
             const std::map<std::string, std::string>& inputs);
  /// Fills what the step runs and does.
  void follow(const pipeline::Step& step, ExecutedStep& executed);

 private:
  std::shared_ptr<const pipeline::Pipeline> holder_of(const pipeline::Pipeline& source) const;
  std::string key_of(const pipeline::Step& step) const;
  /// What a step of that key ran that stands as this one does, on whatever lines; null where none is known.
  std::shared_ptr<const StepRun> known_run(const std::string& key, const pipeline::Step& step);
  void follow_anew(const pipeline::Step& step, StepItems& items);
  /// Programs of the tree that stand before the command's in PATH.
  void shadow(ExecutedCommand& command);
  /// The file of the tree stands in the program's place and does not hand on to it.
  bool takes_place(const std::string& file, std::string_view program);

  model::Tree& tree_;
  ScriptCache& scripts_;
  Runs& runs_;
  CommandLookup& commands_;
  PipelineExecution& execution_;
  Follower follower_;
  ObeyedFiles obeyed_;
  ConfiguredActs configured_;
  std::vector<std::string> paths_;      ///< that the job has put into PATH so far
  std::vector<std::string> own_paths_;  ///< that the step which is followed has put there for itself
  std::set<std::string> stubs_;         ///< programs in whose places it has put one that always succeeds
};

}  // namespace tollbar::reach
