// Functions of Mage's files: which of them are targets, and what each of them starts and calls.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::reach {

struct MageFunction {
  struct Command {
    std::string text;  ///< for a shell
    std::uint32_t line = 0;
    bool fatal = true;  ///< its error is looked at: not `sh.Run(...)` as a statement of its own
  };
  std::string file;
  std::uint32_t line = 0;
  std::vector<Command> commands;
  std::vector<std::string> calls;  ///< functions of the same files that it names: `mg.Deps(Build)`, `send()`
};

/// The functions of one folder: `Release`, `Docker.Push` in the namespace `Docker`, `send`.
struct MageFiles {
  std::map<std::string, MageFunction, std::less<>> functions;
  std::string default_target;  ///< the function that runs where no target is named; empty where none is told

  /// The function of the target `docker:push`; empty where there is none.
  std::string target(std::string_view name) const;
};

/// What one file says, as lines that a cache keeps.
std::string mage_lines(const std::string& program);
/// @p files by path, each as mage_lines() tells it.
MageFiles mage_files(const std::map<std::string, std::string>& files);

}  // namespace tollbar::reach
