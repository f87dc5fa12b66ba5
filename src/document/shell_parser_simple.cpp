// Simple commands: assignments, words and redirections.
#include "document/shell_parser.h"

namespace tollbar::document {

bool ShellParser::at_redirection() const {
  std::size_t i = 0;
  while (peek(i) >= '0' && peek(i) <= '9') ++i;
  if (i == 0 && peek() == '{') {
    i = 1;
    while (is_shell_name_char(peek(i))) ++i;
    if (i == 1 || peek(i) != '}') return false;
    ++i;
    return peek(i) == '<' || peek(i) == '>';
  }
  if (peek(i) == '<' || peek(i) == '>') return i > 0 || peek(i + 1) != '(';
  return i == 0 && starts_with("&>");
}

void ShellParser::read_redirection(ShellNode& node) {
  ShellRedirection redirection;
  while (peek() != '<' && peek() != '>' && peek() != '&') {
    redirection.op += peek();
    advance();
  }
  for (const std::string_view op : {"<<<", "<<-", "&>>", "<<", ">>", "<&", ">&", "&>", "<>", ">|", "<", ">"}) {
    if (!starts_with(op)) continue;
    redirection.op += op;
    advance(op.size());
    break;
  }
  skip_blanks();
  redirection.target = read_word();
  node.redirections.push_back(std::move(redirection));
  ShellRedirection& kept = node.redirections.back();
  if (kept.op.find("<<") != std::string::npos && !kept.op.ends_with("<<<")) expect_heredoc(kept);
}

std::optional<std::size_t> ShellParser::assignment_length() const {
  std::size_t i = 0;
  while (is_shell_name_char(peek(i))) ++i;
  if (i == 0 || (peek() >= '0' && peek() <= '9')) return std::nullopt;
  if (peek(i) == '[') {
    while (peek(i) != ']' && peek(i) != '\0' && peek(i) != '\n' && peek(i) != ' ') ++i;
    if (peek(i) != ']') return std::nullopt;
    ++i;
  }
  if (peek(i) == '+') ++i;
  if (peek(i) != '=') return std::nullopt;
  return i + 1;
}

ShellAssignment ShellParser::read_assignment(std::size_t length) {
  ShellAssignment assignment;
  assignment.name = text_.substr(position_, length - 1);
  if (assignment.name.ends_with('+')) {
    assignment.name.pop_back();
    assignment.append = true;
  }
  advance(length);
  assignment.value = read_assignment_value();
  return assignment;
}

ShellNodePtr ShellParser::read_simple() {
  ShellNodePtr node = make_shell_node(ShellNodeKind::simple, line_);
  for (skip_blanks(); !at_end(); skip_blanks()) {
    if (at_redirection()) {
      read_redirection(*node);
      continue;
    }
    if (at_word_end() && !starts_with("<(") && !starts_with(">(")) {
      // `declare -a list=(...)`: the parenthesis follows a word that ends with `=`.
      if (peek() != '(' || node->words.empty() || !ends_with_equals(node->words.back())) break;
      ShellWord array = read_assignment_value();
      for (ShellPiece& piece : array.pieces) node->words.back().pieces.push_back(std::move(piece));
      continue;
    }
    if (node->words.empty()) {
      if (const auto length = assignment_length()) {
        node->assignments.push_back(read_assignment(*length));
        continue;
      }
    }
    const std::size_t before = position_;
    ShellWord word = read_word();
    if (position_ == before) break;
    if (!word.pieces.empty() || word.quoted) node->words.push_back(std::move(word));
  }
  if (node->words.empty() && node->assignments.empty() && node->redirections.empty()) return nullptr;
  return node;
}

bool ShellParser::ends_with_equals(const ShellWord& word) const {
  return position_ > 0 && text_[position_ - 1] == '=' && !word.pieces.empty() && word.pieces.back().text.ends_with('=');
}

}  // namespace tollbar::document
