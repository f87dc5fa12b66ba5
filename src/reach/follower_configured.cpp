// Commands that stand in the configuration of a release tool: hooks of goreleaser and release-it, those that
// semantic-release is told to execute.
#include <string_view>

#include "reach/follower.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using document::Node;

constexpr std::size_t kMostCommands = 100;
constexpr int kDeepest = 8;

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

/// What stands under `hooks`, and texts of keys that say they are commands: `cmd`, `publishCmd`.
void collect(const Node& node, int depth, std::vector<Line>& found) {
  if (depth > kDeepest) return;
  for (const auto& item : node.items) collect(item, depth + 1, found);
  for (const auto& member : node.members) {
    const std::string_view key = member.key.text();
    if (key == "hooks")
      add(member.value, found);
    else if ((key == "cmd" || key.ends_with("Cmd")) && member.value.is_scalar())
      add(member.value, found);
    else
      collect(member.value, depth + 1, found);
  }
}

}  // namespace

void Follower::follow_configured(const std::string& path, const Place& place) {
  const auto entry = find(path);
  const bool json = path.ends_with(".json") || path.ends_with("rc");
  if (!entry || !(json || path.ends_with(".yml") || path.ends_with(".yaml"))) return;
  const auto document = json ? documents_.read(document::Format::json, tree_, *entry) : documents_.yaml(tree_, *entry);
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
