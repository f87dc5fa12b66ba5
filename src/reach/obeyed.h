// Files that a check tool reads by itself, and what they say against the check.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "model/tree.h"
#include "reach/command_lookup.h"
#include "reach/execution.h"
#include "reach/knowledge.h"
#include "reach/noted.h"
#include "reach/script_cache.h"

namespace tollbar::reach {

/// The first line of the file at `path` that one of the globs matches; none where there is no such file.
ScriptCache::Line obeyed_line(const ObeyedFile& obeyed, const std::string& path, model::Tree& tree,
                              ScriptCache& scripts);

class ObeyedFiles {
 public:
  ObeyedFiles(model::Tree& tree, CommandLookup& commands, ScriptCache& scripts, PipelineExecution& execution)
      : tree_(tree), commands_(commands), scripts_(scripts), execution_(execution) {}

  /// Fills `switched_off` where the command is a check and a file beside it (or at the root) switches it off.
  void apply(ExecutedCommand& command);
  /// The same where the action runs such a tool.
  void apply(ExecutedAction& action, const std::string& directory);

 private:
  const SwitchedOff& said_against(const std::string& tool, const std::string& directory);
  SwitchedOff find(const std::string& tool, const std::string& directory);

  model::Tree& tree_;
  CommandLookup& commands_;
  ScriptCache& scripts_;
  PipelineExecution& execution_;
  Noted<std::pair<std::string, std::string>, SwitchedOff> said_;  ///< by tool and directory
};

}  // namespace tollbar::reach
