// What the execution of a pipeline depends on in its tree, so that other trees are known to run the same unfollowed.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/tree.h"
#include "reach/execution.h"
#include "reach/script_cache.h"

namespace tollbar::reach {

struct Footprint {
  struct File {
    std::string path;
    std::optional<model::FileEntry> entry;  ///< none: it was looked for and is not there
    model::ObjectId executed_part;          ///< of what is there
  };
  struct Sought {
    std::string path;
    std::optional<model::FileMode> mode;  ///< none: nothing is there
  };
  /// A file that a tool reads by itself.
  struct Obeyed {
    std::string path;
    std::shared_ptr<const ObeyedFile> as;
    std::optional<model::FileEntry> entry;
    ScriptCache::Line line;  ///< that switches a check off
  };
  struct Folder {
    std::string path;
    std::optional<model::ObjectId> id;  ///< of what it holds, where the tree tells
    std::vector<std::string> entries;   ///< directories end with a slash
  };
  std::vector<File> files;
  std::vector<Sought> sought;
  std::vector<Obeyed> obeyed;
  std::vector<Folder> folders;
};

Footprint footprint(const Dependence& dependence, model::Tree& tree, ScriptCache& scripts);

/// The same runs in this tree as in that of the footprint, line by line. `doubt` is what differed when last asked: it
/// is looked at first, as neighbours in history mostly differ in the same.
bool agrees(const Footprint& footprint, std::size_t& doubt, model::Tree& tree, ScriptCache& scripts);

/// The same for a tree that differs by `deltas` from one that agrees.
bool still_agrees(const Footprint& footprint, const std::vector<model::FileDelta>& deltas, model::Tree& tree,
                  ScriptCache& scripts);

/// Whether trees that differ by `deltas` may run something else, told from the execution of either.
bool touched_by(const std::vector<model::FileDelta>& deltas, const Execution& execution, model::Tree& before,
                model::Tree& after, ScriptCache& scripts);

}  // namespace tollbar::reach
