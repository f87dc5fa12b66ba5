// Where a shell or another program finds a script that is no file: in its own words or on its input.
#include "document/shell_nested.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "document/command_identity.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

/// `docker run --entrypoint /bin/bash --rm image -ec '...'`: the place of the word before the shell's own options.
std::optional<std::size_t> entered_shell(const std::vector<Word>& argv) {
  constexpr std::string_view option = "--entrypoint";
  std::size_t at = 1;
  while (at < argv.size() && !argv[at].text.starts_with(option)) ++at;
  if (at + 1 >= argv.size()) return std::nullopt;
  const std::string_view word = argv[at].text;
  const bool joined = word.substr(option.size()).starts_with('=');
  if (!joined && word != option) return std::nullopt;
  if (!is_shell(joined ? word.substr(option.size() + 1) : std::string_view(argv[++at].text))) return std::nullopt;
  const auto says_text = [](const Word& other) {
    return other.text.size() > 1 && other.text[0] == '-' && other.text.ends_with('c') &&
           other.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz", 1) == std::string::npos;
  };
  for (++at; at + 1 < argv.size(); ++at)
    if (says_text(argv[at])) return at - 1;
  return std::nullopt;
}

/// The text in `sh -ec '...'`, wherever the shell stands among the words: `docker run image sh -c '...'`.
std::optional<NestedText> shell_argument(const std::vector<Word>& argv) {
  const std::optional<std::size_t> entered = entered_shell(argv);
  for (std::size_t i = entered.value_or(0); i + 2 < argv.size(); ++i) {
    const bool switch_user = argv[i].text == "su" && i == 0;
    if (i != entered && (argv[i].dynamic || (!switch_user && !is_shell(argv[i].text)))) continue;
    NestedText nested;
    for (std::size_t at = i + 1; at + 1 < argv.size(); ++at) {
      const std::string& option = argv[at].text;
      if (!switch_user && (option.size() < 2 || (option[0] != '-' && option[0] != '+'))) break;
      if (option.starts_with("--") || option[0] != '-') continue;
      if (!switch_user && option.find('e') != std::string::npos) nested.errexit = true;
      if (option.ends_with('o') && !switch_user) {
        const std::string& name = argv[++at].text;
        nested.pipefail |= name == "pipefail";
        nested.errexit |= name == "errexit";
      }
      if (option.find('c') == std::string::npos || at + 1 >= argv.size()) continue;
      nested.text = argv[at + 1].text;
      nested.line = argv[at + 1].line;
      return nested;
    }
  }
  return std::nullopt;
}

/// Programs that hand a text of their words to a shell: behind an option, or as the word at a place.
struct TextRunner {
  std::string_view program, subcommand;
  std::array<std::string_view, 2> options;
  std::size_t place = 0;  ///< of the text where no option names it
  bool strict = false;    ///< the shell has -e and pipefail
};
constexpr std::array text_runners{
    TextRunner{"nix-shell", "", {"--run", "--command"}}, TextRunner{"circleci", "tests", {"--command"}, 0, true},
    TextRunner{"script", "", {"-c", "--command"}},       TextRunner{"runuser", "", {"-c", "--command"}},
    TextRunner{"flock", "", {"-c", "--command"}},        TextRunner{"npx", "", {"-c", "--call"}},
    TextRunner{"npm", "exec", {"-c", "--call"}},         TextRunner{"sops", "exec-env", {}, 3},
    TextRunner{"git", "rebase", {"-x", "--exec"}},
};

/// What `concurrently` is told: its commands, their names, and whose failure counts.
struct Concurrent {
  std::vector<std::string> commands, names;
  std::string success = "all";
};

