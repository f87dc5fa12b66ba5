// The words of a shell script: quote removal, expansions kept as written, templates of CI systems as one piece.
#include "document/shell_reader.h"

#include <algorithm>
#include <utility>

#include "text/ascii.h"

namespace tollbar::document {

namespace {

using text::is_digit;

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | ((code >> 18) & 0x07));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

int digit_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

}  // namespace

void ShellReader::append_literal(ShellWord& word, std::string_view text, bool quoted) {
  if (quoted) word.quoted = true;
  if (!word.pieces.empty() && !word.pieces.back().expansion && word.pieces.back().quoted == quoted) {
    word.pieces.back().text.append(text);
    return;
  }
  ShellPiece piece;
  piece.text = text;
  piece.quoted = quoted;
  word.pieces.push_back(std::move(piece));
}

ShellReader::ShellReader(std::string_view text, std::uint32_t first_line, unsigned depth)
    : text_(text), line_(first_line), depth_(depth) {}

void ShellReader::advance(std::size_t count) {
  for (; count > 0 && !at_end(); --count)
    if (text_[position_++] == '\n') ++line_;
}

void ShellReader::consume_newline() {
  if (peek() == '\r') advance();
  if (peek() == '\n') advance();
  read_heredocs();
}

void ShellReader::skip_blanks() {
  while (!at_end()) {
    const char c = peek();
    if (c == ' ' || c == '\t' || (c == '\r' && (peek(1) == '\n' || position_ + 1 == text_.size()))) {
      advance();
    } else if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
      advance(peek(1) == '\n' ? 2 : 3);
    } else if (c == '#') {
      while (!at_end() && peek() != '\n') advance();
    } else {
      return;
    }
  }
}

bool ShellReader::at_word_end() const {
  return at_end() || std::string_view(" \t\n;&|<>()").find(peek()) != std::string_view::npos ||
         (peek() == '\r' && peek(1) == '\n');
}

void ShellReader::problem(Problem::Kind kind, std::string message) {
  if (problems_.size() < 100) problems_.push_back({kind, line_, std::move(message)});
}

bool ShellReader::too_deep() {
  if (depth_ < maximum_shell_depth) return false;
  problem(Problem::Kind::limit, "constructs nest too deeply");
  stop();
  return true;
}

ShellWord ShellReader::read_word() {
  ShellWord word;
  word.line = line_;
  while (!at_word_end() || (starts_with("<(") || starts_with(">("))) {
    if (read_template(word, false)) continue;
    switch (peek()) {
      case '\\':
        read_escape(word);
        break;
      case '\'':
        read_single_quotes(word);
        break;
      case '"':
        read_double_quotes(word);
        break;
      case '`':
        read_backquotes(word, false);
        break;
      case '$':
        read_dollar(word, false);
        break;
      case '<':
      case '>':
        read_substitution(word, false, 2);
        break;
      default:
        append_literal(word, text_.substr(position_, 1), false);
        advance();
        // Extended globs and `name[$i]`-like text keep their parentheses.
        if (peek() == '(' && std::string_view("?*+@!").find(text_[position_ - 1]) != std::string_view::npos &&
            position_ >= 2 && word.pieces.size() == 1 && word.pieces[0].text.size() > 1) {
          const std::size_t close = text_.find_first_of(")\n", position_);
          if (close != std::string_view::npos && text_[close] == ')') {
            append_literal(word, text_.substr(position_, close + 1 - position_), false);
            advance(close + 1 - position_);
          }
        }
    }
  }
  return word;
}

ShellWord ShellReader::read_regex() {
  ShellWord word;
  word.line = line_;
  int open = 0;
  while (!at_end() && peek() != '\n') {
    const char c = peek();
    if (open == 0 && (c == ' ' || c == '\t')) break;
    if (c == '(') ++open;
    if (c == ')' && --open < 0) break;
    if (c == '\\') {
      read_escape(word);
    } else if (c == '\'') {
      read_single_quotes(word);
    } else if (c == '"') {
      read_double_quotes(word);
    } else if (c == '$') {
      read_dollar(word, false);
    } else {
      append_literal(word, text_.substr(position_, 1), false);
      advance();
    }
  }
  return word;
}

