// A function hands on what a command of its own has as its first word: all of its arguments.
#include "document/handed_on.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace tollbar::document {
namespace {

bool is_all_arguments(std::string_view word) {
  return word == "$@" || word == "$*" || word == "${@}" || word == "${*}";
}

}  // namespace

std::optional<Command> handed_on(const Command& command, const Script& script) {
  if (command.argv.size() < 2 || command.argv.front().dynamic) return std::nullopt;
  const auto& name = command.argv.front().text;
  std::size_t shifted = 0;
  for (const auto& inner : script.commands) {
    if (inner.context.function != name || inner.argv.empty()) continue;
    if (inner.program() == "shift") ++shifted;
    const bool evaluates = inner.program() == "eval" || inner.program() == "exec" || inner.program() == "command";
    const std::size_t first = evaluates && inner.argv.size() > 1 ? 1 : 0;
    if (!is_all_arguments(inner.argv[first].text)) continue;
    if (command.argv.size() < 2 + shifted) return std::nullopt;
    auto handed = command;
    handed.argv.erase(handed.argv.begin(), handed.argv.begin() + static_cast<std::ptrdiff_t>(1 + shifted));
    return handed;
  }
  return std::nullopt;
}

}  // namespace tollbar::document
