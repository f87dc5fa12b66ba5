// One look at the word that names what runs: where it stands depends on the program.
#include "reach/computed_call.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace tollbar::reach {
namespace {

template <typename Table>
bool contains(const Table& table, std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

/// Variables that name places outside every tree. What a program prints in a command's place (`$(which x)`,
/// `eval "$(ssh-agent)"`) is about the machine, unless it only prints a file.
bool leads_outside(std::string_view word) {
  constexpr std::array<std::string_view, 22> variables{"HOME",
                                                       "RUNNER_TEMP",
                                                       "RUNNER_TOOL_CACHE",
                                                       "TMPDIR",
                                                       "TMP",
                                                       "TEMP",
                                                       "GOPATH",
                                                       "GOBIN",
                                                       "GOROOT",
                                                       "CARGO_HOME",
                                                       "JAVA_HOME",
                                                       "ANDROID_HOME",
                                                       "ANDROID_SDK_ROOT",
                                                       "CONDA",
                                                       "CONDA_PREFIX",
                                                       "VIRTUAL_ENV",
                                                       "pythonLocation",
                                                       "GITHUB_ENV",
                                                       "NVM_DIR",
                                                       "PYENV_ROOT",
                                                       "RUSTUP_HOME",
                                                       "SHELL"};
  if (word.starts_with("$(") || word.starts_with("`")) return word.find("cat ") == std::string_view::npos;
  if (word.starts_with("${{")) return word.find("runner.temp") != std::string_view::npos;
  if (!word.starts_with("$")) return false;
  const std::size_t begin = word.starts_with("${") ? 2 : 1;
  const std::size_t end = word.find_first_of("}:/-", begin);
  return contains(variables, word.substr(begin, end == std::string_view::npos ? end : end - begin));
}

/// What a wrapper or a function was called with: `"$@"`, `$1`.
bool is_handed_on(std::string_view word) {
  return word == "$@" || word == "$*" || (word.size() == 2 && word[0] == '$' && word[1] >= '0' && word[1] <= '9') ||
         (word.starts_with("${") && word.size() > 3 && (word[2] == '@' || (word[2] >= '0' && word[2] <= '9')));
}

bool is_flag(std::string_view word) {
  return word.size() > 1 && word.front() == '-';
}

constexpr std::string_view shells[] = {"sh",  "bash",    "dash",      "ksh",          "zsh",
                                       "ash", "/bin/sh", "/bin/bash", "/usr/bin/bash"};
constexpr std::string_view interpreters[] = {"node", "ruby", "perl",    "php",  "python",    "python3",
                                             "deno", "tsx",  "ts-node", "pwsh", "powershell"};
constexpr std::string_view package_managers[] = {"npm", "pnpm", "yarn", "bun"};
constexpr std::string_view runners[] = {"make", "gmake", "just", "task", "go-task", "rake", "invoke", "nox"};

/// The index of the word that names the file an interpreter runs; the size where none does.
std::size_t file_word(const std::vector<document::Word>& words) {
  std::size_t at = 1;
  while (at < words.size() && is_flag(words[at].text)) {
    const std::string_view flag = words[at].text;
    if (contains(shells, words[0].text) && !flag.starts_with("--") &&
        flag.find_first_of("sc") != std::string_view::npos)
      return words.size();  // standard input, or a text that is read as a script of its own
    const bool takes_text = flag == "-e" || flag == "--eval" || flag == "-p" || flag == "-Command";
    if (flag == "-" || (takes_text && !contains(shells, words[0].text))) return words.size();
    at += flag == "-o" || flag == "-O" || flag == "-eo" || flag == "-euo" ? 2U : 1U;
  }
  return at;
}

/// The only target of a task runner is computed; a computed word beside others is mostly a variable for them.
bool has_computed_target(const std::vector<document::Word>& words, const std::vector<std::string>& argv) {
  bool computed = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    if (word == "-C" || word == "-f" || word == "-j") {
      ++i;
    } else if (is_flag(word) || word.find('=') != std::string_view::npos) {
      continue;
    } else if (!argv[i].empty()) {
      return false;
    } else {
      computed = computed || (word.starts_with("$") && word.find("FLAGS") == std::string_view::npos);
    }
  }
  return computed;
}

}  // namespace

bool is_computed_call(const std::vector<document::Word>& words, const std::vector<std::string>& argv,
                      const document::CommandContext& context) {
  if (words.empty() || words.size() != argv.size() || context.unreachable) return false;
  const auto computed = [&](std::size_t at) {
    if (at >= words.size() || !argv[at].empty() || words[at].text.empty() || !words[at].dynamic) return false;
    return !leads_outside(words[at].text) && !(is_handed_on(words[at].text) && !context.function.empty());
  };
  if (argv[0].empty()) {
    // `playwright@$VERSION`, `python$X`: a program from elsewhere, whatever its version.
    const std::string_view word = words[0].text;
    const bool by_path = word.substr(0, word.find('$')).find('/') != std::string_view::npos;
    return (by_path || word.starts_with("$") || word.starts_with("`")) && computed(0);
  }
  const std::string_view program = argv[0];
  if (program == "source" || program == ".") return computed(1);
  if (contains(shells, program) || contains(interpreters, program)) return computed(file_word(words));
  if (contains(package_managers, program))
    return words.size() > 2 && (argv[1] == "run" || argv[1] == "run-script") && computed(2);
  return contains(runners, program) && has_computed_target(words, argv);
}

bool is_computed_folder(const document::Word& word, const std::string& text) {
  return text.empty() && word.dynamic && !leads_outside(word.text) && !is_handed_on(word.text);
}

}  // namespace tollbar::reach
