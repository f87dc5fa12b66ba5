// The value is read as the shell reads it, and only where nothing in it depends on anything else.
#include "reach/held_command.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "text/words.h"

namespace tollbar::reach {
namespace {

/// The name in `$NAME`, `${NAME}` and `${{ env.NAME }}`; empty where the word is anything else.
std::string_view variable_of(std::string_view word) {
  if (word.starts_with("${{") && word.ends_with("}}")) {
    const auto inside = text::trimmed(word.substr(3, word.size() - 5));
    return inside.starts_with("env.") ? inside.substr(4) : std::string_view();
  }
  if (!word.starts_with('$')) return {};
  word.remove_prefix(1);
  if (word.starts_with('{') && word.ends_with('}')) word = word.substr(1, word.size() - 2);
  const bool plain = std::all_of(word.begin(), word.end(),
                                 [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
  return plain ? word : std::string_view();
}

}  // namespace

std::optional<document::Command> held_command(const document::Command& command,
                                              const std::map<std::string, std::string>& environment) {
  if (command.argv.empty() || !command.argv.front().dynamic) return std::nullopt;
  const auto found = environment.find(std::string(variable_of(command.argv.front().text)));
  if (found == environment.end() || found->second.find('$') != std::string::npos) return std::nullopt;
  const auto value = document::parse_shell(found->second, {false, false, command.line, document::Failures::left_out});
  if (value.commands.size() != 1 || !value.problems.empty()) return std::nullopt;
  const auto& held = value.commands.front();
  if (held.argv.empty() || !held.assignments.empty() || !held.redirections.empty()) return std::nullopt;
  auto filled = command;
  filled.argv.erase(filled.argv.begin());
  filled.argv.insert(filled.argv.begin(), held.argv.begin(), held.argv.end());
  return filled;
}

std::optional<document::Command> handed_by_function(const document::Command& command,
                                                    const document::HandingFunctions& functions) {
  if (!command.context.shadowed) return std::nullopt;
  auto handed = functions.handed_on(command);
  if (handed) handed->context.shadowed = functions.has(handed->program());
  return handed;
}

}  // namespace tollbar::reach
