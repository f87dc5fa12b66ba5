// What a shell replaces inside words: parameters, substitutions, arithmetic, here-documents, and the templates of CI
// systems.
#include <algorithm>
#include <utility>

#include "text/ascii.h"

#include "document/shell_reader.h"

namespace tollbar::document {

namespace {

using text::is_digit;

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_char(char c) {
  return is_name_start(c) || is_digit(c);
}

ShellPiece& append_expansion(ShellWord& word, std::string_view text, bool quoted) {
  if (quoted) word.quoted = true;
  ShellPiece piece;
  piece.text = text;
  piece.expansion = true;
  piece.quoted = quoted;
  word.pieces.push_back(std::move(piece));
  return word.pieces.back();
}

/// Where a template that starts at `from` ends (after `closing`), quoted strings inside skipped; npos where it does not
/// close.
std::size_t template_end(std::string_view text, std::size_t from, std::string_view closing, bool one_line) {
  char quote = '\0';
  for (std::size_t i = from; i < text.size(); ++i) {
    if (one_line && text[i] == '\n') return std::string_view::npos;
    if (quote != '\0') {
      if (text[i] == quote) quote = '\0';
    } else if (text.substr(i).starts_with(closing)) {
      return i + closing.size();
    } else if (text[i] == '\'') {
      quote = text[i];
    }
  }
  // An apostrophe that is no quote: take the first closing there is.
  const std::size_t plain = text.find(closing, from);
  return plain == std::string_view::npos ? plain : plain + closing.size();
}

}  // namespace

bool ShellReader::read_template(ShellWord& word, bool quoted) {
  std::size_t end = std::string_view::npos;
  if (starts_with("${{")) {
    end = template_end(text_, position_ + 3, "}}", false);
  } else if (starts_with("$[[")) {
    end = template_end(text_, position_ + 3, "]]", true);
  } else if (starts_with("{{")) {
    end = template_end(text_, position_ + 2, "}}", true);
  }
  if (end == std::string_view::npos) return false;
  // `{{{ x }}}`: the braces that are left over belong to the template.
  while (text_[position_] == '{' && end < text_.size() && text_[end] == '}' && starts_with("{{{")) ++end;
  append_expansion(word, text_.substr(position_, end - position_), quoted);
  advance(end - position_);
  return true;
}

void ShellReader::read_dollar(ShellWord& word, bool quoted) {
  const char next = peek(1);
  if (next == '\'' && !quoted) return read_ansi_quotes(word);
  if (next == '"' && !quoted) {
    advance();
    return read_double_quotes(word);
  }
  if (next == '{') return read_braced_parameter(word, quoted);
  if (next == '(' && peek(2) == '(') {
    const std::size_t start = position_;
    const std::uint32_t line = line_;
    advance(3);
    std::string inside;
    if (read_arithmetic(inside)) {
      append_expansion(word, text_.substr(start, position_ - start), quoted);
      return;
    }
    position_ = start;
    line_ = line;
  }
  if (next == '(') return read_substitution(word, quoted, 2);
  if (next == '[') {
    const std::size_t close = text_.find(']', position_);
    const std::size_t length = (close == std::string_view::npos ? text_.size() : close + 1) - position_;
    append_expansion(word, text_.substr(position_, length), quoted);
    return advance(length);
  }
  std::size_t length = 0;
  if (is_name_start(next)) {
    while (is_name_char(peek(1 + length))) ++length;
  } else if (next != '\0' && (is_digit(next) || std::string_view("?$!#@*-").find(next) != std::string_view::npos)) {
    length = 1;
  }
  if (length == 0) {
    append_literal(word, "$", quoted);
    return advance();
  }
  append_expansion(word, text_.substr(position_, 1 + length), quoted).parameter = text_.substr(position_ + 1, length);
  advance(1 + length);
}

void ShellReader::read_braced_parameter(ShellWord& word, bool quoted) {
  const DepthGuard guard(*this);
  if (too_deep()) return;
  const std::size_t start = position_;
  advance(2);
  std::vector<ShellNodePtr> bodies;
  ShellWord scratch;
  while (!at_end() && peek() != '}') {
    const char c = peek();
    if (c == '\\') {
      advance(2);
    } else if (c == '\'' && !quoted) {
      read_single_quotes(scratch);
    } else if (c == '"') {
      read_double_quotes(scratch);
    } else if (c == '`') {
      read_backquotes(scratch, quoted);
    } else if (c == '$') {
      read_dollar(scratch, quoted);
    } else {
      advance();
    }
  }
  for (ShellPiece& piece : scratch.pieces)
    for (ShellNodePtr& body : piece.bodies) bodies.push_back(std::move(body));
  if (at_end()) problem(Problem::Kind::syntax_error, "${ is not closed");
  advance();
  const std::string_view written = text_.substr(start, position_ - start);
  ShellPiece& piece = append_expansion(word, written, quoted);
  piece.bodies = std::move(bodies);
  const std::string_view inside = written.size() >= 3 ? written.substr(2, written.size() - 3) : std::string_view();
  const bool plain = inside == "?" || (!inside.empty() && std::all_of(inside.begin(), inside.end(), is_name_char));
  if (plain || inside.starts_with("PIPESTATUS[")) piece.parameter = inside;
}

void ShellReader::read_substitution(ShellWord& word, bool quoted, std::size_t opening) {
  const DepthGuard guard(*this);
  if (too_deep()) return;
  const std::size_t start = position_;
  advance(opening);
  std::vector<PendingHeredoc> outside;
  outside.swap(pending_);
  ShellNodePtr body = read_until_parenthesis();
  if (at_end()) problem(Problem::Kind::syntax_error, "( is not closed");
  advance();
  pending_.insert(pending_.begin(), outside.begin(), outside.end());
  ShellPiece& piece = append_expansion(word, text_.substr(start, position_ - start), quoted);
  piece.bodies.push_back(std::move(body));
}

void ShellReader::read_backquotes(ShellWord& word, bool quoted) {
  const std::size_t start = position_;
  const std::uint32_t line = line_;
  advance();
  std::string inside;
  while (!at_end() && peek() != '`') {
    if (peek() == '\\' && (peek(1) == '`' || peek(1) == '$' || peek(1) == '\\' || (quoted && peek(1) == '"')))
      advance();
    inside += peek();
    advance();
  }
  if (at_end()) problem(Problem::Kind::syntax_error, "` is not closed");
  advance();
  ShellPiece& piece = append_expansion(word, text_.substr(start, position_ - start), quoted);
  if (depth_ + 1 >= maximum_shell_depth) return problem(Problem::Kind::limit, "constructs nest too deeply");
  ShellTree tree = read_shell_tree(inside, line, depth_ + 1);
  piece.bodies.push_back(std::move(tree.root));
  for (Problem& found : tree.problems) problem(found.kind, std::move(found.message));
}

bool ShellReader::read_arithmetic(std::string& text) {
  const std::size_t start = position_;
  int open = 0;
  while (!at_end()) {
    if (peek() == '(') {
      ++open;
    } else if (peek() == ')') {
      if (open == 0) break;
      --open;
    }
    advance();
  }
  if (!starts_with("))")) return false;
  text = text_.substr(start, position_ - start);
  advance(2);
  return true;
}

void ShellReader::expect_heredoc(ShellRedirection& redirection) {
  std::string delimiter;
  bool literal = redirection.target.quoted;
  for (const ShellPiece& piece : redirection.target.pieces) delimiter += piece.text;
  pending_.push_back({&redirection, std::move(delimiter), literal, redirection.op.ends_with('-')});
}

ShellWord ShellReader::expand_heredoc(std::string_view body, std::uint32_t first_line) {
  const std::string_view outer_text = std::exchange(text_, body);
  const std::size_t outer_position = std::exchange(position_, 0);
  const std::uint32_t outer_line = std::exchange(line_, first_line);
  ShellWord word;
  word.line = first_line;
  while (!at_end() && !too_deep()) {
    if (read_template(word, true)) continue;
    if (peek() == '$') {
      read_dollar(word, true);
    } else if (peek() == '`') {
      read_backquotes(word, true);
    } else if (peek() == '\\' && (peek(1) == '$' || peek(1) == '`' || peek(1) == '\\')) {
      append_literal(word, text_.substr(position_ + 1, 1), true);
      advance(2);
    } else {
      append_literal(word, text_.substr(position_, 1), true);
      advance();
    }
  }
  text_ = outer_text;
  position_ = outer_position;
  line_ = outer_line;
  return word;
}

void ShellReader::read_heredocs() {
  std::vector<PendingHeredoc> waiting;
  waiting.swap(pending_);
  for (const PendingHeredoc& heredoc : waiting) {
    std::string body;
    const std::uint32_t first_line = line_;
    bool closed = false;
    while (!at_end() && !closed) {
      const std::size_t end = std::min(text_.find('\n', position_), text_.size());
      std::string_view row = text_.substr(position_, end - position_);
      if (heredoc.strip_tabs) row.remove_prefix(std::min(row.find_first_not_of('\t'), row.size()));
      std::string_view bare = row;
      if (bare.ends_with('\r')) bare.remove_suffix(1);
      closed = bare == heredoc.delimiter;
      if (!closed) body.append(row).append("\n");
      advance(end + 1 - position_);
    }
    if (!closed) problem(Problem::Kind::syntax_error, "here-document is not closed");
    heredoc.redirection->body_line = first_line;
    if (heredoc.literal) {
      append_literal(heredoc.redirection->body, body, true);
    } else {
      heredoc.redirection->body = expand_heredoc(body, first_line);
    }
  }
}

}  // namespace tollbar::document
