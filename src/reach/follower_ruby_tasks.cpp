// Tasks of Rake: followed where their text tells all they run, else a node each.
#include <algorithm>
#include <utility>

#include "reach/call_words.h"
#include "reach/follower.h"
#include "reach/ruby_tasks.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

constexpr int kDeepest = 16;

/// The task `name`, as one in the namespace of `from` may call it.
RubyTasks::const_iterator task_of(const RubyTasks& file, const std::string& name, const std::string& from) {
  if (const auto colon = from.rfind(':'); colon != std::string::npos) {
    const auto near = file.find(from.substr(0, colon + 1) + name);
    if (near != file.end()) return near;
  }
  return file.find(name);
}

bool is_understood(const RubyTasks& file, const std::string& name, const std::string& from, int depth) {
  const auto task = task_of(file, name, from);
  return task != file.end() && task->second.understood && depth < kDeepest &&
         std::all_of(task->second.calls.begin(), task->second.calls.end(),
                     [&](const auto& called) { return is_understood(file, called, task->first, depth + 1); });
}

}  // namespace

bool Follower::enter_ruby_tasks(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  if (!entry) return false;
  const auto file = read_ruby_tasks(scripts_.text(tree_, *entry));
  std::vector<std::string> parts;
  for (const auto& part : call.parts) parts.push_back(part.substr(0, part.find('[')));
  if (parts.empty()) parts.emplace_back("default");
  const auto asked = parts.size();
  std::erase_if(parts, [&](const auto& part) {
    return task_of(file, part, "") == file.end() && enter_ruby_file(part, line, path, place);
  });
  if (parts.empty()) return asked > 0;
  const bool understood =
      std::all_of(parts.begin(), parts.end(), [&](const auto& part) { return is_understood(file, part, "", 0); });
  if (!understood) {
    if (!call.parts.empty()) enter_tasks(call, line, path, place);
    return false;
  }
  for (const auto& part : parts) enter_ruby_task(file, part, "", line, path, place);
  return true;
}

bool Follower::enter_ruby_file(const std::string& name, std::uint32_t line, const std::string& path,
                               const Place& place) {
  for (const std::string_view folder : {"rakelib", "lib/tasks", "tasks"}) {
    const auto directory = below(text::directory_of(path), folder);
    const auto there = find(directory);
    if (!there || there->mode != model::FileMode::directory) continue;
    execution_.dependence.listed.insert(directory);
    for (const auto& entry : tree_.list(directory)) {
      const auto its_path = below(directory, entry.name);
      const auto its = entry.name.ends_with(".rake") ? find(its_path) : std::nullopt;
      if (!its) continue;
      const auto tasks = read_ruby_tasks(scripts_.text(tree_, *its));
      if (tasks.find(name) == tasks.end()) continue;
      Place within = place;
      within.certainty = Certainty::declared;
      if (is_understood(tasks, name, "", 0))
        enter_ruby_task(tasks, name, "", line, its_path, within);
      else if (descend(within, its_path, name, line, place.directory))
        follow_program(its_path, within);
      return true;
    }
  }
  return false;
}

void Follower::enter_ruby_task(const RubyTasks& file, const std::string& name, const std::string& from,
                               std::uint32_t line, const std::string& path, const Place& place) {
  const auto task = task_of(file, name, from);
  Place within = place;
  if (task == file.end() || !descend(within, path, task->first, line, place.directory)) return;
  for (const auto& called : task->second.calls)
    enter_ruby_task(file, called, task->first, task->second.line, path, within);
  within.entered = false;
  for (const auto& command : task->second.commands) {
    Place here = within;
    here.fatal = here.fatal && command.fatal;
    here.unreachable = here.unreachable || !command.reached;
    follow_script(document::parse_shell(command.text, {false, false, command.line}), std::move(here));
  }
}

}  // namespace tollbar::reach
