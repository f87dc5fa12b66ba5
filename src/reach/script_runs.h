// What scripts of the tree ran when a step entered them, kept for steps that enter them alike.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "document/shell.h"
#include "model/object_id.h"
#include "model/tree.h"
#include "reach/execution.h"
#include "reach/footprint.h"
#include "reach/script_cache.h"

namespace tollbar::reach {

/// What later steps of a job have from earlier ones.
struct JobState {
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> copies;   ///< what a file became -> its path in the tree
  std::map<std::string, std::string> aliases;  ///< of the job's shells: name -> words
};

/// What a script added to the step that entered it.
struct ScriptRun {
  std::shared_ptr<const document::Script> script;
  std::vector<ExecutedCommand> commands;
  std::vector<FollowedFile> files;
  std::vector<ExecutedHook> hooks;
  std::vector<UnknownCall> unknown;
  std::set<std::string> entered;  ///< as the follower names it
  JobState left;                  ///< what the job had after it
  std::size_t counted = 0;        ///< commands that it took of the budget
  Dependence dependence;
  std::vector<std::string> problems;
};

/// Not thread-safe; one per thread, beside a ScriptCache. A key names everything but the tree that decides a run.
class ScriptRuns {
 public:
  /// The run of that key, where all that it depended on is the same in `tree`; null where there is none.
  std::shared_ptr<const ScriptRun> find(const std::string& key, model::Tree& tree, ScriptCache& scripts);
  void keep(const std::string& key, std::shared_ptr<const ScriptRun> run, model::Tree& tree, ScriptCache& scripts);

 private:
  struct Entry {
    std::shared_ptr<const ScriptRun> run;
    Footprint footprint;
    std::optional<model::ObjectId> agreed;  ///< the tree that was last seen to agree
  };
  std::unordered_map<std::string, std::vector<Entry>> entries_;  // newest last
  std::size_t commands_ = 0;
};

}  // namespace tollbar::reach
