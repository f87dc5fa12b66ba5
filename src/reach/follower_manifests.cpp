// Tasks of manifests, and what programs that are no shell scripts call in texts of their own.
#include <algorithm>
#include <string_view>

#include "document/command_identity.h"
#include "document/forgotten_status.h"
#include "reach/follower.h"
#include "reach/manifest_runners.h"
#include "reach/powershell.h"
#include "reach/program_calls.h"
#include "text/lines.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

constexpr int kDeepestTask = 8;

std::vector<std::string> texts_of(const std::vector<document::Word>& words) {
  std::vector<std::string> texts;
  for (const auto& word : words) texts.push_back(word.dynamic ? std::string() : word.text);
  return texts;
}

}  // namespace

bool Follower::follow_tasks(const std::vector<document::Word>& words, const document::Command& command,
                            const Place& place) {
  auto task = named_task(texts_of(words));
  if (task.runner == nullptr && words != command.argv) task = named_task(texts_of(command.argv));
  if (task.runner == nullptr) return false;
  bool followed = false;
  for (const auto& name : task.names)
    followed = enter_manifest_task(*task.runner, name, command.line, place, 0) || followed;
  return followed;
}

bool Follower::enter_manifest_task(const ManifestRunner& runner, const std::string& name, std::uint32_t line,
                                   const Place& place, int depth) {
  if (depth > kDeepestTask) return false;
  bool followed = false;
  for (const auto& table : runner.tables) {
    const std::string path = table.file.empty() ? "" : join_path(place.directory, std::string(table.file));
    const auto entry = path.empty() ? std::nullopt : find(path);
    if (!entry || entry->mode == model::FileMode::directory) continue;
    const auto document = documents_.read(table.format, tree_, *entry);
    if (document->roots.empty()) continue;
    for (const auto* node : task_nodes(document->root(), table.place, name)) {
      Place within = place;
      followed = true;
      // A script of the package that says where else in the file it is spelt out (`"send": "wireit"`) has the name.
      const bool is_second = table.file == "package.json";
      const std::string part = is_second ? std::string(table.place) + " " + name : name;
      if (!descend(within, path, part, line, place.directory)) continue;
      within.entered = false;
      const auto body = task_body(*node);
      for (const auto& other : body.tasks) enter_manifest_task(runner, other, node->line, within, depth + 1);
      const std::string directory = body.directory.empty() ? "" : join_path(place.directory, body.directory);
      if (!directory.empty()) within.directory = directory == "." ? "" : directory;
      for (const auto& text : body.commands)
        follow_script(document::parse_shell(text.text, {true, false, text.number}), within);
    }
  }
  for (std::size_t at = 0; at < runner.folders.size();) {
    const auto end = std::min(runner.folders.find(' ', at), runner.folders.size());
    const auto path = join_path(place.directory, std::string(runner.folders.substr(at, end - at)) + "/" + name);
    at = end + 1;
    if (path.empty() || !find(path)) continue;
    Call call;
    call.files = {path};
    document::Command command;
    command.argv = {{path, false, false, line}};
    command.line = line;
    followed = enter_script(call, command, {}, path, place) || followed;
  }
  return followed;
}

void Follower::follow_modules(const pipeline::Step& step, const Place& place) {
  const auto script = step.with.find("script");
  if (script == step.with.end()) return;
  const Standpoint here{*place.variables, standing_in(place), place.directory};
  for (const auto& module : loaded_modules(script->second)) {
    const std::string path = literal({module, module.find('$') != std::string::npos, false, 0}, here);
    const bool local = path.starts_with('.') || path.starts_with(kTreeRoot);
    document::Command command;
    command.argv = {{"node", false, false, step.line}, {path, false, false, step.line}};
    command.line = step.line;
    if (local) follow_calls(command, {}, place);
  }
}

void Follower::follow_program(const std::string& path, const Place& place) {
  const bool powershell = path.ends_with(".ps1");
  const auto entry = powershell || may_call_scripts(path) ? find(path) : std::nullopt;
  if (!entry || entry->mode == model::FileMode::directory) return;
  if (powershell)
    return follow_called(scripts_.line(tree_, *entry, {"calls of PowerShell"}, powershell_calls).text, 1, place);
  const auto language = document::language_of(path, {});
  const auto name = std::to_string(static_cast<int>(language));
  const auto forgets = scripts_.line(tree_, *entry, {"status of a program", name}, [&](const std::string& program) {
    return ScriptCache::Line{document::starts_and_forgets(program, language) ? "forgotten" : "", 0};
  });
  follow_called(scripts_.line(tree_, *entry, {"calls of a program"}, called_texts).text, 1, place,
                !forgets.text.empty());
}

void Follower::follow_called(const std::string& calls, std::uint32_t first_line, const Place& place, bool forgotten) {
  Place here = place;
  here.at_best = Certainty::inferred;
  here.fatal = here.fatal && !forgotten;
  std::uint32_t number = first_line - 1;
  for (const auto text : text::Lines(calls)) {
    ++number;
    if (text.empty()) continue;
    const auto script = document::parse_shell(text, {true, false, number});
    for (const auto& command : script.commands) follow_calls(command, script, here);
  }
}

}  // namespace tollbar::reach
