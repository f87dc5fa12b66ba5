// Strings inside the parentheses behind names that start processes; what is computed is left out.
#include "reach/program_calls.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <vector>

namespace tollbar::reach {
namespace {

constexpr std::array<std::string_view, 17> endings{".py", ".js", ".mjs",    ".cjs",  ".ts",     ".mts",
                                                   ".rb", ".pl", ".php",    ".rake", ".groovy", ".lua",
                                                   ".go", ".rs", ".gradle", ".kts",  "Rakefile"};

/// Names of functions that start a process.
constexpr std::array<std::string_view, 30> starters{"exec.Command",
                                                    "exec.CommandContext",
                                                    "cmd!",
                                                    "create_subprocess_exec",
                                                    "create_subprocess_shell",
                                                    "Command::new",
                                                    "commandLine",
                                                    "sh.Run",
                                                    "sh.RunV",
                                                    "sh.RunWith",
                                                    "subprocess.run",
                                                    "subprocess.call",
                                                    "check_call",
                                                    "check_output",
                                                    "Popen",
                                                    "os.system",
                                                    "os.popen",
                                                    "execSync",
                                                    "execFileSync",
                                                    "execFile",
                                                    "spawnSync",
                                                    "spawn",
                                                    "execa",
                                                    "exec",
                                                    "system",
                                                    "popen",
                                                    "shell_exec",
                                                    "passthru",
                                                    "run_command",
                                                    "sh"};

/// Tools that a program of their own language calls as a library.
struct Entry {
  std::string_view function, program;
};
constexpr std::array<Entry, 4> entries{
    {{"tox.cmdline", "tox"}, {"tox.run.main", "tox"}, {"nox.main", "nox"}, {"pytest.main", "pytest"}}};

/// The interpreter that runs the program itself.
constexpr std::array<Entry, 3> interpreters{
    {{"sys.executable", "python"}, {"process.execPath", "node"}, {"RbConfig.ruby", "ruby"}}};

constexpr std::size_t kLongestCall = 2000;
constexpr std::size_t kFarthestValue = 8000;  // bytes between a name's value and the call that uses it

bool is_name(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
}

/// The name stands right before `end`.
bool stands_before(std::string_view text, std::size_t end, std::string_view name) {
  if (end < name.size() || text.substr(end - name.size(), name.size()) != name) return false;
  return end == name.size() || !is_name(text[end - name.size() - 1]);
}

/// A starter that ends right before `open`, where its arguments begin.
bool is_started(std::string_view text, std::size_t open) {
  std::size_t end = open;
  while (end > 0 && text[end - 1] == ' ') --end;
  return std::any_of(starters.begin(), starters.end(),
                     [&](std::string_view name) { return stands_before(text, end, name); });
}

/// The tool whose entry ends right before `open`; empty where none does.
std::string_view entered_tool(std::string_view text, std::size_t open) {
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& one) { return stands_before(text, open, one.function); });
  return entry == entries.end() ? std::string_view() : entry->program;
}

