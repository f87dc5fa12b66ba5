// A function hands on what a command of its own holds as a word: all of its arguments.
#include "document/handed_on.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

namespace tollbar::document {
namespace {

bool is_all_arguments(std::string_view word) {
  return word == "$@" || word == "$*" || word == "${@}" || word == "${*}";
}

bool prints(std::string_view program) {
  constexpr std::string_view kPrinting[] = {"echo", "printf", "log", "info", "print", "local", "set", "test", "["};
  return std::find(std::begin(kPrinting), std::end(kPrinting), program) != std::end(kPrinting);
}

/// The function runs the program whose name it bears, in some way: `docker run quay.io/x/skopeo "$@"`.
bool stands_for(const Command& inner, std::string_view name) {
  const auto is_part = [](char byte) { return byte == '/' || byte == ':' || byte == '@'; };
  return std::any_of(inner.argv.begin(), inner.argv.end(), [&](const Word& word) {
    for (auto at = word.text.find(name); at != std::string::npos; at = word.text.find(name, at + 1)) {
      const auto end = at + name.size();
      if ((at == 0 || is_part(word.text[at - 1])) && (end == word.text.size() || is_part(word.text[end]))) return true;
    }
    return false;
  });
}

}  // namespace

std::optional<Command> handed_on(const Command& command, const Script& script) {
  if (command.argv.size() < 2 || command.argv.front().dynamic) return std::nullopt;
  const auto& name = command.argv.front().text;
  std::optional<Command> forwarded;
  std::size_t shifted = 0;
  for (const auto& inner : script.commands) {
    if (inner.context.function != name || inner.argv.empty()) continue;
    if (inner.program() == "shift") ++shifted;
    if (prints(inner.program()) || command.argv.size() < 2 + shifted) continue;
    const auto all = std::find_if(inner.argv.begin(), inner.argv.end(),
                                  [](const Word& word) { return is_all_arguments(word.text); });
    if (all == inner.argv.end()) continue;
    const bool evaluates = inner.program() == "eval" || inner.program() == "exec" || inner.program() == "command";
    const auto before = all - inner.argv.begin();
    auto handed = command;
    handed.argv.erase(handed.argv.begin(), handed.argv.begin() + static_cast<std::ptrdiff_t>(1 + shifted));
    if (before == (evaluates && inner.argv.size() > 1 ? 1 : 0)) return handed;
    if (forwarded || stands_for(inner, name)) continue;
    handed.argv.insert(handed.argv.begin(), inner.argv.begin(), all);
    forwarded = std::move(handed);
  }
  return forwarded;
}

}  // namespace tollbar::document
