// Finds the scripts inside commands.
#include "document/shell_nested.h"

#include <string_view>
#include <vector>

#include "document/command_identity.h"

namespace tollbar::document {

namespace {

/// The text in `sh -ec '...'`, wherever the shell stands among the words: `docker run image sh -c '...'`.
std::optional<NestedText> shell_argument(const std::vector<Word>& argv) {
  for (std::size_t i = 0; i + 2 < argv.size(); ++i) {
    const bool switch_user = argv[i].text == "su" && i == 0;
    if (argv[i].dynamic || (!switch_user && !is_shell(argv[i].text))) continue;
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

}  // namespace

std::optional<NestedText> nested_text(const Command& command) {
  const std::vector<Word>& argv = command.argv;
  if (argv.empty()) return std::nullopt;
  if (argv[0].text == "eval" && argv.size() > 1) {
    NestedText nested{argv[1].text, argv[1].line, NestedKind::same_shell};
    for (std::size_t i = 2; i < argv.size(); ++i) nested.text += " " + argv[i].text;
    return nested;
  }
  if (argv[0].text == "trap" && argv.size() > 2 && argv[1].text != "-" && !argv[1].text.starts_with("-l") &&
      !argv[1].text.starts_with("-p")) {
    const std::size_t at = argv[1].text == "--" && argv.size() > 3 ? 2 : 1;
    return NestedText{argv[at].text, argv[at].line, NestedKind::trap};
  }
  if (std::optional<NestedText> inline_script = shell_argument(argv)) return inline_script;
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
