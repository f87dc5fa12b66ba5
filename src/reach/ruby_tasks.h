// Task files of Rake: which tasks there are, and what each of them runs as far as its text leaves no doubt.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::reach {

struct RubyTask {
  struct Command {
    std::string text;  ///< for a shell
    std::uint32_t line = 0;
    bool fatal = true;  ///< its failure ends the task: `sh` without a block, `system ... || abort`
    bool reached = true;
  };
  std::vector<Command> commands;
  std::vector<std::string> calls;  ///< prerequisites and tasks that it invokes
  std::uint32_t line = 0;
  bool understood = true;  ///< nothing in it does anything that `commands` and `calls` do not tell
};

/// By their names with namespaces: `db:seed`. Several definitions of one name add up.
using RubyTasks = std::map<std::string, RubyTask, std::less<>>;

RubyTasks read_ruby_tasks(std::string_view text);

}  // namespace tollbar::reach
