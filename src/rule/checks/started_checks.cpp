#include "rule/checks/started_checks.h"

#include "document/shell.h"
#include "reach/program_calls.h"
#include "text/lines.h"

namespace tollbar::rule {

std::vector<StartedCheck> started_checks(const std::string& program, const reach::Knowledge& knowledge) {
  std::vector<StartedCheck> checks;
  const auto calls = reach::called_texts(program).text;
  std::uint32_t line = 0;
  for (const auto text : text::Lines(calls)) {
    ++line;
    for (const auto& command : document::parse_shell(text).commands)
      if (const auto* tool = knowledge.check_tool(command)) checks.push_back({tool, std::string(text), line});
  }
  return checks;
}

}  // namespace tollbar::rule
