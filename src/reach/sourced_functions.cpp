// A sourced file lies with its commands behind the one that sources it.
#include "reach/sourced_functions.h"

#include <utility>

#include "document/command_identity.h"
#include "text/words.h"

namespace tollbar::reach {

std::set<std::string> functions_defined(const ExecutedStep& step, std::size_t from) {
  std::set<std::string> names, handing_on;
  for (std::size_t i = from; i < step.commands.size(); ++i) {
    const document::Command& inner = *step.commands[i].command;
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
