// Taskfiles: tasks, those they depend on or call, and those of files that they include under a name.
#include <algorithm>
#include <string_view>

#include "document/command_identity.h"
#include "reach/follower.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using text::directory_of;

using document::Node;

/// `status: ["true"]`: a task whose commands are left out, as all that is asked of it succeeds whatever the tree holds.
bool is_always_done(const Node* status) {
  const auto questions = status != nullptr ? status->texts() : std::vector<std::string>();
  return !questions.empty() && std::all_of(questions.begin(), questions.end(), [](const std::string& text) {
    const auto commands = document::parse_shell(text).commands;
    return !commands.empty() && std::none_of(commands.begin(), commands.end(), document::can_fail);
  });
}

}  // namespace

bool Follower::enter_task(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  if (!entry) return false;
  const auto document = documents_.yaml(tree_, *entry);
  const Node& file = document->root();
  const Node* tasks = file.get("tasks");
  const auto parts = call.parts.empty() ? std::vector<std::string>{"default"} : call.parts;
  bool followed = false;
  for (const auto& part : parts) {
    if (!tasks || !tasks->get(part)) {
      followed = enter_included_task(file, part, line, path, place) || followed;
      continue;
    }
    Place within = place;
    followed = true;
    within.handed_on += handed_on(call, line);
    if (descend(within, path, part, line, directory_of(path))) enter_task_named(file, part, within, 0);
  }
  return followed;
}

void Follower::enter_task_named(const Node& file, const std::string& name, const Place& place, std::size_t depth) {
  const Node* task = file.get({"tasks", name});
  if (!task || depth > 32) return;
  Place here = place;
  set_task_variables(file.get("vars"), here);
  set_task_variables(task->get("vars"), here);
  if (const Node* directory = task->get("dir"); directory != nullptr && directory->is_scalar()) {
    const bool computed = directory->scalar.find("{{") != std::string::npos;
    const auto text = literal({directory->scalar, computed, false, 0}, {*here.variables, here.path, here.directory});
    if (const auto moved = text.empty() ? std::nullopt : join_directory(here.directory, text)) here.directory = *moved;
  }
  if (const Node* ignore = task->get("ignore_error"); ignore && ignore->truth().value_or(false)) here.fatal = false;
  here.unreachable = here.unreachable || is_always_done(task->get("status"));
  const auto call = [&](const Node& reference) {
    const std::string other(reference.is_mapping() && reference.get("task") ? reference.get("task")->text()
                                                                            : reference.text());
    Place within = here;
    if (!file.get({"tasks", other})) {
      enter_included_task(file, other, reference.line, here.path, here);
    } else if (descend(within, here.path, other, reference.line, here.directory)) {
      enter_task_named(file, other, within, depth + 1);
    }
  };
  const auto run = [&](const Node& text, bool fatal) {
    Place within = here;
    within.entered = false;
    within.fatal = within.fatal && fatal;
    follow_script(document::parse_shell(text.text(), {false, false, text.line}), std::move(within));
  };
  if (const Node* dependencies = task->get("deps")) {
    for (const auto& dependency : dependencies->items) call(dependency);
  }
  if (task->is_scalar()) run(*task, true);
  for (const auto& item : task->items) run(item, true);
  const Node* commands = task->get("cmds");
  if (!commands) commands = task->get("cmd");
  if (!commands) return;
  if (commands->is_scalar()) run(*commands, true);
  for (const auto& command : commands->items) {
    const Node* text = command.is_mapping() ? command.get("cmd") : &command;
    if (const Node* deferred = command.get("defer"); deferred != nullptr) {
      if (deferred->get("task") != nullptr)
        call(*deferred);
      else
        run(*deferred, false);
      continue;
    }
    const Node* ignore = command.get("ignore_error");
    if (command.get("task")) {
      call(command);
    } else if (text) {
      run(*text, !(ignore && ignore->truth().value_or(false)));
    }
  }
}

void Follower::set_task_variables(const Node* variables, Place& place) const {
  for (const auto& member : variables != nullptr ? variables->members : std::vector<document::Member>())
    if (member.value.is_scalar() && member.value.scalar.find("{{") == std::string::npos)
      place.variables.edit()[std::string(member.key.text())] = member.value.scalar;
}

bool Follower::enter_included_task(const Node& file, const std::string& name, std::uint32_t line,
                                   const std::string& path, const Place& place) {
  const auto colon = name.find(':');
  const Node* includes = file.get("includes");
  if (colon == std::string::npos) {
    bool followed = false;
    for (const auto& member : includes != nullptr ? includes->members : std::vector<document::Member>()) {
      const Node* flatten = member.value.get("flatten");
      if (flatten != nullptr && flatten->truth().value_or(false))
        followed =
            enter_included_task(file, std::string(member.key.text()) + ":" + name, line, path, place) || followed;
    }
    return followed;
  }
  const Node* included = includes == nullptr ? nullptr : includes->get(name.substr(0, colon));
  if (!included) return false;
  const Node* written = included->is_mapping() ? included->get("taskfile") : included;
  if (!written || written->text().find("{{") != std::string_view::npos) return false;
  const std::string target = join_path(directory_of(path), std::string(written->text()));
  if (target.empty()) return false;
  Call call;
  call.kind = CallKind::task;
  call.parts = {name.substr(colon + 1)};
  for (const std::string name_in_folder : {"", "/Taskfile.yml", "/Taskfile.yaml", "/Taskfile.dist.yml"}) {
    const std::string candidate =
        target == "." ? name_in_folder.substr(name_in_folder.empty() ? 0 : 1) : target + name_in_folder;
    const auto entry = candidate.empty() ? std::nullopt : find(candidate);
    if (entry && entry->mode != model::FileMode::directory && place.chain.size() < 8)
      return enter_task(call, line, candidate, place);
  }
  return false;
}

}  // namespace tollbar::reach
