// A function hands on what a command of its own holds as a word: all of its arguments.
#include "document/handed_on.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

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

HandingFunctions::HandingFunctions(const Script& script) : script_(script) {
  for (const auto& inner : script.commands)
    if (!inner.context.function.empty()) note(inner, bodies_[inner.context.function]);
}

void HandingFunctions::note(const Command& inner, Body& body) {
  if (inner.program() == "shift") ++body.shifts;
  const auto all =
      std::find_if(inner.argv.begin(), inner.argv.end(), [](const Word& word) { return is_all_arguments(word.text); });
  if (all == inner.argv.end() || prints(inner.program())) return;
  const bool evaluates = inner.program() == "eval" || inner.program() == "exec" || inner.program() == "command";
  const auto at = static_cast<std::size_t>(all - inner.argv.begin());
  const Taker taker{&inner, at, body.shifts};
  if (at == (evaluates ? 1U : 0U)) {
    if (!body.runs) body.runs = taker;
  } else if (!body.adds && !stands_for(inner, inner.context.function)) {
    body.adds = taker;
  }
}

std::optional<Command> HandingFunctions::handed_on(const Command& command) const {
  if (command.argv.size() < 2 || command.argv.front().dynamic) return std::nullopt;
  const auto found = bodies_.find(command.argv.front().text);
  if (found == bodies_.end()) return std::nullopt;
  const auto takes = [&](const std::optional<Taker>& taker) {
    return taker && command.argv.size() >= 2 + taker->shifted;
  };
  const auto& body = found->second;
  const auto& taker = takes(body.runs) ? body.runs : body.adds;
  if (!takes(taker)) return std::nullopt;
  auto handed = command;
  handed.argv.erase(handed.argv.begin(), handed.argv.begin() + static_cast<std::ptrdiff_t>(1 + taker->shifted));
  if (&taker == &body.adds)
    handed.argv.insert(handed.argv.begin(), taker->command->argv.begin(),
                       taker->command->argv.begin() + static_cast<std::ptrdiff_t>(taker->at));
  return handed;
}

std::optional<Command> handed_on(const Command& command, const Script& script) {
  return HandingFunctions(script).handed_on(command);
}

}  // namespace tollbar::document
