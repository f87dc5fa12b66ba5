// Tools that run commands which a manifest of the project gives a name.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "document/formats.h"
#include "document/node.h"

namespace tollbar::reach {

/// A file that holds tasks, and where in it: keys separated by blanks, `*` for any.
struct TaskTable {
  std::string_view file;
  document::Format format;
  std::string_view place;
};

struct ManifestRunner {
  std::string_view program;
  std::string_view subcommands;  ///< one of these must stand before the task; empty: none does
  std::array<TaskTable, 4> tables;
  bool short_form = false;        ///< the subcommand may be left out: `composer release`
  std::string_view folders = "";  ///< folders in which a task may be a file of its own
  std::string_view valued = "";   ///< options whose value is the next word
};

/// A task that a command names, with the runner; null where the command is of another program.
struct NamedTask {
  const ManifestRunner* runner = nullptr;
  std::vector<std::string> names;
};
NamedTask named_task(const std::vector<std::string>& argv);

/// The nodes that spell out the task in a file of the table.
std::vector<const document::Node*> task_nodes(const document::Node& root, std::string_view place,
                                              const std::string& name);

/// What a task runs: texts for a shell, and names of other tasks.
struct TaskBody {
  struct Line {
    std::string text;
    std::uint32_t number = 0;
  };
  std::vector<Line> commands;
  std::vector<std::string> tasks;
  std::string directory;
};
TaskBody task_body(const document::Node& task);

}  // namespace tollbar::reach
