// Rush: commands that its configuration spells out, and scripts of the projects that it runs in bulk.
#include <algorithm>
#include <string_view>

#include "reach/follower.h"
#include "reach/node_text.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using document::Node;

constexpr std::string_view kCommands = "common/config/rush/command-line.json";
constexpr std::size_t kMostProjects = 500;

/// The scripts that a command runs in each project.
std::vector<std::string> scripts_of(const std::string& command) {
  if (command == "publish") return {"prepublishOnly", "prepack", "prepare", "postpack", "publish", "postpublish"};
  return {command == "rebuild" ? "build" : command};
}

}  // namespace

bool Follower::enter_rush(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  if (!entry || call.parts.empty()) return false;
  const std::string root = text::directory_of(path);
  const std::string& command = call.parts.front();
  const std::string commands_path = join_path(root, std::string(kCommands));
  const auto commands_entry = find(commands_path);
  const auto commands = commands_entry ? documents_.read(document::Format::json, tree_, *commands_entry) : nullptr;
  const Node* list = commands && !commands->roots.empty() ? commands->root().get("commands") : nullptr;
  Place here = place;
  bool own = text::is_one_of(command, {"build", "rebuild", "publish"});
  for (const auto& one : list != nullptr ? list->items : std::vector<Node>()) {
    if (text_at(one, {"name"}) != command) continue;
    own = true;
    if (!descend(here, commands_path, command, line, root)) return true;
    const Node* shell = one.get("shellCommand");
    if (shell == nullptr) break;
    here.entered = false;
    follow_script(document::parse_shell(shell->text(), {true, false, shell->line}), std::move(here));
    return true;
  }
  if (!own) return false;
  Call scripts;
  scripts.kind = CallKind::package;
  scripts.parts = scripts_of(command);
  const auto rush = documents_.read(document::Format::json, tree_, *entry);
  const Node* projects = rush->roots.empty() ? nullptr : rush->root().get("projects");
  std::size_t count = 0;
  bool followed = false;
  for (const auto& project : projects != nullptr ? projects->items : std::vector<Node>()) {
    const std::string name = text_at(project, {"packageName"});
    const auto& wanted = call.workspaces;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
    const std::string manifest = join_path(root, text_at(project, {"projectFolder"}) + "/package.json");
    if (++count <= kMostProjects && !manifest.empty())
      followed = enter_package(scripts, line, manifest, here) || followed;
  }
  return followed;
}

}  // namespace tollbar::reach
