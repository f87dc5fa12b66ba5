// Which reader finds the commands of which format.
#include "rule/file_commands.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <utility>

#include "document/command_identity.h"
#include "document/far_commands.h"
#include "document/handed_on.h"
#include "document/inline_programs.h"
#include "document/program_calls.h"
#include "document/scripts.h"
#include "rule/credential_folder.h"
#include "rule/standing_target.h"
#include "text/lines.h"
#include "text/pattern.h"
#include "text/replaced.h"

namespace tollbar::rule {
namespace {

/// The text without what a template engine fills in, with its lines in place: `{{- if .Values.x }}` goes, `{{ .Values.y
/// }}` within a line becomes a variable.
std::string without_templates(std::string_view text) {
  static const text::Pattern whole_line(R"((?m)^[ \t]*(?:\{\{(?:[^}]|\}(?!\}))*\}\}[ \t]*)+$)");
  static const text::Pattern within(R"(\{\{(?:[^}]|\}(?!\}))*\}\})");
  std::string bare;
  std::size_t done = 0;
  text::each_match(whole_line, text, [&](const text::Match& match) {
    bare += text.substr(done, match.begin - done);
    bare.append(static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(match.begin),
                                                    text.begin() + static_cast<std::ptrdiff_t>(match.end), '\n')),
                '\n');
    done = match.end;
  });
  bare += text.substr(done);
  return text::replaced(bare, within, "${value}");
}

/// A manifest of a cluster, containers composed, a play, or what a machine does when it starts for the first time.
bool may_hold_commands(std::string_view text) {
  const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  return (has("apiVersion") && has("kind")) || (has("hosts:") && (has("tasks:") || has("roles:"))) ||
         (has("services:") && (has("command:") || has("entrypoint:"))) || has("#cloud-config");
}

void add_setting_texts(std::vector<CommandPlace>& places, std::string_view text) {
  if (!may_hold_commands(text)) return;
  const bool templated = text.find("{{") != std::string_view::npos;
  const auto document = document::read_yaml(templated ? without_templates(text) : std::string(text));
  for (const auto& root : document.roots) add_setting_commands(places, root);
}

/// A table of times or of processes as a script: each line without what stands before its command. Empty for any other
/// text.
std::string commands_of_table(std::string_view text) {
  static const text::Pattern timed(
      R"(^\s*(?:(?:[\d*][\d*/,-]*\s+){2}(?:[\w*/,-]+\s+){3}|@(?:reboot|hourly|daily|weekly|monthly|yearly|annually|midnight)\s+))");
  static const text::Pattern process(R"(^[A-Za-z][\w-]*:[ \t]+(?=\S))");
  std::string script;
  std::size_t entries = 0;
  for (const auto line : text::Lines(text)) {
    const auto first = line.find_first_not_of(" \t\r");
    const bool setting = line.find('=') < line.find(' ');
    if (first == std::string_view::npos || line[first] == '#' || setting) {
      script += '\n';
      continue;
    }
    auto match = timed.find(line);
    if (!match) match = process.find(line);
    if (!match) return {};
    ++entries;
    const auto command = line.substr(match->end);
    // In a table of the system's a user comes before the command: read as one or without one.
    static const text::Pattern user(R"(^[a-z_][a-z0-9_-]*\s+(?=[a-z/]))");
    script.append(command);
    if (const auto named = user.find(command)) script.append(" ; ").append(command.substr(named->end));
    script += '\n';
  }
  return entries > 0 ? script : std::string();
}

/// What a unit of systemd runs as a script, line by line: `ExecStartPre=-/usr/bin/mkdir -p /srv`. Empty for any other
/// text, blank for a unit that runs nothing.
std::string commands_of_unit(std::string_view text) {
  static const text::Pattern section(R"(^(?:\s*(?:[#;].*)?\n)*\[[A-Z][\w -]*\]\s*(?:\n|$))");
  static const text::Pattern runs(R"(^[ \t]*Exec(?:Start|Stop|Reload|Condition)(?:Pre|Post)?[ \t]*=[ \t]*[-@:+!|]*)");
  if (!section.matches(text)) return {};
  std::string script;
  bool goes_on = false;
  for (const auto line : text::Lines(text)) {
    const auto match = goes_on ? std::nullopt : runs.find(line);
    if (match) script += line.substr(match->end);
    if (goes_on) script += line;
    goes_on = (match || goes_on) && line.ends_with('\\');
    script += '\n';
  }
  return script;
}

