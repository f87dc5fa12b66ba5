// The scripts of package.json and composer.json, as npm and Composer would run them.
#include "document/scripts.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tollbar::document {

namespace {

/// A command as Composer writes it: `@lint` is another script, `@php x` runs PHP.
std::string spelt_out(const std::string& command) {
  if (!command.starts_with('@')) return command;
  for (const std::string_view program : {"php", "composer"}) {
    const bool named = command.compare(1, program.size(), program) == 0;
    if (named && command.size() > program.size() + 1 && command[program.size() + 1] == ' ') return command.substr(1);
  }
  return command.starts_with("@putenv ") ? "export " + command.substr(8) : "composer run " + command.substr(1);
}

/// The text of a script; Composer's may be a list of which the first failure ends it.
std::string text_of(const Node& value) {
  std::string text;
  for (const auto& command : value.texts()) text += (text.empty() ? "" : "\n") + spelt_out(command);
  return text;
}

}  // namespace

std::vector<PackageScript> package_scripts(const Document& package_json, Failures failures) {
  std::vector<PackageScript> scripts;
  const Node* node = package_json.root().get("scripts");
  if (node == nullptr || !node->is_mapping()) return scripts;
  for (const Member& member : node->members) {
    const bool written = member.value.is_scalar() || member.value.is_sequence();
    if (!written || node->get(member.key.scalar) != &member.value) continue;
    ShellOptions options;
    options.failures = failures;
    options.errexit = member.value.is_sequence();
    options.first_line = std::max(1U, member.value.line);
    auto text = text_of(member.value);
    auto script = parse_shell(text, options);
    scripts.push_back({member.key.scalar, std::move(text), std::move(script), member.value.line});
  }
  return scripts;
}

}  // namespace tollbar::document
