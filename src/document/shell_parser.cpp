// Lists, chains and pipelines of a script, and the helpers that all of its grammar shares.
#include "document/shell_parser.h"

#include <algorithm>
#include <array>

namespace tollbar::document {

namespace {

constexpr std::size_t maximum_size = std::size_t{4} << 20;

}  // namespace

ShellNodePtr make_shell_node(ShellNodeKind kind, std::uint32_t line) {
  auto node = std::make_unique<ShellNode>();
  node->kind = kind;
  node->line = line;
  return node;
}

ShellWord literal_shell_word(std::string_view text, std::uint32_t line) {
  ShellWord word;
  word.line = line;
  ShellPiece piece;
  piece.text = text;
  word.pieces.push_back(std::move(piece));
  return word;
}

bool is_shell_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

ShellTree ShellParser::parse() {
  ShellTree tree;
  tree.root = make_shell_node(ShellNodeKind::list, line_);
  if (text_.size() > maximum_size) {
    problem(Problem::Kind::limit, "script is too long");
    text_ = text_.substr(0, maximum_size);
  }
  while (!at_end()) {
    read_list(*tree.root, {}, false);
    if (at_end()) break;
    problem(Problem::Kind::syntax_error, "unexpected `" + std::string(1, peek()) + "`");
    skip_stray();
  }
  tree.problems = std::move(problems_);
  return tree;
}

ShellNodePtr ShellParser::read_until_parenthesis() {
  ShellNodePtr list = make_shell_node(ShellNodeKind::list, line_);
  while (!at_end()) {
    read_list(*list, {}, true);
    if (at_end() || peek() == ')') break;
    problem(Problem::Kind::syntax_error, "unexpected `" + std::string(1, peek()) + "`");
    skip_stray();
  }
  return list;
}

void ShellParser::skip_stray() {
  const std::string reserved = reserved_word();
  advance(std::max<std::size_t>(1, reserved.size()));
}

std::string ShellParser::reserved_word() const {
  static constexpr std::array<std::string_view, 19> words{"if",    "then",   "elif", "else", "fi",      "for",  "while",
                                                          "until", "select", "do",   "done", "case",    "esac", "in",
                                                          "{",     "}",      "!",    "time", "function"};
  std::size_t length = 0;
  while (length < 10 && position_ + length < text_.size() &&
         std::string_view(" \t\r\n;&|<>()\"'`$\\#").find(text_[position_ + length]) == std::string_view::npos)
    ++length;
  const std::string_view word = text_.substr(position_, length);
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return {};
  const char after = peek(length);
  return std::string_view("\"'`$\\#").find(after) != std::string_view::npos && after != '\0' ? std::string()
                                                                                             : std::string(word);
}

bool ShellParser::at_reserved(Words wanted) const {
  return std::find(wanted.begin(), wanted.end(), std::string_view(reserved_word())) != wanted.end() &&
         wanted.size() > 0;
}

bool ShellParser::accept_reserved(std::string_view wanted) {
  skip_separators();
  if (reserved_word() != wanted) return false;
  advance(wanted.size());
  return true;
}

void ShellParser::expect_reserved(std::string_view wanted) {
  if (!accept_reserved(wanted)) problem(Problem::Kind::syntax_error, "`" + std::string(wanted) + "` is missing");
}

void ShellParser::skip_lines() {
  for (skip_blanks(); peek() == '\n' || starts_with("\r\n"); skip_blanks()) consume_newline();
}

void ShellParser::skip_separators() {
  for (skip_lines(); peek() == ';' && peek(1) != ';'; skip_lines()) advance();
}

void ShellParser::read_list(ShellNode& list, Words terminators, bool in_parentheses) {
  const DepthGuard guard(*this);
  if (too_deep()) return;
  while (!at_end()) {
    skip_lines();
    if (at_end() || at_reserved(terminators)) return;
    if (peek() == ')' || starts_with(";;") || starts_with(";&")) return;
    if (at_closing_word()) {
      if (terminators.size() > 0 || in_parentheses) return;
      problem(Problem::Kind::syntax_error, "unexpected `" + reserved_word() + "`");
      advance(reserved_word().size());
      continue;
    }
    const std::size_t before = position_;
    ShellNodePtr command = read_and_or();
    if (command) list.children.push_back(std::move(command));
    if (position_ == before) {
      skip_stray();
      continue;
    }
    read_separator(list);
  }
}

void ShellParser::read_separator(ShellNode& list) {
  skip_blanks();
  std::string operation;
  if (peek() == '&' && peek(1) != '&') {
    operation = "&";
    advance();
  } else if (peek() == ';' && peek(1) != ';' && peek(1) != '&') {
    operation = ";";
    advance();
  } else if (peek() == '\n' || starts_with("\r\n")) {
    operation = ";";
    consume_newline();
  }
  list.operators.resize(list.children.size());
  if (!list.operators.empty()) list.operators.back() = operation;
}

ShellNodePtr ShellParser::read_and_or() {
  ShellNodePtr first = read_pipeline();
  if (!first) return nullptr;
  ShellNodePtr chain = make_shell_node(ShellNodeKind::and_or, first->line);
  chain->children.push_back(std::move(first));
  for (skip_blanks(); starts_with("&&") || starts_with("||"); skip_blanks()) {
    chain->operators.emplace_back(text_.substr(position_, 2));
    advance(2);
    skip_lines();
    ShellNodePtr next = read_pipeline();
    if (!next) {
      problem(Problem::Kind::syntax_error, "a command is missing after `" + chain->operators.back() + "`");
      chain->operators.pop_back();
      break;
    }
    chain->children.push_back(std::move(next));
  }
  return chain;
}

ShellNodePtr ShellParser::read_pipeline() {
  ShellNodePtr pipeline = make_shell_node(ShellNodeKind::pipeline, line_);
  for (skip_blanks(); at_reserved({"!", "time"}); skip_blanks()) {
    if (peek() == '!') {
      pipeline->negated = !pipeline->negated;
      advance();
    } else {
      advance(4);
      skip_blanks();
      if (starts_with("-p ")) advance(2);
    }
  }
  for (;;) {
    ShellNodePtr command = read_command();
    if (!command) break;
    pipeline->children.push_back(std::move(command));
    skip_blanks();
    if (peek() != '|' || peek(1) == '|') break;
    const std::size_t length = peek(1) == '&' ? 2 : 1;
    pipeline->operators.emplace_back(text_.substr(position_, length));
    advance(length);
    skip_lines();
  }
  if (pipeline->children.empty()) return nullptr;
  if (pipeline->operators.size() >= pipeline->children.size())
    problem(Problem::Kind::syntax_error, "a command is missing after `|`");
  return pipeline;
}

ShellNodePtr ShellParser::read_command() {
  const DepthGuard guard(*this);
  if (too_deep()) return nullptr;
  skip_blanks();
  ShellNodePtr node = read_compound();
  if (!node) return read_simple();
  for (skip_blanks(); at_redirection(); skip_blanks()) read_redirection(*node);
  return node;
}

ShellTree read_shell_tree(std::string_view text, std::uint32_t first_line, unsigned depth) {
  return ShellParser(text, first_line, depth).parse();
}

}  // namespace tollbar::document
