// Scripts of steps, whatever shell a CI system starts them with.
#include "pipeline/readers/script_shell.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "pipeline/readers/fields.h"
#include "text/ascii.h"
#include "text/words.h"

namespace tollbar::pipeline {
namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(" \t\r\n", at)) != std::string_view::npos;) {
    const auto end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

bool is_variable_byte(char c) {
  return (c >= '0' && c <= '9') || c == '_' || (text::ascii_lower(c) >= 'a' && text::ascii_lower(c) <= 'z');
}

/// The end of `%NAME%` that starts at `at`; npos where none does.
std::size_t variable_end(std::string_view line, std::size_t at) {
  auto end = at + 1;
  while (end < line.size() && is_variable_byte(line[end])) ++end;
  return end > at + 1 && end < line.size() && line[end] == '%' ? end : std::string_view::npos;
}

bool drop_word(std::string_view& line, std::string_view word) {
  if (text::ascii_lower(line.substr(0, word.size())) != word) return false;
  if (line.size() > word.size() && line[word.size()] != ' ' && line[word.size()] != '\t') return false;
  line.remove_prefix(word.size());
  return true;
}

void drop_blanks(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
}

std::string_view take_word(std::string_view& line) {
  drop_blanks(line);
  const auto word = line.substr(0, std::min(line.find_first_of(" \t\r"), line.size()));
  line.remove_prefix(word.size());
  drop_blanks(line);
  return word;
}

/// Takes `if [/i] [not] defined NAME`, `exist PATH`, `errorlevel N` or `A==B` off a line and gives it as a test of
/// POSIX; empty where the line holds none or opens a block.
std::string take_condition(std::string_view& line) {
  auto rest = line;
  if (!drop_word(rest, "if")) return {};
  drop_blanks(rest);
  if (drop_word(rest, "/i")) drop_blanks(rest);
  const bool negated = drop_word(rest, "not");
  drop_blanks(rest);
  std::string test;
  if (drop_word(rest, "defined")) {
    test = "[ -n \"${" + std::string(take_word(rest)) + "}\" ]";
  } else if (drop_word(rest, "exist")) {
    test = "[ -e \"" + std::string(take_word(rest)) + "\" ]";
  } else if (drop_word(rest, "errorlevel")) {
    test = "[ \"$?\" -ge " + std::string(take_word(rest)) + " ]";
  } else {
    const auto word = take_word(rest);
    const auto equals = word.find("==");
    if (equals == std::string_view::npos) return {};
    test = "[ \"" + std::string(word.substr(0, equals)) + "\" = \"" + std::string(word.substr(equals + 2)) + "\" ]";
  }
  if (rest.empty() || rest.front() == '(') return {};
  line = rest;
  return (negated ? "! " : "") + test;
}

std::string posix_line(std::string_view line) {
  const auto start = std::min(line.find_first_not_of(" \t"), line.size());
  std::string result(line.substr(0, start));
  line.remove_prefix(start);
  if (line.starts_with('@')) line.remove_prefix(1);
  if (line.starts_with("::") || drop_word(line, "rem")) return result + "#";
  if (const auto test = take_condition(line); !test.empty())
    return result + "if " + posix_line(test) + "; then " + posix_line(line) + "; fi";
  if (drop_word(line, "call")) line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto end = line[i] == '%' ? variable_end(line, i) : std::string_view::npos;
    if (end != std::string_view::npos) {
      result += "${" + std::string(line.substr(i + 1, end - i - 1)) + "}";
      i = end;
    } else if (line[i] == '\\') {
      result += '/';
    } else if (line[i] == '&' && i + 1 < line.size() && line[i + 1] != '&' && i > 0 && line[i - 1] == ' ') {
      // cmd's `&` runs one after the other, whatever the first says; `%errorlevel%` may still be asked for it.
      const bool asked = text::ascii_lower(line.substr(i)).find("%errorlevel%") != std::string::npos;
      result += asked ? ";" : "|| :;";
    } else if (line[i] != '\r') {
      result += line[i] == '\'' ? '"' : line[i];  // an apostrophe quotes nothing in cmd
    }
  }
  constexpr std::string_view leave = "exit /b";
  if (const auto at = result.find(leave); at != std::string::npos) result.erase(at + leave.size() - 3, 3);
  return result;
}

ScriptSection section_of(const document::Node& written) {
  if (!written.is_scalar()) return read_section(written);
  const auto line = written.content_line != 0 ? written.content_line : script_line(written);
  return {written.scalar, written.scalar, line};
}

}  // namespace

ShellStart read_shell(std::string_view command_line) {
  ShellStart start;
  const auto words = words_of(command_line);
  if (words.empty()) return start;
  std::string_view program = words.front();
  if (const auto slash = program.find_last_of("/\\"); slash != std::string_view::npos) program.remove_prefix(slash + 1);
  start.program = text::ascii_lower(program);
  if (start.program.ends_with(".exe")) start.program.resize(start.program.size() - 4);
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto& word = words[i];
    if (word.size() < 2 || word[0] != '-' || word[1] == '-') continue;
    if (word.find('e') != std::string::npos) start.errexit = true;
    if (word.back() != 'o' || i + 1 >= words.size()) continue;
    ++i;
    if (words[i] == "errexit") start.errexit = true;
    if (words[i] == "pipefail") start.pipefail = true;
  }
  return start;
}

