// Two readers of calls, as each knows languages that the other does not.
#include "reach/program_acts.h"

#include <algorithm>
#include <string_view>

#include "document/program_calls.h"
#include "document/shell.h"
#include "reach/program_calls.h"
#include "text/lines.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kMostActs = 40;  // of one program

bool is_comment(std::string_view line) {
  line = text::trimmed(line);
  return line.starts_with("//") || line.starts_with('#') || line.starts_with('*');
}

}  // namespace

const std::vector<ProgramAct>& ProgramActs::of(const std::string& path) {
  const auto [known, fresh] = known_.try_emplace(path);
  if (fresh && may_call_scripts(path)) known->second = read(path);
  return known->second;
}

std::vector<ProgramAct> ProgramActs::read(const std::string& path) {
  std::vector<ProgramAct> acts;
  const auto entry = tree_.find(path);
  if (!entry) return acts;
  const std::string program = scripts_.text(tree_, *entry);
  const auto add = [&](const document::Command& command) {
    for (const auto* effect : knowledge_.effects(command, {})) {
      const bool again = std::any_of(acts.begin(), acts.end(), [&](const ProgramAct& known) {
        return known.effect->system == effect->system && known.effect->action == effect->action;
      });
      if (!again && acts.size() < kMostActs) acts.push_back({effect, command.text(), command.line});
    }
  };
  const auto calls = called_texts(program).text;
  std::vector<std::string_view> lines;
  for (const auto line : text::Lines(program)) lines.push_back(line);
  std::uint32_t number = 0;
  for (const auto text : text::Lines(calls)) {
    ++number;
    if (text.empty() || number > lines.size() || is_comment(lines[number - 1])) continue;
    for (const auto& command : document::parse_shell(text, {true, false, number}).commands) add(command);
  }
  for (const auto& command : document::program_commands(program).commands) add(command);
  return acts;
}

}  // namespace tollbar::reach
