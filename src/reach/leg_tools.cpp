// A leg's words are taken as they stand: the value behind the name, and every flag of the leg.
#include "reach/leg_tools.h"

#include <algorithm>

namespace tollbar::reach {
namespace {

/// The command as one leg runs it; no words where the leg says nothing about it.
document::Command filled_in(const document::Command& command, const Legs& legs, std::size_t leg,
                            const std::map<std::string, std::string>& env) {
  document::Command filled = command;
  filled.argv.clear();
  bool any = false;
  for (const auto& word : command.argv) {
    const auto values = legs.words_in(leg, word, env);
    filled.argv.push_back(word);
    if (values.empty()) continue;
    any = true;
    filled.argv.pop_back();
    const auto& text = values.front().text;
    for (std::size_t at = 0; at < text.size() || at == 0;) {  // an unquoted value is as many words as it has
      const auto end = word.quoted ? text.size() : std::min(text.find(' ', at), text.size());
      if (end > at || text.empty()) filled.argv.push_back({text.substr(at, end - at), false, word.quoted, word.line});
      at = end + 1;
    }
    for (const auto& [name, value] : legs.pairs(leg)) {
      if (value.starts_with('-')) filled.argv.push_back({value, false, false, word.line});
    }
  }
  if (!any) filled.argv.clear();
  return filled;
}

}  // namespace

LegTools tools_in_legs(const document::Command& command, const Legs& legs,
                       const std::map<std::string, std::string>& env, const Knowledge& knowledge) {
  LegTools result;
  for (std::size_t leg = 0; leg < legs.size(); ++leg) {
    const auto filled = filled_in(command, legs, leg, env);
    const CheckTool* tool = filled.argv.empty() ? nullptr : knowledge.check_tool(filled);
    if (tool == nullptr) continue;
    result.known = true;
    if (!knowledge.disarming(tool, essential_words(filled), env).why.empty()) result.disarmed.push_back(legs.text(leg));
  }
  return result;
}

}  // namespace tollbar::reach
