// Sessions of nox and tasks of invoke: their commands, and those of the functions they call.
#include <algorithm>
#include <utility>

#include "reach/follower.h"
#include "reach/python_tasks.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

/// nox tells sessions by name or by name and version: `tests-3.12`, `tests(python='3.12')`.
bool names_task(const std::string& asked, const PythonTask& task) {
  return asked == task.name || asked.starts_with(task.name + "-") || asked.starts_with(task.name + "(");
}

}  // namespace

void Follower::enter_python_tasks(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  if (!entry) return;
  const auto file = read_python_tasks(scripts_.text(tree_, *entry));
  auto asked = call.parts;
  if (const auto named = place.env->find("NOXSESSION"); asked.empty() && named != place.env->end())
    asked.push_back(named->second);
  if (asked.empty()) asked = file.defaults;
  Place here = place;
  if (text::base_name(path) != "__init__.py") here.directory = text::directory_of(path);
  bool any = false;
  for (const auto& task : file.tasks) {
    const bool meant = asked.empty() || std::any_of(asked.begin(), asked.end(), [&](const auto& name) {
                         return names_task(name, task) || file.find(name) == &task;
                       });
    if (task.asked_for && meant) any = enter_python_task(file, task, line, path, here) || any;
  }
  const auto unknown = call.parts.empty() ? std::vector<std::string>{""} : call.parts;
  for (const auto& part : any ? std::vector<std::string>() : unknown) {
    Place whole = here;
    descend(whole, path, part, line, place.directory);
  }
}

bool Follower::enter_python_task(const PythonTasks& file, const PythonTask& task, std::uint32_t line,
                                 const std::string& path, const Place& place) {
  Place within = place;
  if (!descend(within, path, task.name, line, place.directory)) return true;
  for (const auto& name : task.calls) {
    const auto* called = file.find(name);
    if (called == nullptr || called == &task) continue;
    enter_python_task(file, *called, task.line, path, within);
  }
  within.entered = false;
  std::string directory = within.directory;
  for (const auto& command : task.commands) {
    auto script = document::parse_shell(command.text, {true, false, command.line});
    if (script.commands.size() == 1 && script.commands[0].program() == "cd" && script.commands[0].argv.size() > 1) {
      directory = join_directory(directory, script.commands[0].argv[1].text).value_or(directory);
      continue;
    }
    Place here = within;
    here.directory = directory;
    follow_script(std::move(script), std::move(here));
  }
  return true;
}

}  // namespace tollbar::reach
