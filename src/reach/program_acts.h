// What programs of the tree do to the world outside by the commands they start and the requests they send.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/tree.h"
#include "reach/knowledge.h"
#include "reach/script_cache.h"

namespace tollbar::reach {

struct ProgramAct {
  const Effect* effect = nullptr;
  std::string by;    ///< the command as a shell would have it
  std::string path;  ///< the file that says so: the program, or what it imports; empty for a step's own program
  std::uint32_t line = 0;
};

/// Programs are read when they are asked for, and once. Only the map asks: a verdict does not hang on what a program in
/// another language seems to do.
class ProgramActs {
 public:
  ProgramActs(model::Tree& tree, const Knowledge& knowledge) : tree_(tree), knowledge_(knowledge) {}
  /// Of the file at `path` and of what it imports from the tree; none where it is no program, or a shell script, whose
  /// commands are known.
  const std::vector<ProgramAct>& of(const std::string& path);
  /// Of a step's own program: `shell: pwsh`, `shell: python`. None where a shell of POSIX runs it.
  std::vector<ProgramAct> of_step(const std::string& shell, const std::string& program);

 private:
  std::string text_of(const std::string& path);
  std::vector<ProgramAct> acts_of(const std::string& program, const std::string& calls);

  model::Tree& tree_;
  const Knowledge& knowledge_;
  ScriptCache scripts_;
  std::map<std::string, std::vector<ProgramAct>> known_;
};

}  // namespace tollbar::reach