Concurrent read_concurrent(const std::vector<Word>& words) {
  constexpr std::array<std::string_view, 20> valued{"-m",
                                                    "--max-processes",
                                                    "-p",
                                                    "--prefix",
                                                    "-c",
                                                    "--prefix-colors",
                                                    "-l",
                                                    "-t",
                                                    "--timestamp-format",
                                                    "-n",
                                                    "--names",
                                                    "-s",
                                                    "--success",
                                                    "--hide",
                                                    "--shell",
                                                    "--restart-tries",
                                                    "--restart-after",
                                                    "--kill-signal",
                                                    "--prefix-length",
                                                    "--kill-timeout"};
  Concurrent told;
  for (std::size_t i = 1; i < words.size() && words[i].text != "--"; ++i) {
    const std::string_view word = words[i].text;
    if (!word.starts_with('-')) {
      told.commands.emplace_back(word);
      continue;
    }
    const auto equals = std::min(word.find('='), word.size());
    const std::string_view option = word.substr(0, equals);
    if (std::find(valued.begin(), valued.end(), option) == valued.end()) continue;
    std::string value(word.substr(std::min(equals + 1, word.size())));
    if (equals == word.size() && i + 1 < words.size()) value = words[++i].text;
    if (option == "-s" || option == "--success") told.success = value;
    if (option != "-n" && option != "--names") continue;
    for (const char c : value + ",") {
      if (told.names.empty() || c == ',') told.names.emplace_back();
      if (c != ',') told.names.back() += c;
    }
  }
  return told;
}

/// The failure of the command at this place fails them all. Which of them is `first` or `last` nobody knows before.
bool counts(const Concurrent& told, std::size_t place) {
  constexpr std::string_view prefix = "command-";
  std::string_view chosen = told.success;
  if (chosen == "all") return true;
  const bool others = chosen.starts_with('!');
  if (others) chosen.remove_prefix(1);
  if (!chosen.starts_with(prefix)) return false;
  chosen.remove_prefix(prefix.size());
  const bool named = place < told.names.size() && told.names[place] == chosen;
  return (named || chosen == std::to_string(place)) != others;
}

/// `npm:lint` for `npm run lint`; `npm:test:*` for each script of that name.
std::string spelled_out(const std::string& command) {
  for (const std::string_view manager : {"npm", "yarn", "pnpm", "bun"}) {
    if (!command.starts_with(manager) || command.size() <= manager.size() || command[manager.size()] != ':') continue;
    const std::string script = command.substr(manager.size() + 1);
    if (script.find('*') != std::string::npos) return "run-p '" + script + "'";
    return std::string(manager) + " run " + script;
  }
  return command;
}

/// `concurrently 'npm run a' npm:b`: first what may fail, then what may not.
NestedText concurrent_text(const std::vector<Word>& words) {
  const Concurrent told = read_concurrent(words);
  NestedText nested;
  nested.line = words[0].line;
  std::string counting;
  for (std::size_t i = 0; i < told.commands.size(); ++i)
    (counts(told, i) ? counting : nested.text) += spelled_out(told.commands[i]) + "\n";
  nested.errexit = nested.text.empty();
  if (!nested.text.empty()) nested.text += counting.empty() ? "true\n" : "set -e\n";
  nested.text += counting;
  return nested;
}

/// The commands that `parallel --halt now,fail=1 ::: 'make a' 'make b'` runs, where none is spelled out before `:::`
/// that would take them for its arguments. Any failure fails it.
std::optional<NestedText> parallel_text(const std::vector<Word>& argv) {
  constexpr std::array<std::string_view, 12> valued{"-j",        "--jobs",          "-P",        "--max-procs",
                                                    "--halt",    "--halt-on-error", "--delay",   "--retries",
                                                    "--timeout", "--joblog",        "--results", "--tagstring"};
  std::size_t at = 1;
  for (; at < argv.size() && argv[at].text != ":::"; ++at) {
    if (std::find(valued.begin(), valued.end(), argv[at].text) != valued.end())
      ++at;
    else if (!argv[at].text.starts_with('-') && argv[at].text != "{}")
      return std::nullopt;
  }
  if (at + 1 >= argv.size()) return std::nullopt;
  NestedText nested;
  nested.line = argv[at + 1].line;
  nested.errexit = true;
  for (++at; at < argv.size(); ++at) nested.text += argv[at].text + "\n";
  return nested;
}

