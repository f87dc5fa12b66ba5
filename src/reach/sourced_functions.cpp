// A sourced file lies with its commands behind the one that sources it.
#include "reach/sourced_functions.h"

#include <utility>

#include "document/command_identity.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

/// `alias go=true`, but not `alias ls='ls --color'`.
void add_aliases(const document::Command& command, std::set<std::string>& names) {
  for (std::size_t i = 1; i < command.argv.size(); ++i) {
    const std::string_view word = command.argv[i].text;
    const auto equals = word.find('=');
    if (equals == std::string_view::npos || word.starts_with('-')) continue;
    const auto name = word.substr(0, equals), value = word.substr(equals + 1);
    if (text::base_name(value.substr(0, value.find(' '))) != name) names.emplace(name);
  }
}

}  // namespace

std::set<std::string> functions_defined(const StepItems& step, std::size_t from) {
  std::set<std::string> names, handing_on;
  for (std::size_t i = from; i < step.commands.size(); ++i) {
    const document::Command& inner = *step.commands[i].command;
    if (inner.program() == "alias") add_aliases(inner, names);
    if (inner.context.function.empty()) continue;
    names.insert(inner.context.function);
    const auto words = document::essential(inner);
    if (!words.empty() && text::base_name(words.front().text) == inner.context.function)
      handing_on.insert(inner.context.function);
  }
  for (const auto& name : handing_on) names.erase(name);
  return names;
}

std::shared_ptr<const document::Command> as_redefined(document::Command command) {
  command.context.shadowed = true;
  return std::make_shared<const document::Command>(std::move(command));
}

}  // namespace tollbar::reach
