// The tables of spellings, and how a command is brought down to what it runs.
#include "document/command_identity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string_view>
#include <utility>

#include "document/command_wrappers.h"
#include "document/toolchains.h"
#include "text/words.h"

namespace tollbar::document {

namespace {

using text::base_name;

struct Spelling {
  std::string_view written, common;
};

constexpr std::array spellings{
    Spelling{"gradlew", "gradle"},     Spelling{"gradlew.bat", "gradle"}, Spelling{"mvnw", "mvn"},
    Spelling{"mvnw.cmd", "mvn"},       Spelling{"python3", "python"},     Spelling{"pip3", "pip"},
    Spelling{"py.test", "pytest"},     Spelling{"gmake", "make"},         Spelling{"tofu", "terraform"},
    Spelling{"opentofu", "terraform"},
};

/// Other names of a whole program: what it wraps and how it is called is the same.
constexpr std::array aliases{Spelling{"pn", "pnpm"}, Spelling{"pnx", "pnpx"}};

/// Programs whose arguments are a language or another command, where an option's place is its meaning.
constexpr std::array<std::string_view, 18> ordered_programs{
    "find", "docker", "podman", "kubectl", "ssh",  "git",    "sh", "bash",  "dash",
    "zsh",  "make",   "ffmpeg", "convert", "test", "expect", "jq", "cmake", "parallel"};

/// Commands that always succeed, or whose failure says nothing about the repository.
constexpr std::array<std::string_view, 24> harmless_programs{
    "true",    ":",       "echo", "printf", "set",   "export",   "readonly", "local",
    "declare", "typeset", "trap", "rem",    "alias", "unalias",  "shopt",    "umask",
    "sleep",   "pwd",     "date", "hash",   "break", "continue", "unset",    "REM"};

/// Programs to which `version` may be the name of something to do.
constexpr std::array<std::string_view, 14> target_runners{"make", "gmake",  "ninja", "just", "task",   "rake", "ant",
                                                          "mvn",  "gradle", "nox",   "tox",  "invoke", "npm",  "yarn"};

/// What a program answers by telling of itself.
constexpr std::array<std::string_view, 5> questions{"--version", "--help", "-version", "-help", "--list"};

/// Runners of targets that only show what they would run, and the options that make them.
constexpr std::array<std::string_view, 7> showing_runners{"make", "gmake", "ninja", "just", "task", "go-task", "rake"};
constexpr std::array<std::string_view, 10> showing_options{"-n", "--dry-run", "--dry",     "--just-print", "--list",
                                                           "-l", "--show",    "--summary", "-T",           "--tasks"};

template <typename Table>
bool contains(const Table& table, std::string_view word) {
  return std::find(table.begin(), table.end(), word) != table.end();
}

bool is_option(const Word& word) {
  return word.text.size() > 1 && word.text[0] == '-';
}

std::string common_name(std::string_view program) {
  std::string_view name = program;
  const bool installed = program.starts_with("/usr/") || program.starts_with("/bin/") || program.starts_with("/opt/") ||
                         program.find("node_modules/.bin/") != std::string_view::npos ||
                         program.find("vendor/bin/") != std::string_view::npos ||
                         program.find("venv/bin/") != std::string_view::npos;
  if (installed) name = base_name(program);
  name = without_toolchain_version(name);
  for (const Spelling& spelling : spellings)
    if (base_name(name) == spelling.written) return std::string(spelling.common);
  return std::string(name);
}

/// `pytest@8.1` as package runners allow it: the program without its version.
std::string_view without_version(std::string_view program) {
  const std::size_t at = program.rfind('@');
  return at == std::string_view::npos || at == 0 || program.find("${{") != std::string_view::npos
             ? program
             : program.substr(0, at);
}

/// `${name}` as `$name`, where what follows leaves no doubt.
std::string without_braces(std::string text) {
  const auto names = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t at = text.find("${"); at != std::string::npos; at = text.find("${", at + 1)) {
    std::size_t end = at + 2;
    while (end < text.size() && names(text[end])) ++end;
    const bool plain = end > at + 2 && end < text.size() && text[end] == '}';
    if (!plain || (at > 0 && text[at - 1] == '$') || (end + 1 < text.size() && names(text[end + 1]))) continue;
    text.erase(end, 1);
    text.erase(at + 1, 1);
  }
  return text;
}

/// `{{ item }}` as `{{item}}`: blanks at the ends of a template mean nothing.
std::string with_tight_templates(std::string text) {
  for (std::size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 2)) {
    const std::size_t end = text.find("}}", at);
    if (end == std::string::npos) break;
    const std::string inner(text::trimmed(std::string_view(text).substr(at + 2, end - at - 2)));
    text.replace(at + 2, end - at - 2, inner);
  }
  return text;
}

/// `{{ bin_dir }}/kubectl` as `kubectl`: where a template says a program lies is not what it does.
std::string_view without_template_folder(std::string_view program) {
  const std::size_t end = program.starts_with("{{") ? program.find("}}/") : std::string_view::npos;
  const std::string_view rest = end == std::string_view::npos ? std::string_view() : program.substr(end + 3);
  return rest.empty() || rest.find_first_of("/{$") != std::string_view::npos ? program : rest;
}

std::vector<std::string> canonical_arguments(const std::vector<Word>& words, bool ordered) {
  std::vector<std::string> options, others;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& text = words[i].text;
    if (text == "--") {
      for (; i < words.size(); ++i) others.push_back(words[i].text);
      break;
    }
    if (ordered || !text.starts_with("--")) {
      others.push_back(text);
      continue;
    }
    const bool has_value = text.find('=') == std::string::npos && !text.starts_with("--no-") && i + 1 < words.size() &&
                           !is_option(words[i + 1]);
    options.push_back(has_value ? text + "=" + words[i + 1].text : text);
    if (has_value) ++i;
  }
  std::sort(options.begin(), options.end());
  options.insert(options.end(), others.begin(), others.end());
  return options;
}

