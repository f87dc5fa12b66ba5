// Facts about files that coding agents and editors run by themselves: what their settings name changes without a word
// in the settings.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/formats.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/decode.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using document::Node;

constexpr std::string_view settings_files[] = {
    ".claude/settings.json", ".claude/settings.local.json",     ".cursor/hooks.json",
    ".codex/hooks.json",     ".gemini/settings.json",           ".qwen/settings.json",
    ".vscode/tasks.json",    ".devcontainer/devcontainer.json", ".devcontainer.json"};

/// Keys below which stand commands that run without a question.
constexpr std::string_view autorun_keys[] = {"hooks",
                                             "apiKeyHelper",
                                             "statusLine",
                                             "initializeCommand",
                                             "onCreateCommand",
                                             "postCreateCommand",
                                             "postStartCommand",
                                             "postAttachCommand",
                                             "updateContentCommand"};

/// A command that runs by itself, and where it stands.
struct Autorun {
  std::string text, place;
};

void add_texts(const Node& node, const std::string& place, std::vector<Autorun>& into) {
  if (node.is_scalar()) into.push_back({std::string(node.text()), place});
  for (const auto& item : node.items) add_texts(item, place, into);
  for (const auto& member : node.members) add_texts(member.value, place, into);
}

bool opens_with_folder(const Node& task) {
  const auto* when = task.get({"runOptions", "runOn"});
  return when != nullptr && when->text() == "folderOpen";
}

std::vector<Autorun> autoruns_of(const Node& root, const std::string& path) {
  std::vector<Autorun> found;
  for (const auto key : autorun_keys)
    if (const auto* value = root.get(key)) {
      const bool by_event = key == "hooks" && value->is_mapping();
      for (const auto& event : by_event ? value->members : std::vector<document::Member>{})
        add_texts(event.value, path + ": " + std::string(event.key.text()), found);
      if (!by_event) add_texts(*value, path + ": " + std::string(key), found);
    }
  if (const auto* tasks = root.get("tasks"))
    for (const auto& task : tasks->items)
      if (opens_with_folder(task)) add_texts(task, path + ": a task at opening", found);
  return found;
}

std::vector<Autorun> autoruns(model::Tree& tree) {
  std::vector<Autorun> all;
  for (const auto path : settings_files) {
    const auto entry = tree.find(path);
    if (!entry || (entry->mode != model::FileMode::regular && entry->mode != model::FileMode::executable)) continue;
    const auto content = tree.read(*entry);
    if (content.state != model::ContentState::present) continue;
    const auto document = document::read_json(text::decode(*content.bytes).text);
    for (const auto& root : document.roots)
      for (auto& found : autoruns_of(root, std::string(path))) all.push_back(std::move(found));
  }
  return all;
}

bool continues_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/// The command names the path, whatever stands before it (`$CLAUDE_PROJECT_DIR/`, `./`).
bool names(std::string_view command, std::string_view path) {
  for (auto at = command.find(path); at != std::string_view::npos; at = command.find(path, at + 1)) {
    const auto end = at + path.size();
    const bool begins = at == 0 || !continues_name(command[at - 1]);
    if (begins && (end == command.size() || (!continues_name(command[end]) && command[end] != '/'))) return true;
  }
  return false;
}

/// By its ending a program; what a command merely formats or reads is none.
bool is_program(std::string_view path) {
  const auto name = text::base_name(path);
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ||
         text::is_one_of(name.substr(dot + 1), {"sh", "bash", "zsh", "fish", "py", "js", "mjs", "cjs", "ts", "mts",
                                                "cts", "rb", "pl", "php", "ps1", "lua", "awk", "jq"});
}

}  // namespace

void agent_program_facts(Change& change, std::vector<Fact>& facts) {
  const auto commands = autoruns(change.before());
  if (commands.empty()) return;
  for (auto& file : change.files()) {
    if (file.delta().added() || !is_program(file.folded_path())) continue;
    const auto used = std::find_if(commands.begin(), commands.end(),
                                   [&](const Autorun& command) { return names(command.text, file.path()); });
    if (used == commands.end() || only_comments_differ(file.lines())) continue;
    Fact fact;
    fact.kind = "agent-program-changed";
    fact.path = file.path();
    const auto& lines = file.lines();
    if (!lines.added.empty()) fact.line = static_cast<std::uint32_t>(lines.added.front().number);
    if (!lines.removed.empty()) fact.line_before = static_cast<std::uint32_t>(lines.removed.front().number);
    fact.before = lines.removed.empty() ? "" : shortened(lines.removed.front().text);
    fact.after = lines.added.empty() ? "" : shortened(lines.added.front().text);
    fact.subject = used->place;
    fact.attributes["place"] = used->place;
    fact.reach = {file.path() + " <- " + used->place};
    facts.push_back(std::move(fact));
  }
}

}  // namespace tollbar::rule
