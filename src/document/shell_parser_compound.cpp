// Compound commands: groups, tests, branches, loops, choices and functions.
#include <algorithm>

#include "document/shell_parser.h"

namespace tollbar::document {

ShellNodePtr ShellParser::read_compound() {
  if (starts_with("((")) {
    if (ShellNodePtr arithmetic = read_arithmetic_command()) return arithmetic;
  }
  if (peek() == '(') return read_subshell();
  if (starts_with("[[") && (peek(2) == ' ' || peek(2) == '\t' || peek(2) == '\n')) return read_test();
  const std::string word = reserved_word();
  if (word == "{") return read_group();
  if (word == "if") return read_branch();
  if (word == "while" || word == "until") return read_loop(word);
  if (word == "for" || word == "select") return read_iteration(word);
  if (word == "case") return read_choice();
  if (word == "function") return read_function_keyword();
  return read_function();
}

ShellNodePtr ShellParser::read_arithmetic_command() {
  const std::size_t start = position_;
  const std::uint32_t line = line_;
  advance(2);
  std::string text;
  if (!read_arithmetic(text)) {
    position_ = start;
    line_ = line;
    return nullptr;
  }
  ShellNodePtr node = make_shell_node(ShellNodeKind::simple, line);
  node->words.push_back(literal_shell_word("((", line));
  node->words.push_back(literal_shell_word(text, line));
  node->words.back().pieces[0].expansion = true;
  node->words.push_back(literal_shell_word("))", line));
  return node;
}

ShellNodePtr ShellParser::read_test() {
  ShellNodePtr node = make_shell_node(ShellNodeKind::simple, line_);
  node->words.push_back(literal_shell_word("[[", line_));
  advance(2);
  bool regex = false;
  for (;;) {
    skip_lines();
    if (at_end()) {
      problem(Problem::Kind::syntax_error, "[[ is not closed");
      return node;
    }
    if (starts_with("]]") &&
        (position_ + 2 >= text_.size() || std::string_view(" \t\r\n;&|)").find(peek(2)) != std::string_view::npos))
      break;
    const std::size_t before = position_;
    if (regex) {
      node->words.push_back(read_regex());
    } else if (starts_with("&&") || starts_with("||")) {
      node->words.push_back(literal_shell_word(text_.substr(position_, 2), line_));
      advance(2);
    } else if (at_word_end()) {
      node->words.push_back(literal_shell_word(text_.substr(position_, 1), line_));
      advance();
    } else {
      node->words.push_back(read_word());
    }
    const ShellWord& last = node->words.back();
    regex = last.pieces.size() == 1 && last.pieces[0].text == "=~" && !last.quoted;
    if (position_ == before) advance();
  }
  advance(2);
  node->words.push_back(literal_shell_word("]]", line_));
  return node;
}

ShellNodePtr ShellParser::read_subshell() {
  ShellNodePtr node = make_shell_node(ShellNodeKind::subshell, line_);
  advance();
  node->children.push_back(read_until_parenthesis());
  if (peek() == ')') {
    advance();
  } else {
    problem(Problem::Kind::syntax_error, "( is not closed");
  }
  return node;
}

ShellNodePtr ShellParser::body_until(Words terminators) {
  ShellNodePtr list = make_shell_node(ShellNodeKind::list, line_);
  read_list(*list, terminators, false);
  return list;
}

ShellNodePtr ShellParser::read_group() {
  ShellNodePtr node = make_shell_node(ShellNodeKind::group, line_);
  advance();
  node->children.push_back(body_until({"}"}));
  expect_reserved("}");
  return node;
}

ShellNodePtr ShellParser::read_branch() {
  ShellNodePtr node = make_shell_node(ShellNodeKind::branch, line_);
  advance(2);
  for (;;) {
    node->children.push_back(body_until({"then"}));
    expect_reserved("then");
    node->children.push_back(body_until({"elif", "else", "fi"}));
    if (accept_reserved("elif")) continue;
    if (accept_reserved("else")) node->children.push_back(body_until({"fi"}));
    expect_reserved("fi");
    return node;
  }
}

ShellNodePtr ShellParser::read_do_group() {
  if (accept_reserved("{")) {
    ShellNodePtr body = body_until({"}"});
    expect_reserved("}");
    return body;
  }
  expect_reserved("do");
  ShellNodePtr body = body_until({"done"});
  expect_reserved("done");
  return body;
}

ShellNodePtr ShellParser::read_loop(const std::string& word) {
  ShellNodePtr node = make_shell_node(ShellNodeKind::loop, line_);
  node->name = word;
  advance(word.size());
  node->children.push_back(body_until({"do"}));
  node->children.push_back(read_do_group());
  return node;
}

ShellNodePtr ShellParser::read_iteration(const std::string& word) {
  ShellNodePtr node = make_shell_node(ShellNodeKind::iteration, line_);
  advance(word.size());
  skip_blanks();
  if (starts_with("((")) {
    advance(2);
    std::string header;
    if (!read_arithmetic(header)) problem(Problem::Kind::syntax_error, "for (( is not closed");
    node->words.push_back(literal_shell_word(header, line_));
    node->words.back().pieces[0].expansion = true;
  } else {
    while (is_shell_name_char(peek())) {
      node->name += peek();
      advance();
    }
    skip_lines();
    if (reserved_word() == "in") {
      advance(2);
      for (skip_blanks(); !at_word_end(); skip_blanks()) node->words.push_back(read_word());
    } else {
      node->words.push_back(literal_shell_word("$@", line_));
      node->words.back().pieces[0].expansion = true;
    }
  }
  node->children.push_back(read_do_group());
  return node;
}

ShellNodePtr ShellParser::read_choice() {
  ShellNodePtr node = make_shell_node(ShellNodeKind::choice, line_);
  advance(4);
  skip_blanks();
  node->words.push_back(read_word());
  expect_reserved("in");
  for (skip_lines(); !at_end() && reserved_word() != "esac"; skip_lines()) {
    const std::size_t before = position_;
    if (peek() == '(') advance();
    std::vector<ShellWord> patterns;
    for (skip_lines(); !at_end() && peek() != ')'; skip_lines()) {
      const std::size_t start = position_;
      if (peek() == '|') {
        advance();
      } else {
        patterns.push_back(read_word());
      }
      if (position_ == start) break;
    }
    if (peek() == ')') {
      advance();
    } else {
      problem(Problem::Kind::syntax_error, "a case pattern is not closed");
      if (position_ == before) advance();
    }
    node->patterns.push_back(std::move(patterns));
    node->children.push_back(body_until({"esac"}));
    skip_blanks();
    for (const std::string_view end : {";;&", ";;", ";&"}) {
      if (!starts_with(end)) continue;
      advance(end.size());
      break;
    }
    if (position_ == before) advance();
  }
  expect_reserved("esac");
  return node;
}

ShellNodePtr ShellParser::read_function_keyword() {
  ShellNodePtr node = make_shell_node(ShellNodeKind::function, line_);
  advance(8);
  skip_blanks();
  while (!at_word_end()) {
    node->name += peek();
    advance();
  }
  skip_blanks();
  if (peek() == '(') {
    advance();
    skip_blanks();
    if (peek() == ')') advance();
  }
  return with_body(std::move(node));
}

ShellNodePtr ShellParser::read_function() {
  std::size_t length = 0;
  while (is_shell_name_char(peek(length)) ||
         (peek(length) != '\0' && std::string_view("-.:+@/!").find(peek(length)) != std::string_view::npos))
    ++length;
  if (length == 0) return nullptr;
  std::size_t open = length;
  while (peek(open) == ' ' || peek(open) == '\t') ++open;
  if (peek(open) != '(') return nullptr;
  std::size_t close = open + 1;
  while (peek(close) == ' ' || peek(close) == '\t') ++close;
  if (peek(close) != ')') return nullptr;
  ShellNodePtr node = make_shell_node(ShellNodeKind::function, line_);
  node->name = text_.substr(position_, length);
  advance(close + 1);
  return with_body(std::move(node));
}

ShellNodePtr ShellParser::with_body(ShellNodePtr node) {
  skip_lines();
  ShellNodePtr body = read_command();
  if (!body) {
    problem(Problem::Kind::syntax_error, "function `" + node->name + "` has no body");
    body = make_shell_node(ShellNodeKind::list, line_);
  }
  node->children.push_back(std::move(body));
  return node;
}

}  // namespace tollbar::document