/// The aliases of a script: `alias k8=kubectl`.
class Aliases {
 public:
  explicit Aliases(const document::Script& script) {
    for (const auto& command : script.commands)
      if (command.program() == "alias")
        for (const auto& word : command.argv)
          if (const auto equals = word.text.find('='); equals != std::string::npos)
            known_.try_emplace(word.text.substr(0, equals), Alias{word.text.substr(equals + 1), command.line});
  }

  /// The command with what stands for its first word.
  std::optional<document::Command> without(const document::Command& command) const {
    const auto found = known_.find(std::string(command.program()));
    if (found == known_.end() || found->second.line > command.line) return std::nullopt;
    auto words = document::parse_shell(found->second.value).commands;
    if (words.size() != 1) return std::nullopt;
    auto spelt_out = command;
    spelt_out.argv = std::move(words.front().argv);
    spelt_out.argv.insert(spelt_out.argv.end(), command.argv.begin() + 1, command.argv.end());
    return spelt_out;
  }

 private:
  struct Alias {
    std::string value;
    std::uint32_t line = 0;
  };
  std::unordered_map<std::string, Alias> known_;
};

}  // namespace

void add_commands(std::vector<CommandPlace>& places, const document::Script& script, const std::string& subject) {
  const auto first = places.size();
  const Aliases aliases(script);
  const document::HandingFunctions functions(script);
  CredentialFolder folder;
  for (const auto& command : script.commands) {
    const auto add = [&](const document::Command& one) {
      places.push_back({one, document::identity(one), subject, one.line});
    };
    if (!command.argv.empty() || !command.redirections.empty()) add(folder.follow(command));
    for (const auto& inner : document::inline_commands(command)) add(inner);
    if (const auto spelt_out = aliases.without(command)) add(*spelt_out);
    if (const auto handed = functions.handed_on(command)) add(*handed);
    for (const auto& far : document::far_commands(command)) add(far);
  }
  tell_chosen_targets(places, first);
  std::vector<document::Command*> added;
  for (std::size_t i = first; i < places.size(); ++i) added.push_back(&places[i].command);
  tell_applied_plans(added);
}

document::Script commands_of_script(std::string_view text) {
  auto table = commands_of_unit(text);
  if (table.empty()) table = commands_of_table(text);
  auto script = document::parse_shell(table.empty() ? text : std::string_view(table),
                                      {false, false, 1, document::Failures::left_out});
  static constexpr std::string_view others[] = {"python", "node", "ruby", "php", "perl", "zx", "deno", "bun"};
  const bool other = std::any_of(std::begin(others), std::end(others),
                                 [&](std::string_view name) { return script.interpreter.starts_with(name); });
  return other ? document::program_commands(text) : script;
}

std::vector<CommandPlace> commands_of(document::Format format, std::string_view text,
                                      const document::Document* document) {
  constexpr auto failures = document::Failures::left_out;  // no rule asks what they do
  std::vector<CommandPlace> places;
  switch (format) {
    case document::Format::shell:
      add_commands(places, commands_of_script(text), "");
      break;
    case document::Format::program:
      add_commands(places, document::program_commands(text), "");
      break;
    case document::Format::dockerfile:
      for (const auto& instruction : document::read_dockerfile(text, failures).instructions)
        add_commands(places, instruction.script, instruction.name);
      break;
    case document::Format::makefile:
      for (const auto& target : document::read_makefile(text, failures).targets)
        add_commands(places, target.recipe, "target " + target.name);
      break;
    case document::Format::justfile:
      for (const auto& target : document::read_justfile(text, failures).targets)
        add_commands(places, target.recipe, "recipe " + target.name);
      break;
    case document::Format::json:
      for (const auto& script : document::package_scripts(*document, failures))
        add_commands(places, script.script, "scripts." + script.name);
      for (const auto& root : document->roots) add_platform_commands(places, root);
      break;
    case document::Format::yaml:
    case document::Format::toml:
    case document::Format::hcl:
      for (const auto& root : document->roots) add_setting_commands(places, root);
      break;
    case document::Format::none:
      add_setting_texts(places, text);
      break;
    default:
      break;
  }
  return places;
}

}  // namespace tollbar::rule
