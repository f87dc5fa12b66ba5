// Two readers of calls, as each knows languages that the other does not.
#include "reach/program_acts.h"

#include <algorithm>
#include <string_view>

#include "document/program_calls.h"
#include "document/shell.h"
#include "reach/local_imports.h"
#include "reach/powershell.h"
#include "reach/program_calls.h"
#include "text/lines.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kMostActs = 40;   // of one program
constexpr std::size_t kMostFiles = 60;  // that one program consists of

bool is_comment(std::string_view line) {
  line = text::trimmed(line);
  return line.starts_with("//") || line.starts_with('#') || line.starts_with('*');
}

/// Some act does the same to the same system.
bool does_again(const ProgramAct& act, const std::vector<ProgramAct>& acts) {
  return std::any_of(acts.begin(), acts.end(), [&](const ProgramAct& known) {
    return known.effect->system == act.effect->system && known.effect->action == act.effect->action;
  });
}

bool is_powershell(std::string_view path) {
  return path.ends_with(".ps1") || path.ends_with(".psm1");
}

}  // namespace

const std::vector<ProgramAct>& ProgramActs::of(const std::string& path) {
  const auto [known, fresh] = known_.try_emplace(path);
  auto& acts = known->second;
  if (!fresh || !(may_call_scripts(path) || is_powershell(path))) return acts;
  std::vector<std::string> files{path};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string file = files[i];
    const std::string program = text_of(file);
    const auto calls = is_powershell(file) ? powershell_calls(program).text : called_texts(program).text;
    for (auto& act : acts_of(program, calls)) {
      if (acts.size() == kMostActs || does_again(act, acts)) continue;
      act.path = file;
      acts.push_back(std::move(act));
    }
    for (auto& imported : local_imports(file, program, tree_))
      if (files.size() < kMostFiles && std::find(files.begin(), files.end(), imported) == files.end())
        files.push_back(std::move(imported));
  }
  return acts;
}

std::vector<ProgramAct> ProgramActs::of_step(const std::string& shell, const std::string& program) {
  if (shell == "pwsh" || shell == "powershell") return acts_of(program, powershell_calls(program).text);
  if (shell.starts_with("python") || shell.starts_with("node")) return acts_of(program, called_texts(program).text);
  return {};
}

std::string ProgramActs::text_of(const std::string& path) {
  const auto entry = tree_.find(path);
  return entry ? scripts_.text(tree_, *entry) : std::string();
}

std::vector<ProgramAct> ProgramActs::acts_of(const std::string& program, const std::string& calls) {
  std::vector<ProgramAct> acts;
  const auto add = [&](const document::Command& command) {
    for (const auto* effect : knowledge_.effects(command, {})) {
      ProgramAct act{effect, command.text(), "", command.line};
      if (acts.size() < kMostActs && !does_again(act, acts)) acts.push_back(std::move(act));
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
