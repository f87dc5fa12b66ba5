// Commands in trees of settings: manifests, compositions, stacks, plays, blocks of Terraform and Nomad.
#include <algorithm>
#include <iterator>

#include "document/far_commands.h"
#include "rule/file_commands.h"
#include "text/words.h"
#include "util/shell_word.h"

namespace tollbar::rule {
namespace {

using document::Node;
using Places = std::vector<CommandPlace>;

/// What a platform runs when it builds, takes in or starts a release: `release_command`, `preDeployCommand`.
bool is_platform_key(std::string_view key) {
  return key.ends_with("_command") || (key.ends_with("Command") && !text::is_one_of(key, {"Command", "command"})) ||
         text::is_one_of(key, {"initialDeployHook", "startCmd", "buildCmd", "postdeploy", "predeploy"});
}

/// The keys under which settings keep shell commands.
bool holds_commands(std::string_view key) {
  static constexpr std::string_view keys[] = {
      "run",          "script",      "scripts",        "command",       "commands",      "before_script",
      "after_script", "bash",        "before_install", "install",       "after_success", "after_failure",
      "build_script", "test_script", "deploy_script",  "before_deploy", "before_build",  "after_build",
      "cmd",          "cmds",        "inline",         "runcmd",        "bootcmd",       "entrypoint"};
  return std::find(std::begin(keys), std::end(keys), key) != std::end(keys) || key.ends_with("_script") ||
         key.ends_with(".shell") || key.ends_with(".command") || key.ends_with(".raw") || is_platform_key(key);
}

/// Mappings whose members are commands, whatever their keys are: processes of Fly and Heroku, hooks of Platform.sh.
bool names_commands(std::string_view key) {
  return text::is_one_of(key, {"processes", "hooks", "commands", "dokku", "run"});
}

document::ShellOptions options_at(std::uint32_t line) {
  document::ShellOptions options;
  options.errexit = true;
  options.failures = document::Failures::left_out;
  options.first_line = line;
  return options;
}

/// Words that no shell splits, read as the one command they are.
void add_words(Places& places, const std::vector<std::string>& words, std::uint32_t line, std::string_view key) {
  std::string source;
  for (const auto& word : words) {
    if (!source.empty()) source += ' ';
    source += util::shell_quoted(word);
  }
  add_commands(places, document::parse_shell(source, options_at(line)), std::string(key));
}

/// What a container is started with: its entry point, command and arguments, as words. Empty where the keys hold
/// commands of a shell, or nothing.
struct Start {
  std::vector<std::string> words;
  std::uint32_t line = 0;
  bool complete = false;  ///< the keys hold nothing else
};

Start start_of(const Node& node) {
  Start start;
  const Node* image = node.get("image");
  const Node* args = node.get("args");
  const Node* entry = node.get("entrypoint");
  const Node* command = node.get("command");
  const bool contained = image != nullptr || args != nullptr || entry != nullptr || node.get("build") != nullptr;
  const auto is_list = [](const Node* one) { return one != nullptr && one->is_sequence(); };
  if (!contained || !(is_list(args) || is_list(entry) || is_list(command))) return start;
  for (const Node* part : {entry, command, args}) {
    if (part == nullptr) continue;
    for (const auto& word : part->texts()) start.words.push_back(word);
    if (!start.words.empty() && start.words.front().find(' ') != std::string::npos)
      return {};  // lines, as Heroku has them
    start.line = part->is_sequence() && !part->items.empty() ? part->items.back().content_line : part->line;
  }
  start.complete = true;
  if (entry != nullptr || command != nullptr) return start;
  // Arguments alone go to what the image is: of Google's builder it is the name.
  const Node* named = image != nullptr ? image : node.get("name");
  if (named == nullptr || !named->is_scalar()) return start;
  start.words.insert(start.words.begin(), {"docker", "run", std::string(named->text())});
  return start;
}

void add_below(Places& places, const Node& node, std::string_view key);

void add_scalar(Places& places, const Node& node, std::string_view key) {
  if (node.text().starts_with("#!")) {
    auto script = commands_of_script(node.text());
    for (auto& command : script.commands) command.line += node.content_line - std::min(node.content_line, 1U);
    add_commands(places, script, std::string(key));
  } else if (holds_commands(key)) {
    add_commands(places, document::parse_shell(node.text(), options_at(node.content_line)), std::string(key));
  }
}

/// A provisioner of Terraform that runs when its resource goes, which is judged by itself.
bool runs_at_destruction(const Node& node, std::string_view own_key) {
  const Node* when = node.get("when");
  return text::is_one_of(own_key, {"local-exec", "remote-exec"}) && when != nullptr && when->text() == "destroy";
}

void add_mapping(Places& places, const Node& node, std::string_view own_key) {
  if (runs_at_destruction(node, own_key)) return;
  const auto start = start_of(node);
  if (!start.words.empty()) add_words(places, start.words, start.line, "command");
  // Of a task of Ansible; beside a script it names what starts it.
  const bool task = node.get("name") != nullptr && node.get("run") == nullptr && node.get("command") == nullptr;
  const bool holds = names_commands(own_key);
  for (const auto& member : node.members) {
    const auto key = member.key.text();
    if (start.complete && text::is_one_of(key, {"command", "args", "entrypoint"})) continue;
    if (holds && member.value.is_scalar())
      add_below(places, member.value, "command");
    else
      add_below(places, member.value, task && key == "shell" ? "script" : key);
  }
}

void add_below(Places& places, const Node& node, std::string_view key) {
  if (node.is_scalar()) add_scalar(places, node, key);
  if (node.is_mapping()) add_mapping(places, node, key);
  if (!node.is_sequence()) return;
  // Hooks of Terragrunt and data from programs are one command, and so are lists in a list of commands.
  const bool words = text::is_one_of(key, {"execute", "program", "argv"});
  const bool plain =
      std::all_of(node.items.begin(), node.items.end(), [](const Node& item) { return item.is_scalar(); });
  if (words && plain && !node.items.empty()) {
    add_words(places, node.texts(), node.line, key);
    return;
  }
  for (const auto& item : node.items) {
    if (item.is_sequence() && text::is_one_of(key, {"runcmd", "bootcmd"}))
      add_words(places, item.texts(), item.line, key);
    else
      add_below(places, item, key);
  }
}

/// Marks whom commands are for: `environments: {review: ...}`.
void tell_environment(Places& places, std::size_t first, std::string_view name) {
  for (auto i = first; i < places.size(); ++i)
    places[i].command.assignments.push_back(
        {std::string(document::standing_place), {std::string(name), false, false, 0}});
}

void add_platform_member(Places& places, const document::Member& member, std::string_view parent) {
  const auto key = member.key.text();
  const auto first = places.size();
  const bool named = text::is_one_of(parent, {"hooks", "dokku", "processes"});
  if (is_platform_key(key) || (named && member.value.is_scalar())) {
    add_below(places, member.value, "command");
  } else if (member.value.is_mapping()) {
    const bool below_all = parent.empty();  // scripts at the top are those of a package
    for (const auto& inner : member.value.members)
      add_platform_member(places, inner, key == "scripts" && !below_all ? "hooks" : key);
  }
  if (parent == "environments") tell_environment(places, first, key);
}

}  // namespace

void add_setting_commands(std::vector<CommandPlace>& places, const document::Node& root) {
  add_below(places, root, "");
}

void add_platform_commands(std::vector<CommandPlace>& places, const document::Node& root) {
  for (const auto& member : root.members) add_platform_member(places, member, "");
}

}  // namespace tollbar::rule