/// `node -e "process.exit(0)"`, `python -c pass`: an interpreter whose whole program is to succeed.
bool runs_nothing(std::string_view program, std::string_view option, std::string_view script) {
  constexpr std::array<std::string_view, 8> interpreters{"node",    "deno", "bun",  "python",
                                                         "python3", "ruby", "perl", "php"};
  constexpr std::array<std::string_view, 5> options{"-e", "-c", "--eval", "-p", "-r"};
  constexpr std::array<std::string_view, 10> programs{
      "",     "0",    "process.exit(0)", "process.exit()",        "process.exitCode=0",
      "pass", "exit", "exit(0)",         "importsys;sys.exit(0)", "raiseSystemExit(0)"};
  std::string squeezed;
  for (const char byte : script) {
    if (byte != ' ' && byte != '\n' && byte != ';') squeezed += byte;
    if (byte == ';' && squeezed == "importsys") squeezed += byte;
  }
  return contains(interpreters, base_name(program)) && contains(options, option) && contains(programs, squeezed);
}

/// Where a variable says that a wrapper lies is not what it does: `$VENV/bin/python -m`. An interpreter that a variable
/// bears the name of is one: `"$PYTHON" -m pytest`.
void settle_wrapper(std::vector<Word>& argv) {
  Word& program = argv.front();
  if (!program.dynamic || !program.text.starts_with('$')) return;
  constexpr std::string_view computed = "$`{}()*?";
  const std::size_t slash = program.text.rfind('/');
  const std::string_view name = std::string_view(program.text).substr(slash == std::string::npos ? 0 : slash + 1);
  if (slash != std::string::npos && !name.empty() && name.find_first_of(computed) == std::string_view::npos) {
    auto settled = argv;
    settled.front().dynamic = false;
    if (next_command(settled) < settled.size()) argv = std::move(settled);
    return;
  }
  constexpr std::array<std::string_view, 6> interpreters{"$PYTHON",    "${PYTHON}",   "$PYTHON3",
                                                         "${PYTHON3}", "$PYTHON_BIN", "${PYTHON_BIN}"};
  if (!contains(interpreters, program.text) || argv.size() < 3 || argv[1].text != "-m") return;
  program.text = "python";
  program.dynamic = false;
}

/// Packages install a program beside their module, with dashes where Python has none: `python -m pip_audit` is
/// `pip-audit`.
std::string program_of_module(std::string module) {
  if (module.find('.') == std::string::npos) std::replace(module.begin(), module.end(), '_', '-');
  return module;
}

}  // namespace

std::vector<Word> essential(const Command& command) {
  std::vector<Word> argv = command.argv;
  if (!argv.empty()) settle_wrapper(argv);
  for (int rounds = 0; rounds < 16 && !argv.empty() && !argv[0].dynamic; ++rounds) {
    for (const Spelling& alias : aliases)
      if (argv[0].text == alias.written) argv[0].text = alias.common;
    const std::size_t at = next_command(argv);
    if (at >= argv.size()) break;
    const bool by_module = at > 1 && argv[at - 1].text == "-m" && argv[0].text.starts_with("python");
    argv.erase(argv.begin(), argv.begin() + static_cast<std::ptrdiff_t>(at));
    if (by_module) argv[0].text = program_of_module(std::move(argv[0].text));
  }
  return argv;
}

std::string identity(const Command& command) {
  const std::vector<Word> words = essential(command);
  if (words.empty()) return {};
  const bool from_runner = words.size() != command.argv.size();
  const std::string_view named = without_template_folder(words[0].text);
  const std::string program = common_name(from_runner ? without_version(named) : named);
  std::string out = program;
  for (const std::string& written : canonical_arguments(words, contains(ordered_programs, program))) {
    const std::string argument = without_braces(with_tight_templates(written));
    out += ' ';
    if (argument.find_first_of(" \t\n") == std::string::npos) {
      out += argument;
    } else {
      out.append("'").append(argument).append("'");
    }
  }
  return out;
}

bool can_fail(const Command& command) {
  const std::vector<Word> words = essential(command);
  if (words.empty()) {
    return std::any_of(command.assignments.begin(), command.assignments.end(), [](const Assignment& assignment) {
      return assignment.value.dynamic && (assignment.value.text.find("$(") != std::string::npos ||
                                          assignment.value.text.find('`') != std::string::npos);
    });
  }
  const std::string& program = words[0].text;
  if (words[0].dynamic) return true;
  if (contains(harmless_programs, program)) return false;
  if (program == "exit" || program == "return") return words.size() > 1 && words[1].text != "0";
  if (program == "command" || program == "type" || program == "which") return true;
  if (words.size() == 2) {
    const std::string& word = words[1].text;
    if (word == "version" || word == "help")
      return contains(target_runners, program) || program.find('/') != std::string::npos;
    if (word == "run" && (program == "npm" || program == "pnpm")) return false;  // lists what could be run
    if (word == "-V" && program.starts_with("python")) return false;
    if (contains(questions, word)) return false;
  }
  if (contains(showing_runners, program) && std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
        return contains(showing_options, word.text);
      }))
    return false;
  return words.size() < 3 || !runs_nothing(program, words[1].text, words[2].text);
}

}  // namespace tollbar::document
