// Two readers of calls, as each knows languages that the other does not.
#include "reach/program_acts.h"

#include <algorithm>
#include <string_view>

#include "document/program_calls.h"
#include "document/shell.h"
#include "reach/powershell.h"
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

bool is_powershell(std::string_view path) {
  return path.ends_with(".ps1") || path.ends_with(".psm1");
}

}  // namespace

const std::vector<ProgramAct>& ProgramActs::of(const std::string& path) {
  const auto [known, fresh] = known_.try_emplace(path);
  if (fresh && (may_call_scripts(path) || is_powershell(path))) known->second = read(path);
  return known->second;
}

std::vector<ProgramAct> ProgramActs::of_step(const std::string& shell, const std::string& program) {
  if (shell == "pwsh" || shell == "powershell") return acts_of(program, powershell_calls(program).text);
  if (shell.starts_with("python") || shell.starts_with("node")) return acts_of(program, called_texts(program).text);
  return {};
}

std::vector<ProgramAct> ProgramActs::read(const std::string& path) {
  const auto entry = tree_.find(path);
  if (!entry) return {};
  const std::string program = scripts_.text(tree_, *entry);
  return acts_of(program, (is_powershell(path) ? powershell_calls(program) : called_texts(program)).text);
}

std::vector<ProgramAct> ProgramActs::acts_of(const std::string& program, const std::string& calls) {
  std::vector<ProgramAct> acts;
  const auto add = [&](const document::Command& command) {
    for (const auto* effect : knowledge_.effects(command, {})) {
      const bool again = std::any_of(acts.begin(), acts.end(), [&](const ProgramAct& known) {
        return known.effect->system == effect->system && known.effect->action == effect->action;
      });
      if (!again && acts.size() < kMostActs) acts.push_back({effect, command.text(), command.line});
    }
  };
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