ShellWord ShellReader::read_assignment_value() {
  if (peek() != '(') return read_word();
  ShellWord word;
  word.line = line_;
  const std::size_t start = position_;
  ShellPiece piece;
  piece.expansion = true;
  advance();
  while (!at_end() && peek() != ')') {
    skip_blanks();
    if (peek() == '\n') {
      advance();
      continue;
    }
    if (peek() == ')' || at_end()) break;
    const std::size_t before = position_;
    ShellWord element = read_word();
    for (ShellPiece& part : element.pieces)
      for (ShellNodePtr& body : part.bodies) piece.bodies.push_back(std::move(body));
    if (position_ == before) advance();
  }
  if (at_end()) problem(Problem::Kind::syntax_error, "array is not closed");
  advance();
  piece.text = text_.substr(start, position_ - start);
  word.pieces.push_back(std::move(piece));
  return word;
}

void ShellReader::read_escape(ShellWord& word) {
  if (peek(1) == '\n') {
    advance(2);
  } else if (peek(1) == '\r' && peek(2) == '\n') {
    advance(3);
  } else if (position_ + 1 >= text_.size()) {
    append_literal(word, "\\", false);
    advance();
  } else {
    append_literal(word, text_.substr(position_ + 1, 1), true);
    advance(2);
  }
}

void ShellReader::read_single_quotes(ShellWord& word) {
  advance();
  const std::size_t close = text_.find('\'', position_);
  if (close == std::string_view::npos) problem(Problem::Kind::syntax_error, "' is not closed");
  const std::string_view inside = text_.substr(position_, close == std::string_view::npos ? close : close - position_);
  append_literal(word, inside, true);
  advance(inside.size() + 1);
}

void ShellReader::read_double_quotes(ShellWord& word) {
  const DepthGuard guard(*this);
  if (too_deep()) return;
  const std::uint32_t opened = line_;
  advance();
  append_literal(word, "", true);
  while (!at_end() && peek() != '"') {
    if (read_template(word, true)) continue;
    if (peek() == '\\') {
      const char next = peek(1);
      if (next == '\n') {
        advance(2);
      } else if (next == '$' || next == '`' || next == '"' || next == '\\') {
        append_literal(word, text_.substr(position_ + 1, 1), true);
        advance(2);
      } else {
        append_literal(word, "\\", true);
        advance();
      }
    } else if (peek() == '$') {
      read_dollar(word, true);
    } else if (peek() == '`') {
      read_backquotes(word, true);
    } else {
      const std::size_t run = std::min(text_.find_first_of("\\\"$`{", position_ + 1), text_.size());
      append_literal(word, text_.substr(position_, run - position_), true);
      advance(run - position_);
    }
  }
  if (at_end() && problems_.size() < 100)
    problems_.push_back({Problem::Kind::syntax_error, opened, "\" is not closed"});
  advance();
}

std::string ShellReader::read_ansi_escape() {
  advance();
  const char c = peek();
  const auto number = [this](std::size_t limit, int base) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < limit && digit_value(peek()) < base; ++i) {
      value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit_value(peek()));
      advance();
    }
    return value;
  };
  if (c >= '0' && c <= '7') return {static_cast<char>(number(3, 8))};
  advance();
  switch (c) {
    case 'a':
      return "\a";
    case 'b':
      return "\b";
    case 'e':
    case 'E':
      return "\x1b";
    case 'f':
      return "\f";
    case 'n':
      return "\n";
    case 'r':
      return "\r";
    case 't':
      return "\t";
    case 'v':
      return "\v";
    case 'x':
      return {static_cast<char>(number(2, 16))};
    case 'u':
    case 'U': {
      std::string out;
      append_utf8(out, number(c == 'u' ? 4 : 8, 16));
      return out;
    }
    case 'c': {
      const char control = static_cast<char>(peek() & 0x1f);
      advance();
      return {control};
    }
    case '\\':
    case '\'':
    case '"':
    case '?':
      return {c};
    default:
      return {'\\', c};
  }
}

void ShellReader::read_ansi_quotes(ShellWord& word) {
  advance(2);
  append_literal(word, "", true);
  while (!at_end() && peek() != '\'') {
    if (peek() == '\\') {
      append_literal(word, read_ansi_escape(), true);
    } else {
      append_literal(word, text_.substr(position_, 1), true);
      advance();
    }
  }
  if (at_end()) problem(Problem::Kind::syntax_error, "$' is not closed");
  advance();
}

}  // namespace tollbar::document
