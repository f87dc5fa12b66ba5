// Task files written in Python: sessions of nox, tasks of invoke and of tools like it, and what each of them runs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::reach {

struct PythonTask {
  struct Command {
    std::string text;  ///< for a shell
    std::uint32_t line = 0;
  };
  std::string name;        ///< as it is asked for
  std::string function;    ///< as it is defined
  bool asked_for = false;  ///< a decorator makes it a task; others run where a task calls them
  std::uint32_t line = 0;
  std::vector<Command> commands;
  std::vector<std::string> calls;  ///< functions and tasks that run before, within or after it
};

struct PythonTasks {
  std::vector<PythonTask> tasks;
  std::vector<std::string> defaults;  ///< what runs where nothing is asked for; empty for all

  /// The task or function of the name; null where there is none. `send-all` is `send_all`.
  const PythonTask* find(std::string_view name) const;
};

PythonTasks read_python_tasks(const std::string& text);

}  // namespace tollbar::reach