/// `nix-shell --run '...'`, `sops exec-env FILE '...'`, `concurrently 'npm run a' './b.sh'`.
std::optional<NestedText> command_argument(const Command& command) {
  const std::vector<Word>& argv = command.argv;
  const std::string_view program = text::base_name(argv[0].text);
  if (std::any_of(argv.begin(), argv.end(), [](const Word& word) { return word.text == "concurrently"; })) {
    const auto words = essential(command);
    if (words[0].text == "concurrently") return concurrent_text(words);
  }
  if (program == "parallel") return parallel_text(argv);
  for (const TextRunner& runner : text_runners) {
    if (runner.program != program) continue;
    if (!runner.subcommand.empty() && (argv.size() < 2 || argv[1].text != runner.subcommand)) continue;
    if (runner.place > 0 && runner.place < argv.size())
      return NestedText{argv[runner.place].text, argv[runner.place].line, NestedKind::child_shell};
    for (std::size_t i = 1; i < argv.size(); ++i) {
      const std::string_view word = argv[i].text;
      for (const std::string_view option : runner.options) {
        NestedText nested{{}, argv[i].line, NestedKind::child_shell, runner.strict, runner.strict};
        if (option.empty() || !word.starts_with(option)) continue;
        if (word == option && i + 1 < argv.size()) nested.text = argv[i + 1].text;
        if (word.substr(option.size()).starts_with('=')) nested.text = word.substr(option.size() + 1);
        if (!nested.text.empty()) return nested;
      }
    }
  }
  return std::nullopt;
}

/// The script a shell reads from a here-document, or from `echo '...' |`.
std::optional<NestedText> shell_input(const Command& command) {
  const std::vector<Word> words = essential(command);
  if (words.empty() || words[0].dynamic || !is_shell(words[0].text)) return std::nullopt;
  NestedText nested;
  nested.line = command.line;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& option = words[i].text;
    if (!option.starts_with('-') && !option.starts_with('+')) return std::nullopt;
    if (option == "-o" && i + 1 < words.size()) nested.pipefail |= words[++i].text == "pipefail";
    if (option == "-s" || option == "-") break;
    nested.errexit |= option.starts_with('-') && !option.starts_with("--") && option.find('e') != std::string::npos;
  }
  nested.text = command.input();
  if (command.piped.empty() && !nested.text.empty()) nested.line = command.line + 1;
  return nested;
}

/// What the word `$(echo ./x.sh --now)` stands for; other words as they are.
std::string printed_by(const std::string& word) {
  if (!word.starts_with("$(") || !word.ends_with(")")) return word;
  ShellOptions options;
  options.failures = Failures::left_out;
  const Script inner = parse_shell(std::string_view(word).substr(2, word.size() - 3), options);
  const bool prints =
      inner.commands.size() == 1 && inner.commands[0].program() == "echo" && inner.commands[0].redirections.empty();
  return prints ? printed_text(inner.commands[0]) : word;
}

/// The format of `printf` with its `\n` as line ends.
std::string with_line_ends(std::string_view format) {
  std::string text;
  for (std::size_t at = 0; at < format.size(); ++at) {
    const bool line_end = format[at] == '\\' && at + 1 < format.size() && format[at + 1] == 'n';
    text += line_end ? '\n' : format[at];
    if (line_end) ++at;
  }
  return text;
}

}  // namespace

std::optional<NestedText> nested_text(const Command& command) {
  const std::vector<Word>& argv = command.argv;
  if (argv.empty()) return std::nullopt;
  if (argv[0].text == "eval" && argv.size() > 1) {
    NestedText nested{printed_by(argv[1].text), argv[1].line, NestedKind::same_shell};
    for (std::size_t i = 2; i < argv.size(); ++i) nested.text += " " + argv[i].text;
    return nested;
  }
  if (argv[0].text == "trap" && argv.size() > 2 && argv[1].text != "-" && !argv[1].text.starts_with("-l") &&
      !argv[1].text.starts_with("-p")) {
    const std::size_t at = argv[1].text == "--" && argv.size() > 3 ? 2 : 1;
    return NestedText{argv[at].text, argv[at].line, NestedKind::trap};
  }
  if (std::optional<NestedText> inline_script = shell_argument(argv)) return inline_script;
  if (std::optional<NestedText> handed = command_argument(command)) return handed;
  return shell_input(command);
}

std::string printed_text(const Command& command) {
  if (command.program() == "cat" && command.argv.size() == 1) return std::string(command.input());
  if (command.program() != "echo" && command.program() != "printf") return {};
  std::string text;
  for (std::size_t i = 1; i < command.argv.size(); ++i) {
    const std::string& word = command.argv[i].text;
    if (word == "-e" || word == "-n" || word == "%s" || word == "%s\\n") continue;
    text += text.empty() ? word : " " + word;
  }
  return command.program() == "printf" ? with_line_ends(text) : text;
}

}  // namespace tollbar::document
