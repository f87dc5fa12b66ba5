// Strings inside the parentheses behind names that start processes; what is computed is left out.
#include "reach/program_calls.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <vector>

namespace tollbar::reach {
namespace {

constexpr std::array<std::string_view, 13> endings{".py", ".js",  ".mjs",  ".cjs",    ".ts",  ".mts",    ".rb",
                                                   ".pl", ".php", ".rake", ".groovy", ".lua", "Rakefile"};

/// Names of functions that start a process.
constexpr std::array<std::string_view, 20> starters{
    "subprocess.run", "subprocess.call", "check_call", "check_output", "Popen",       "os.system", "os.popen",
    "execSync",       "execFileSync",    "execFile",   "spawnSync",    "spawn",       "execa",     "exec",
    "system",         "popen",           "shell_exec", "passthru",     "run_command", "sh"};

constexpr std::size_t kLongestCall = 2000;

bool is_name(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
}

/// A starter that ends right before `open`, where its arguments begin.
bool is_started(std::string_view text, std::size_t open) {
  std::size_t end = open;
  while (end > 0 && text[end - 1] == ' ') --end;
  return std::any_of(starters.begin(), starters.end(), [&](std::string_view name) {
    if (end < name.size() || text.substr(end - name.size(), name.size()) != name) return false;
    return end == name.size() || !is_name(text[end - name.size() - 1]);
  });
}

/// The string that begins at `at`; `at` is moved behind it.
std::string read_string(std::string_view text, std::size_t& at) {
  const char quote = text[at++];
  std::string result;
  while (at < text.size() && text[at] != quote && text[at] != '\n') {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    result += text[at++];
  }
  if (at < text.size()) ++at;
  return result;
}

/// The words that the arguments behind `open` spell out: the first string alone, or all strings of a first list.
std::string words_behind(std::string_view text, std::size_t open) {
  std::string words;
  int depth = 0;
  const std::size_t last = std::min(text.size(), open + kLongestCall);
  for (std::size_t at = open; at < last;) {
    const char c = text[at];
    if (c == '(' || c == '[') ++depth;
    if ((c == ')' || c == ']') && --depth <= 0) break;
    const bool keyword = c == '=' || c == '{';  // `cwd="x"`, options of Node
    if (keyword && !words.empty()) break;
    if (c != '"' && c != '\'' && c != '`') {
      ++at;
      continue;
    }
    const std::string word = read_string(text, at);
    if (word.empty()) continue;
    words += (words.empty() ? "" : " ") + word;
  }
  return std::find(words.begin(), words.end(), '\n') == words.end() ? words : std::string();
}

}  // namespace

bool may_call_scripts(std::string_view path) {
  return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return path.ends_with(ending); });
}

ScriptCache::Line called_texts(const std::string& program) {
  ScriptCache::Line found;
  std::vector<std::string> lines(static_cast<std::size_t>(std::count(program.begin(), program.end(), '\n')) + 1);
  std::size_t number = 0;
  bool any = false;
  for (std::size_t at = 0; at < program.size(); ++at) {
    if (program[at] == '\n') ++number;
    const bool bare = (program[at] == '"' || program[at] == '\'') && at > 0 && program[at - 1] == ' ';  // `system "x"`
    if ((program[at] != '(' && !bare) || !is_started(program, at)) continue;
    std::size_t end = at;
    auto words = bare ? read_string(program, end) : words_behind(program, at);
    if (words.empty()) continue;
    any = true;
    lines[number] += (lines[number].empty() ? "" : "; ") + words;
  }
  if (!any) return found;
  for (const auto& line : lines) found.text += line + '\n';
  return found;
}

std::vector<std::string> loaded_modules(std::string_view program) {
  std::vector<std::string> modules;
  for (const std::string_view loader : {"require(", "import("}) {
    for (std::size_t at = program.find(loader); at != std::string_view::npos; at = program.find(loader, at)) {
      at += loader.size();
      const char quote = at < program.size() ? program[at] : '\0';
      if (quote == '"' || quote == '\'' || quote == '`') modules.push_back(read_string(program, at));
    }
  }
  return modules;
}

}  // namespace tollbar::reach
