// Commands that stand in the manifest of a tool: hooks of goreleaser and release-it, those that semantic-release is
// told to execute, shells of updatecli.
#include <algorithm>
#include <string_view>

#include "document/formats.h"
#include "reach/follower.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using document::Node;

constexpr std::size_t kMostCommands = 100;
constexpr int kDeepest = 8;
constexpr std::size_t kMostManifests = 200;  // of a folder

struct Line {
  std::string text, directory;
  std::uint32_t number = 0;
};

void add(const Node& node, std::vector<Line>& found) {
  if (found.size() >= kMostCommands) return;
  if (node.is_scalar()) {
    found.push_back({std::string(node.text()), "", node.line});
  } else if (const Node* command = node.get("cmd"); command != nullptr && command->is_scalar()) {
    const Node* directory = node.get("dir");
    found.push_back({std::string(command->text()), directory != nullptr ? directory->scalar : "", command->line});
  } else {
    for (const auto& item : node.items) add(item, found);
    for (const auto& member : node.members) add(member.value, found);
  }
}

/// What stands under a key of this name is a command as a text: `cmd`, `publishCmd`, `command`.
bool is_command(std::string_view key) {
  return key == "cmd" || key.ends_with("Cmd") || key == "command" || key.ends_with("Command");
}

/// What stands under `hooks`, and texts of keys that say they are commands.
void collect(const Node& node, int depth, std::vector<Line>& found) {
  if (depth > kDeepest) return;
  for (const auto& item : node.items) collect(item, depth + 1, found);
  for (const auto& member : node.members) {
    const std::string_view key = member.key.text();
    if (key == "hooks")
      add(member.value, found);
    else if (is_command(key) && member.value.is_scalar())
      add(member.value, found);
    else
      collect(member.value, depth + 1, found);
  }
}

/// What it is read as; none where nobody knows what a file of this name says.
document::Format format_of(std::string_view path) {
  if (path.ends_with(".toml")) return document::Format::toml;
  if (path.ends_with(".json") || path.ends_with("rc")) return document::Format::json;
  return path.ends_with(".yml") || path.ends_with(".yaml") ? document::Format::yaml : document::Format::none;
}

}  // namespace

void Follower::enter_configuration(const std::string& path, std::uint32_t line, const Place& place) {
  Place within = place;
  if (descend(within, path, "", line, place.directory)) follow_configured(path, within);
}

void Follower::enter_configurations(const std::string& folder, std::uint32_t line, const Place& place) {
  const auto files = tree_.list(folder);
  execution_.dependence.listed.insert(folder);
  for (std::size_t i = 0; i < files.size() && i < kMostManifests; ++i) {
    const bool is_manifest = format_of(files[i].name) != document::Format::none || files[i].name.ends_with(".tpl");
    if (is_manifest && files[i].entry.mode != model::FileMode::directory)
      enter_configuration(folder + "/" + files[i].name, line, place);
  }
}

void Follower::follow_configured(const std::string& path, const Place& place) {
  const auto entry = find(path);
  const auto format = format_of(path);
  if (!entry || format == document::Format::none) return;
  const auto document = documents_.read(format, tree_, *entry);
  std::vector<Line> commands;
  if (!document->roots.empty()) collect(document->root(), 0, commands);
  for (const auto& command : commands) {
    Place here = place;
    here.entered = false;
    if (!command.directory.empty()) here.directory = join_directory(place.directory, command.directory).value_or("");
    follow_script(document::parse_shell(command.text, {true, false, command.number}), std::move(here));
  }
}

}  // namespace tollbar::reach
