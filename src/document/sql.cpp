// Reads SQL text into statements, so that words inside strings and comments decide nothing.
#include "document/sql.h"

#include <algorithm>
#include <cctype>

#include "text/ascii.h"

namespace tollbar::document {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool is_word_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}
bool is_word_char(char c) {
  return is_word_start(c) || (c >= '0' && c <= '9') || c == '$';
}

class SqlReader {
 public:
  SqlReader(std::string_view text, std::uint32_t first_line) : text_(text), line_(first_line) {}

  std::vector<SqlStatement> read() {
    while (position_ < text_.size()) {
      if (at_line_start() && read_client_command()) continue;
      read_token();
    }
    finish_statement();
    return std::move(statements_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0'; }

  void advance(std::size_t count) {
    for (; count > 0 && position_ < text_.size(); --count)
      if (text_[position_++] == '\n') ++line_;
  }

  std::string_view rest_of_line() const {
    const std::size_t end = std::min(text_.find('\n', position_), text_.size());
    std::string_view row = text_.substr(position_, end - position_);
    while (!row.empty() && is_space(row.back())) row.remove_suffix(1);
    return row;
  }

  bool at_line_start() const {
    std::size_t i = position_;
    while (i > 0 && (text_[i - 1] == ' ' || text_[i - 1] == '\t')) --i;
    return i == 0 || text_[i - 1] == '\n';
  }

  void skip_line() { advance(std::min(text_.find('\n', position_), text_.size()) - position_); }

  /// psql's `\c`, MySQL's DELIMITER, the GO of batches: lines for the client and not for the server.
  bool read_client_command() {
    const std::string_view row = rest_of_line();
    if (peek() == '\\' && statement_.tokens.empty()) {
      skip_line();
      return true;
    }
    const std::string word = text::ascii_upper(row.substr(0, row.find_first_of(" \t")));
    if (word == "DELIMITER" && row.size() > 10) {
      std::string_view delimiter = row.substr(10);
      while (!delimiter.empty() && is_space(delimiter.front())) delimiter.remove_prefix(1);
      finish_statement();
      delimiter_ = delimiter;
      skip_line();
      return true;
    }
    if (word == "GO" && row.find_first_not_of("0123456789 \t", 2) == std::string_view::npos) {
      finish_statement();
      skip_line();
      return true;
    }
    return false;
  }

  void read_token() {
    const std::string_view rest = text_.substr(position_);
    const char c = peek();
    if (is_space(c)) return advance(1);
    if (!delimiter_.empty() && rest.starts_with(delimiter_)) {
      advance(delimiter_.size());
      return finish_statement();
    }
    if (c == '#' && is_word_start(peek(1)) && names_table()) return read_scratch_name();
    if (rest.starts_with("--") || c == '#') {
      // `#>` and `#-` are operators of PostgreSQL; a comment of MySQL otherwise.
      if (c == '#' && (peek(1) == '>' || peek(1) == '-')) return add(std::string(rest.substr(0, 2)), 2);
      return skip_line();
    }
    if (rest.starts_with("/*")) return read_comment();
    if (c == '\'') return read_string(1, false);
    if ((c == 'E' || c == 'e') && peek(1) == '\'') return read_string(2, true);
    if ((c == 'N' || c == 'n' || c == 'B' || c == 'b' || c == 'X' || c == 'x') && peek(1) == '\'')
      return read_string(2, false);
    if (c == '"' || c == '`') return read_quoted_name(c);
    if (c == '[') return read_bracketed();
    if (c == '$' && read_dollar_quote()) return;
    if (is_word_start(c)) return read_word();
    if (c >= '0' && c <= '9') return read_number();
    add(std::string(1, c), 1);
  }

  /// `#scratch` of SQL Server can only stand where a table is named; anywhere else `#` starts a comment of MySQL.
  bool names_table() const {
    if (statement_.tokens.empty()) return false;
    const std::string& last = statement_.tokens.back();
    return last == "TABLE" || last == "EXISTS" || last == "INTO" || last == "FROM" || last == "UPDATE" ||
           last == "JOIN";
  }

  void read_scratch_name() {
    std::size_t length = 1;
    while (is_word_char(peek(length))) ++length;
    add(text::ascii_upper(text_.substr(position_, length)), length);
  }

  void add(std::string token, std::size_t length) {
    if (statement_.tokens.empty()) statement_.line = line_;
    statement_.tokens.push_back(std::move(token));
    advance(length);
  }

  void read_comment() {
    // `/*!40000 DROP ... */` is run by MySQL: its text counts.
    if (peek(2) == '!') {
      advance(3);
      while (peek() >= '0' && peek() <= '9') advance(1);
      ++executable_comments_;
      return;
    }
    int depth = 0;
    do {
      if (peek() == '/' && peek(1) == '*') {
        ++depth;
        advance(2);
      } else if (peek() == '*' && peek(1) == '/') {
        --depth;
        advance(2);
      } else {
        advance(1);
      }
    } while (depth > 0 && position_ < text_.size());
  }

  void read_string(std::size_t opening, bool escapes) {
    std::string value;
    std::size_t i = position_ + opening;
    for (; i < text_.size(); ++i) {
      if (text_[i] == '\\' && i + 1 < text_.size() && (escapes || text_[i + 1] == '\'') &&
          (escapes || mysql_escape(i))) {
        value += text_[++i];
      } else if (text_[i] != '\'') {
        value += text_[i];
      } else if (i + 1 < text_.size() && text_[i + 1] == '\'') {
        value += text_[i++];
      } else {
        break;
      }
    }
    add("''", std::min(i + 1, text_.size()) - position_);
    statement_.strings.push_back(std::move(value));
  }

  /// `\'` ends a string in standard SQL and does not in MySQL: it is an escape where the string goes on after it on the
  /// same line.
  bool mysql_escape(std::size_t backslash) const {
    const std::size_t after = backslash + 2;
    const std::size_t end = std::min(text_.find('\n', after), text_.size());
    const std::string_view row = text_.substr(std::min(after, end), end - std::min(after, end));
    return std::count(row.begin(), row.end(), '\'') % 2 == 1;
  }

  void read_quoted_name(char quote) {
    std::string name;
    std::size_t i = position_ + 1;
    for (; i < text_.size(); ++i) {
      if (text_[i] != quote) {
        name += text_[i];
      } else if (i + 1 < text_.size() && text_[i + 1] == quote) {
        name += text_[i++];
      } else {
        break;
      }
    }
    add(std::move(name), std::min(i + 1, text_.size()) - position_);
  }

  /// `[name]` of SQL Server; an array subscript of PostgreSQL stays punctuation.
  void read_bracketed() {
    const std::size_t close = text_.find_first_of("]\n;", position_);
    const bool subscript = !statement_.tokens.empty() && position_ > 0 &&
                           (is_word_char(text_[position_ - 1]) || text_[position_ - 1] == ']');
    if (subscript || close == std::string_view::npos || text_[close] != ']') return add("[", 1);
    add(std::string(text_.substr(position_ + 1, close - position_ - 1)), close + 1 - position_);
  }

  bool read_dollar_quote() {
    std::size_t i = position_ + 1;
    while (i < text_.size() && text_[i] != '$' && is_word_char(text_[i])) ++i;
    if (i >= text_.size() || text_[i] != '$' || (peek(1) >= '0' && peek(1) <= '9')) return false;
    const std::string_view tag = text_.substr(position_, i + 1 - position_);
    const std::size_t close = text_.find(tag, i + 1);
    const std::size_t end = std::min(close, text_.size());
    std::string body(text_.substr(i + 1, end - i - 1));
    add("''", std::min(end + tag.size(), text_.size()) - position_);
    statement_.strings.push_back(std::move(body));
    return true;
  }

  void read_word() {
    std::size_t length = 0;
    while (is_word_char(peek(length)) &&
           (delimiter_[0] != '$' || !text_.substr(position_ + length).starts_with(delimiter_)))
      ++length;
    add(text::ascii_upper(text_.substr(position_, length)), length);
  }

  void read_number() {
    std::size_t length = 0;
    while ((peek(length) >= '0' && peek(length) <= '9') || peek(length) == '.') ++length;
    add(std::string(text_.substr(position_, length)), length);
  }

  void finish_statement() {
    if (statement_.tokens.empty()) return;
    if (executable_comments_ > 0) drop_comment_ends();
    const bool copies_data =
        statement_.tokens.front() == "COPY" &&
        std::find(statement_.tokens.begin(), statement_.tokens.end(), "STDIN") != statement_.tokens.end();
    if (!statement_.tokens.empty()) statements_.push_back(std::move(statement_));
    statement_ = {};
    if (copies_data) skip_data();
  }

  void drop_comment_ends() {
    std::vector<std::string>& tokens = statement_.tokens;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      if (tokens[i] == "*" && tokens[i + 1] == "/")
        tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(i),
                     tokens.begin() + static_cast<std::ptrdiff_t>(i) + 2);
    }
    executable_comments_ = 0;
  }

  /// The rows after `COPY ... FROM stdin;` up to `\.`.
  void skip_data() {
    skip_line();
    while (position_ < text_.size()) {
      advance(1);
      if (rest_of_line() == "\\.") break;
      skip_line();
    }
    skip_line();
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::uint32_t line_;
  std::string delimiter_ = ";";
  unsigned executable_comments_ = 0;
  SqlStatement statement_;
  std::vector<SqlStatement> statements_;
};

}  // namespace

std::vector<SqlStatement> read_sql(std::string_view text, std::uint32_t first_line) {
  return SqlReader(text, first_line).read();
}

}  // namespace tollbar::document