/// The interpreter that is named at `at`; null where none is.
const Entry* interpreter_at(std::string_view text, std::size_t at) {
  const auto found = std::find_if(interpreters.begin(), interpreters.end(),
                                  [&](const Entry& one) { return text.substr(at).starts_with(one.function); });
  return found == interpreters.end() ? nullptr : found;
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

/// `'bash', 'x.sh'`: the strings of a list without brackets, on one line.
std::string read_list(std::string_view text, std::size_t& at) {
  std::string words = read_string(text, at);
  while (text.substr(at).starts_with(", ") && at + 2 < text.size() && (text[at + 2] == '"' || text[at + 2] == '\'')) {
    at += 2;
    words += " " + read_string(text, at);
  }
  return words;
}

/// Where the parentheses of the next `.arg(` or `.args(` open, behind other calls on the same command; the end where
/// there are none.
std::size_t next_arguments(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 6> kOthers{".current_dir(", ".env(",   ".envs(",
                                                    ".env_remove(",  ".stdin(", ".stdout("};
  while ((at = text.find_first_not_of(" \n\r\t", at)) != std::string_view::npos) {
    const auto rest = text.substr(at);
    if (rest.starts_with(".arg")) return std::min(text.find('(', at), text.size());
    if (std::none_of(kOthers.begin(), kOthers.end(), [&](auto other) { return rest.starts_with(other); })) break;
    at = text.find(')', at);
    if (at == std::string_view::npos) break;
    while (at < text.size() && text[at] == ')') ++at;
  }
  return text.size();
}

/// The name that alone is an argument behind `open`: of `subprocess.run(cmd, check=True)`, `execSync(cmd)`.
std::string_view argument_named(std::string_view text, std::size_t open) {
  std::size_t begin = open + 1;
  while (begin < text.size() && std::isspace(static_cast<unsigned char>(text[begin])) != 0) ++begin;
  std::size_t end = begin;
  while (end < text.size() && is_name(text[end])) ++end;
  const bool alone = end > begin && std::isdigit(static_cast<unsigned char>(text[begin])) == 0 && end < text.size() &&
                     (text[end] == ',' || text[end] == ')');
  return alone ? text.substr(begin, end - begin) : std::string_view();
}

/// Where the value begins that the name was last given before `at`: `cmd = [...]`, `const cmd = "..."`; the end of the
/// text where it was given none there, or what is more than a list or a string.
std::size_t value_before(std::string_view text, std::size_t at, std::string_view name) {
  const std::size_t first = at - std::min(at, kFarthestValue);
  const auto before = text.substr(first, at - first);
  for (auto found = before.rfind(name); found != std::string_view::npos && found > 0;
       found = before.rfind(name, found - 1)) {
    const bool begins = !is_name(before[found - 1]) && before[found - 1] != '.';
    auto next = text.find_first_not_of(" \t", first + found + name.size());
    if (next == std::string_view::npos || !begins) continue;
    if (text.substr(next).starts_with(": ")) next = text.find('=', next);  // `cmd: list[str] = [...]`
    if (next == std::string_view::npos || text[next] != '=' || text.substr(next).starts_with("==")) continue;
    next = text.find_first_not_of(" \t", next + 1);
    const bool spelled = next != std::string_view::npos &&
                         (text[next] == '[' || text[next] == '(' || text[next] == '"' || text[next] == '\'');
    return spelled ? next : text.size();
  }
  return text.size();
}

/// The words that the arguments behind `open` spell out: the first string alone, or all strings of a first list.
std::string words_behind(std::string_view text, std::size_t open) {
  std::string words;
  int depth = 0;
  const std::size_t last = std::min(text.size(), open + kLongestCall);
  for (std::size_t at = open; at < last;) {
    const char c = text[at];
    if (c == '(' || c == '[') ++depth;
    if ((c == ')' || c == ']') && --depth <= 0) {
      // `Command::new("bash").current_dir("x").arg("x.sh")`
      const auto next = next_arguments(text, at + 1);
      if (next >= last) break;
      at = next;
      depth = 0;
      continue;
    }
    if (const auto* own = words.empty() ? interpreter_at(text, at) : nullptr) {
      words = own->program;
      at += own->function.size();
      continue;
    }
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

/// The words of the value of `name`, which is the first argument behind `open`, and of a list right behind it:
/// `spawn(npm, ["publish"])`.
std::string held_words(std::string_view text, std::size_t open, std::string_view name) {
  auto at = value_before(text, open, name);
  if (at >= text.size()) return {};
  std::string words = text[at] == '[' || text[at] == '(' ? words_behind(text, at) : read_string(text, at);
  const auto next = text.find_first_not_of(" ,\n", text.find(name, open) + name.size());
  if (!words.empty() && next < text.size() && text[next] == '[') words += " " + words_behind(text, next);
  return words;
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
    const auto tool = program[at] == '(' ? entered_tool(program, at) : std::string_view();
    const bool shell = program[at] == '`' && at > 0 && program[at - 1] == '$' &&
                       (at < 2 || !is_name(program[at - 2]));  // `` $`npm publish` ``
    if (!shell && ((program[at] != '(' && !bare) || (tool.empty() && !is_started(program, at)))) continue;
    std::size_t end = at;
    const auto name = shell || bare ? std::string_view() : argument_named(program, at);
    auto words = name.empty() ? std::string() : held_words(program, at, name);
    if (words.empty())
      words = shell ? read_string(program, end) : bare ? read_list(program, end) : words_behind(program, at);
    if (words.empty()) continue;
    if (!tool.empty()) words = std::string(tool) + " " + words;
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
