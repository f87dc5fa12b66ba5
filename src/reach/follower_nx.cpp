// Targets of an Nx workspace that its projects spell out in a project.json, beside the scripts of a package.json.
#include <algorithm>
#include <string_view>

#include "reach/follower.h"
#include "reach/word_glob.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using document::Node;

constexpr std::string_view kFolders[] = {"apps", "libs", "packages", "tools", "services"};
constexpr std::size_t kMostProjects = 500;
constexpr int kDeepestTarget = 8;

struct NxTarget {
  std::vector<document::Word> commands;
  std::vector<std::string> targets;  ///< of the same project, that run before
  std::string directory;             ///< from the workspace's root; the root where empty
};

void add_command(const Node& node, NxTarget& target) {
  const Node* text = node.is_mapping() ? node.get("command") : &node;
  if (text != nullptr && text->is_scalar() && !text->scalar.empty())
    target.commands.push_back({text->scalar, false, false, text->line});
}

NxTarget target_of(const Node& node) {
  NxTarget target;
  if (const Node* command = node.get("command")) add_command(*command, target);
  const Node* options = node.get("options");
  for (const auto key : {"command", "commands"}) {
    const Node* given = options != nullptr ? options->get(key) : nullptr;
    if (given == nullptr) continue;
    if (given->is_scalar()) add_command(*given, target);
    for (const auto& item : given->items) add_command(item, target);
  }
  const Node* directory = options != nullptr ? options->get("cwd") : nullptr;
  if (directory != nullptr && directory->is_scalar()) target.directory = directory->scalar;
  const Node* before = node.get("dependsOn");
  for (const auto& name : before != nullptr ? before->texts() : std::vector<std::string>())
    if (!name.starts_with('^')) target.targets.push_back(name);
  return target;
}

/// `{projectRoot}/x` and `{workspaceRoot}/x` as paths from the workspace's root.
std::string placed(std::string text, const std::string& project) {
  for (const auto& [mark, value] :
       {std::pair<std::string_view, std::string>{"{projectRoot}", project}, {"{workspaceRoot}", "."}})
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) text.replace(at, mark.size(), value);
  return text;
}

}  // namespace

std::vector<std::string> Follower::nx_projects(const std::string& root, const std::vector<std::string>& selectors) {
  std::vector<std::string> projects;
  const auto add = [&](const std::string& folder) {
    const std::string path = join_path(root, folder + "/project.json");
    const bool is_known = std::find(projects.begin(), projects.end(), path) != projects.end();
    if (!path.empty() && !is_known && projects.size() < kMostProjects && find(path)) projects.push_back(path);
  };
  for (const auto& selector : selectors) {
    if (selector.find_first_of("*!:") != std::string::npos) continue;
    const std::string name(text::base_name(selector));
    add(name);
    for (const auto folder : kFolders) add(std::string(folder) + "/" + name);
  }
  if (!projects.empty()) return projects;
  for (const auto parent : kFolders) {
    const std::string folder = join_path(root, std::string(parent));
    if (folder.empty() || !find(folder)) continue;
    execution_.dependence.listed.insert(folder);
    for (const auto& file : tree_.list(folder))
      if (file.entry.mode == model::FileMode::directory) add(std::string(parent) + "/" + file.name);
  }
  std::erase_if(projects, [&](const std::string& path) {
    if (selectors.empty()) return false;
    const auto entry = find(path);
    const auto document = documents_.read(document::Format::json, tree_, *entry);
    const Node* name = document->roots.empty() ? nullptr : document->root().get("name");
    return name == nullptr || std::none_of(selectors.begin(), selectors.end(),
                                           [&](const auto& selector) { return word_matches(selector, name->text()); });
  });
  return projects;
}

bool Follower::enter_nx(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  bool followed = false;
  for (const auto& project : nx_projects(text::directory_of(path), call.workspaces))
    for (const auto& target : call.parts) followed = enter_nx_target(project, target, line, place, 0) || followed;
  return followed;
}

bool Follower::enter_nx_target(const std::string& path, const std::string& target, std::uint32_t line,
                               const Place& place, int depth) {
  const auto entry = depth > kDeepestTarget ? std::nullopt : find(path);
  if (!entry) return false;
  const auto document = documents_.read(document::Format::json, tree_, *entry);
  const Node* node = document->roots.empty() ? nullptr : document->root().get({"targets", target});
  if (node == nullptr || !node->is_mapping()) return false;
  Place within = place;
  if (!descend(within, path, target, line, place.directory)) return true;
  within.entered = false;
  const NxTarget what = target_of(*node);
  for (const auto& before : what.targets) enter_nx_target(path, before, node->line, within, depth + 1);
  const std::string project = text::directory_of(path);
  within.directory = join_path("", placed(what.directory.empty() ? "." : what.directory, project));
  if (within.directory == ".") within.directory.clear();
  for (const auto& command : what.commands)
    follow_script(document::parse_shell(placed(command.text, project), {true, false, command.line}), within);
  return true;
}

}  // namespace tollbar::reach
