// Tells whether two texts of a script mean the same, by writing down their syntax trees without places. Quotes that the
// second puts round a parameter are written down apart: they keep one word one word.
#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "document/shell.h"
#include "document/shell_tree.h"
#include "text/ascii.h"
#include "text/words.h"

namespace tollbar::document {

namespace {

/// What a position does with an expansion that stands there without quotes.
enum class Splitting : std::uint8_t {
  never,   ///< nothing: a value that is assigned, the subject of `case`, the target of a redirection
  seldom,  ///< splits it into arguments, though whoever wrote one name meant one
  meant,   ///< splits it on purpose: a list that is gone through, a command, an operand whose absence is told
};

/// By their names these hold several words.
bool names_a_list(std::string_view parameter) {
  if (parameter.size() == 1 && parameter.front() >= '0' && parameter.front() <= '9') return false;
  if (parameter.empty() || parameter == "*" || parameter.ends_with("[*]")) return true;
  if (parameter == "@" || parameter.ends_with("[@]")) return false;  // quoted they stay as many words as they are
  constexpr std::array<std::string_view, 5> kLists{"CMD", "COMMAND", "LIST", "OPT", "ARGV"};
  const std::string name = text::ascii_upper(parameter);
  return name.back() == 'S' ||
         std::any_of(kLists.begin(), kLists.end(), [&](auto ending) { return name.ends_with(ending); });
}

/// Every field is written with its length, so that no two different trees read alike.
class TreeText {
 public:
  explicit TreeText(const ShellNode& root) { node(root); }

  /// The other says the same, and stands in quotes wherever this one does.
  bool is_same_as(const TreeText& other) const {
    return out_ == other.out_ &&
           std::equal(quotes_.begin(), quotes_.end(), other.quotes_.begin(), other.quotes_.end(), std::less_equal<>());
  }

 private:
  void text(std::string_view value) { out_.append(std::to_string(value.size())).append(":").append(value); }

  void mark(char value) { out_ += value; }

  void word(const ShellWord& word, Splitting splitting) {
    mark('w');
    // `"a b"` and `a\ b` are one word alike, and so is `"a"b`; quotes count where they keep something from happening.
    std::string literal;
    const auto flush = [&] {
      if (!literal.empty()) text(literal);
      literal.clear();
    };
    for (const ShellPiece& piece : word.pieces) {
      const bool plain = piece.text.find_first_of("*?[]{}~=!") == std::string::npos;
      if (!piece.expansion && (!piece.quoted || plain)) {
        literal += piece.text;
        continue;
      }
      flush();
      mark(piece.expansion ? '$' : '\'');
      if (piece.expansion && may_be_quoted(piece, splitting)) {
        quotes_.push_back(piece.quoted ? 1 : 0);
      } else {
        mark(piece.quoted ? 'q' : '-');
      }
      text(piece.text);
    }
    flush();
    const bool empty = std::all_of(word.pieces.begin(), word.pieces.end(),
                                   [](const ShellPiece& piece) { return !piece.expansion && piece.text.empty(); });
    mark(empty && word.quoted ? 'e' : '.');
  }

  static bool may_be_quoted(const ShellPiece& piece, Splitting splitting) {
    if (splitting == Splitting::meant) return false;
    return splitting == Splitting::never ? piece.bodies.empty() || !piece.text.starts_with('<')
                                         : !names_a_list(piece.parameter);
  }

  /// Where the absence of an operand, or several for one, is told.
  static bool tells_words_apart(const ShellNode& node) {
    if (node.words.empty() || node.words.front().pieces.empty()) return true;
    return text::is_one_of(node.words.front().pieces.front().text, {"[", "[[", "test", "set", "eval", "let", "(("});
  }

  void node(const ShellNode& node) {
    out_.append("(").append(std::to_string(static_cast<int>(node.kind)));
    mark(node.negated ? '!' : ' ');
    text(node.name);
    for (const ShellAssignment& assignment : node.assignments) {
      mark(assignment.append ? '+' : '=');
      text(assignment.name);
      word(assignment.value, Splitting::never);
    }
    const bool meant = node.kind != ShellNodeKind::simple || tells_words_apart(node);
    for (std::size_t i = 0; i < node.words.size(); ++i) {
      word(node.words[i], node.kind == ShellNodeKind::choice ? Splitting::never
                          : meant || i == 0                  ? Splitting::meant
                                                             : Splitting::seldom);
    }
    for (const ShellRedirection& redirection : node.redirections) {
      mark('>');
      text(redirection.op);
      word(redirection.target, Splitting::never);
      mark(redirection.op.starts_with("<<") && redirection.target.quoted ? 'q' : '.');  // of a here-document
      word(redirection.body, Splitting::meant);
    }
    for (std::size_t i = 0; i < node.operators.size(); ++i) {
      // The last command of a list may or may not be followed by a line end.
      const bool plain = node.kind == ShellNodeKind::list && node.operators[i].empty();
      text(plain ? ";" : node.operators[i]);
    }
    for (const auto& patterns : node.patterns) {
      mark('|');
      for (const ShellWord& pattern : patterns) word(pattern, Splitting::meant);
    }
    for (const ShellNodePtr& child : node.children) this->node(*child);
    mark(')');
  }

  std::string out_;
  std::vector<char> quotes_;  ///< of each expansion whose quotes do not matter: whether it has any
};

/// What the platform puts in before the shell reads the script, comments included.
std::string templates_in(std::string_view text) {
  std::string found;
  for (std::size_t begin = text.find("{{"); begin != std::string_view::npos; begin = text.find("{{", begin + 2)) {
    const std::size_t end = std::min(text.find("}}", begin), text.size());
    found.append(text.substr(begin, end - begin)).append("\n");
  }
  return found;
}

std::string_view first_line(std::string_view text) {
  return text.starts_with("#!") ? text.substr(0, text.find_first_of("\r\n")) : std::string_view();
}

/// Constructs that the tree tells apart too little for this purpose.
bool is_lossy(std::string_view text) {
  constexpr std::array<std::string_view, 5> kLossy{";&", ";;&", "select ", "select\t", "# shellcheck shell"};
  return std::any_of(kLossy.begin(), kLossy.end(),
                     [&](std::string_view piece) { return text.find(piece) != std::string_view::npos; });
}

}  // namespace

bool same_script(std::string_view before, std::string_view after) {
  if (before == after) return true;
  if (first_line(before) != first_line(after) || templates_in(before) != templates_in(after)) return false;
  if (is_lossy(before) || is_lossy(after)) return false;
  const ShellTree one = read_shell_tree(before, 1), other = read_shell_tree(after, 1);
  if (!one.problems.empty() || !other.problems.empty()) return false;
  return TreeText(*one.root).is_same_as(TreeText(*other.root));
}

}  // namespace tollbar::document
