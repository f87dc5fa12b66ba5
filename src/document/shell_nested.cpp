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

/// `nix-shell --run '...'`, `sops exec-env FILE '...'`, `concurrently 'npm run a' './b.sh'`.
std::optional<NestedText> command_argument(const std::vector<Word>& argv) {
  const std::string_view program = text::base_name(argv[0].text);
  const auto has_blank = [](const Word& word) { return word.text.find(' ') != std::string::npos; };
  if (program == "concurrently" || (program == "npx" && argv.size() > 1 && argv[1].text == "concurrently")) {
    NestedText nested;
    nested.line = argv[0].line;
    for (std::size_t i = 1; i < argv.size(); ++i)
      if (argv[i].quoted && (has_blank(argv[i]) || argv[i].text.starts_with("./"))) nested.text += argv[i].text + "\n";
    // It fails where any of them does, unless it is told which of them count.
    nested.errexit = std::none_of(argv.begin(), argv.end(), [](const Word& word) {
      return word.text == "-s" || word.text.starts_with("--success");
    });
    return nested;
  }
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
  if (std::optional<NestedText> handed = command_argument(argv)) return handed;
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
  return text;
}

}  // namespace tollbar::document