std::string posix_from_batch(std::string_view batch) {
  std::string result;
  for (std::size_t begin = 0; begin < batch.size();) {
    const auto end = std::min(batch.find('\n', begin), batch.size());
    result += posix_line(batch.substr(begin, end - begin));
    if (end < batch.size()) result += '\n';
    begin = end + 1;
  }
  return result;
}

/// Lines of PowerShell about exit codes in words of a shell: those that hand on a failure, as every line does here, and
/// those that forget it.
std::string with_plain_exits(std::string_view script) {
  constexpr std::array<std::string_view, 5> handed_on{"exit$lastexitcode", "if($lastexitcode-ne0){exit$lastexitcode}",
                                                      "if($lastexitcode-ne0){exit1}",
                                                      "if($lastexitcode){exit$lastexitcode}", "if(-not$?){exit1}"};
  constexpr std::array<std::string_view, 3> forgotten{"$global:lastexitcode=0", "$lastexitcode=0",
                                                      "[environment]::exit(0)"};
  constexpr std::string_view preference = "$erroractionpreference=";  // it is about cmdlets, which are not read here
  std::string result;
  for (std::size_t begin = 0; begin < script.size();) {
    const auto end = std::min(script.find('\n', begin), script.size());
    const auto line = script.substr(begin, end - begin);
    std::string bare;
    for (const char byte : line)
      if (byte != ' ' && byte != '\t' && byte != '\r' && byte != ';') bare += text::ascii_lower(byte);
    if (std::find(forgotten.begin(), forgotten.end(), bare) != forgotten.end())
      result += "exit 0";
    else if (!bare.starts_with(preference) && std::find(handed_on.begin(), handed_on.end(), bare) == handed_on.end())
      result += line;
    if (end < script.size()) result += '\n';
    begin = end + 1;
  }
  return result;
}

namespace {

/// Stands for the `$` of a variable that a shell reads alike.
constexpr char kVariable = '\x01';

/// `$env:NAME` within a command, as a shell writes it; at the start of a line it may be set there.
std::string with_plain_variables(std::string_view script) {
  constexpr std::string_view kPrefix = "$env:";
  std::string result;
  while (!script.empty()) {
    const auto at = std::min(script.find('$'), script.size());
    result += script.substr(0, at);
    script.remove_prefix(at);
    const auto before = result.find_last_not_of(" \t");
    const bool inside = before != std::string::npos && result[before] != '\n' && result[before] != ';';
    const bool named = script.size() > kPrefix.size() &&
                       text::ascii_lower(script.substr(0, kPrefix.size())) == kPrefix &&
                       std::isalpha(static_cast<unsigned char>(script[kPrefix.size()])) != 0;
    if (inside && named) {
      result += kVariable;
      script.remove_prefix(kPrefix.size());
    } else if (!script.empty()) {
      result += script.front();
      script.remove_prefix(1);
    }
  }
  return result;
}

}  // namespace

std::string posix_from_plain_powershell(std::string_view script) {
  // What would mean something else, or nothing, to a POSIX shell.
  auto result = with_plain_variables(script);
  if (result.find_first_of("$(){}|&<>`@!*?~[]") != std::string::npos) return {};
  std::replace(result.begin(), result.end(), '\\', '/');
  std::replace(result.begin(), result.end(), kVariable, '$');
  return result;
}

document::Script read_plain_powershell(std::string_view script, std::uint32_t first_line) {
  const auto posix = posix_from_plain_powershell(with_plain_exits(script));
  const auto text = text::trimmed(posix, " \t\r\n;");
  const auto last = text.find_last_of("\n;");
  const bool forced = last != std::string_view::npos && text::trimmed(text.substr(last + 1)) == "exit 0";
  return document::parse_shell(posix, {!forced, false, first_line});
}

void give_script(const document::Node& written, const ShellStart& shell, std::string_view text, Step& step) {
  const auto section = section_of(written);
  step.run = section.text;
  step.run_line = section.line;
  step.shell = shell.program;
  note_idle_shell(shell.program, step.run_line, step);
  const document::ShellOptions options{shell.errexit, shell.pipefail, section.line};
  if (shell.program == "cmd") {
    step.script = document::parse_shell(posix_from_batch(text), options);
  } else if (document::is_shell(shell.program)) {
    step.script = document::parse_shell(text, options);
  } else if (shell.program == "pwsh" || shell.program == "powershell") {
    step.script = read_plain_powershell(text, section.line);
  }
}

void give_script(const document::Node& written, const ShellStart& shell, Step& step) {
  give_script(written, shell, section_of(written).padded, step);
}

void note_idle_shell(std::string_view program, std::uint32_t line, Step& step) {
  constexpr std::array<std::string_view, 10> idle{"true", ":",    "echo", "printf", "cat",
                                                  "ls",   "test", "wc",   "stat",   "touch"};
  if (std::find(idle.begin(), idle.end(), program) != idle.end())
    step.condition = {Truth::never, "shell: " + std::string(program), line};
}

bool switches_errexit_off(const document::Script& script) {
  bool off = false;
  for (const auto& command : script.commands) {
    if (command.program() != "set" || !command.context.function.empty() || command.argv.size() < 2) continue;
    const auto& option = command.argv[1].text;
    const bool named = command.argv.size() > 2 && command.argv[2].text == "errexit";
    if (option.find('e') == std::string::npos && !named) continue;
    off = option.starts_with('+') || (off && !option.starts_with('-'));
  }
  return off;
}

}  // namespace tollbar::pipeline
