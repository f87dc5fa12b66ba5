// From a script's text to its commands: parse, list, then find out what each command's failure does.
#include "document/shell.h"

#include <algorithm>
#include <array>

#include "document/shell_flow.h"
#include "document/shell_listing.h"
#include "document/shell_tree.h"
#include "text/words.h"
#include "util/shell_word.h"

namespace tollbar::document {

namespace {

using text::base_name;

/// `#!/usr/bin/env -S bash -e`: the interpreter, and its options in the order written.
std::vector<std::string> shebang_words(std::string_view text) {
  std::vector<std::string> words;
  if (!text.starts_with("#!")) return words;
  std::string_view rest = text.substr(2, std::min(text.find('\n'), text.size()) - 2);
  while (!rest.empty()) {
    const std::size_t start = std::min(rest.find_first_not_of(" \t\r"), rest.size());
    rest.remove_prefix(start);
    const std::size_t length = std::min(rest.find_first_of(" \t\r"), rest.size());
    if (length > 0) words.emplace_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  if (!words.empty() && base_name(words[0]) == "env") {
    words.erase(words.begin());
    while (!words.empty() && (words[0].starts_with('-') || words[0].find('=') != std::string::npos))
      words.erase(words.begin());
  }
  return words;
}

void apply_shebang(std::string_view text, ShellOptions& options, Script& script) {
  const std::vector<std::string> words = shebang_words(text);
  if (words.empty()) return;
  script.interpreter = base_name(words[0]);
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].starts_with('-') && !words[i].starts_with("--") && words[i].find('e') != std::string::npos)
      options.errexit = true;
    if (words[i] == "pipefail") options.pipefail = true;
  }
}

bool needs_quotes(std::string_view text) {
  return text.empty() || text.find_first_of(" \t\n'\"\\;&|<>()*?#~") != std::string_view::npos;
}

}  // namespace

std::string_view Command::input() const {
  for (const Redirection& redirection : redirections)
    if (!redirection.heredoc.empty()) return redirection.heredoc;
  return piped;
}

std::string_view Command::program() const {
  return argv.empty() ? std::string_view() : std::string_view(argv[0].text);
}

std::string Command::text() const {
  std::string out;
  for (const Word& word : argv) {
    if (!out.empty()) out += ' ';
    out += word.dynamic || !needs_quotes(word.text) ? word.text : util::shell_quoted(word.text);
  }
  return out;
}

Script parse_shell(std::string_view text, ShellOptions options) {
  Script script;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  apply_shebang(text, options, script);
  if (!script.interpreter.empty() && !is_shell(script.interpreter)) return script;
  ShellTree tree = read_shell_tree(text, options.first_line);
  script.problems = std::move(tree.problems);
  list_commands(*tree.root, script);
  if (options.failures == Failures::judged) judge_flow(*tree.root, options, script);
  return script;
}

bool is_shell(std::string_view interpreter) {
  static constexpr std::array<std::string_view, 7> shells{"sh", "bash", "dash", "ksh", "zsh", "ash", "mksh"};
  return std::find(shells.begin(), shells.end(), base_name(interpreter)) != shells.end();
}

}  // namespace tollbar::document
