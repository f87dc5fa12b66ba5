// Tells whether two texts of a script mean the same, by writing down their syntax trees without places.
#include <algorithm>
#include <array>
#include <string>

#include "document/shell.h"
#include "document/shell_tree.h"

namespace tollbar::document {

namespace {

/// Every field is written with its length, so that no two different trees read alike.
class TreeText {
 public:
  std::string of(const ShellNode& root) {
    node(root);
    return std::move(out_);
  }

 private:
  void text(std::string_view value) { out_.append(std::to_string(value.size())).append(":").append(value); }

  void mark(char value) { out_ += value; }

  void word(const ShellWord& word) {
    mark('w');
    // `"a b"` and `a\ b` are one word alike; where an expansion stands, quotes decide about splitting.
    std::string literal;
    const auto flush = [&] {
      if (!literal.empty()) text(literal);
      literal.clear();
    };
    for (const ShellPiece& piece : word.pieces) {
      if (!piece.expansion && !piece.quoted) {
        literal += piece.text;
        continue;
      }
      flush();
      mark(piece.expansion ? '$' : '\'');
      mark(piece.quoted ? 'q' : '-');
      text(piece.text);
    }
    flush();
    mark(word.quoted ? 'q' : '.');
  }

  void node(const ShellNode& node) {
    out_.append("(").append(std::to_string(static_cast<int>(node.kind)));
    mark(node.negated ? '!' : ' ');
    text(node.name);
    for (const ShellAssignment& assignment : node.assignments) {
      mark(assignment.append ? '+' : '=');
      text(assignment.name);
      word(assignment.value);
    }
    for (const ShellWord& each : node.words) word(each);
    for (const ShellRedirection& redirection : node.redirections) {
      mark('>');
      text(redirection.op);
      word(redirection.target);
      word(redirection.body);
    }
    for (std::size_t i = 0; i < node.operators.size(); ++i) {
      // The last command of a list may or may not be followed by a line end.
      const bool plain = node.kind == ShellNodeKind::list && node.operators[i].empty();
      text(plain ? ";" : node.operators[i]);
    }
    for (const auto& patterns : node.patterns) {
      mark('|');
      for (const ShellWord& pattern : patterns) word(pattern);
    }
    for (const ShellNodePtr& child : node.children) this->node(*child);
    mark(')');
  }

  std::string out_;
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
  return TreeText().of(*one.root) == TreeText().of(*other.root);
}

}  // namespace tollbar::document
