// The tokens of HCL 2 (Terraform, Packer, Nomad): comments dropped, templates and here-documents kept whole.
#include "document/formats/hcl_lexer.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "document/formats/escapes.h"
#include "text/ascii.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

using Kind = HclToken::Kind;
using text::is_digit;
using text::trimmed;

bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool continues_word(char c) {
  return starts_word(c) || is_digit(c) || c == '-';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_{text} {}

  std::vector<HclToken> run() {
    while (skip_blank()) {
      if (tokens_.size() > max_nodes) {
        throw HclSyntaxError{line_, "too many tokens", Problem::Kind::limit};
      }
      read_token();
    }
    emit(Kind::end, offset_);
    return std::move(tokens_);
  }

 private:
  char at(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }
  bool sees(std::string_view what) const { return text_.substr(offset_, what.size()) == what; }

  [[noreturn]] void fail(std::string message) const { throw HclSyntaxError{line_, std::move(message)}; }

  /// Moves on to `end`, counting lines.
  void move_to(std::size_t end) {
    for (; offset_ < end; ++offset_) {
      if (text_[offset_] == '\n') {
        ++line_;
        line_start_ = offset_ + 1;
      }
    }
  }

  /// Emits the text from here to `end`.
  HclToken& emit(Kind kind, std::size_t end) {
    HclToken token;
    token.kind = kind;
    token.text = text_.substr(offset_, end - offset_);
    token.position = {line_, static_cast<std::uint32_t>(offset_ - line_start_ + 1)};
    move_to(end);
    token.end_line = kind == Kind::new_line ? token.position.line : line_;
    return tokens_.emplace_back(token);
  }

  /// Past white space and comments; false at the end of the text.
  bool skip_blank() {
    while (offset_ < text_.size()) {
      const char c = text_[offset_];
      if (c == '#' || sees("//")) {
        offset_ = std::min(text_.find('\n', offset_), text_.size());
      } else if (sees("/*")) {
        const std::size_t end = text_.find("*/", offset_ + 2);
        if (end == std::string_view::npos) {
          fail("comment without end");
        }
        move_to(end + 2);
      } else if (c == ' ' || c == '\t' || c == '\r') {
        ++offset_;
      } else {
        return true;
      }
    }
    return false;
  }

  void read_token() {
    const char c = text_[offset_];
    if (c == '\n') {
      emit(Kind::new_line, offset_ + 1);
    } else if (c == '"') {
      emit(Kind::string, string_end());
    } else if (is_digit(c)) {
      emit(Kind::number, number_end());
    } else if (starts_word(c)) {
      std::size_t end = offset_;
      while (continues_word(at(end))) {
        ++end;
      }
      emit(Kind::word, end);
    } else if (sees("<<") &&
               (starts_word(at(offset_ + 2)) || (at(offset_ + 2) == '-' && starts_word(at(offset_ + 3))))) {
      read_heredoc();
    } else {
      read_symbol();
    }
  }

  std::size_t number_end() const {
    std::size_t end = offset_;
    const auto digits = [this, &end] {
      while (is_digit(at(end))) {
        ++end;
      }
    };
    digits();
    if (at(end) == '.' && is_digit(at(end + 1))) {
      ++end;
      digits();
    }
    const std::size_t sign = at(end + 1) == '-' || at(end + 1) == '+' ? 1 : 0;
    if ((at(end) == 'e' || at(end) == 'E') && is_digit(at(end + 1 + sign))) {
      end += 1 + sign;
      digits();
    }
    return end;
  }

  /// Strings hold `${...}`, which holds strings: the open ones are kept in a stack, a level of braces each.
  std::size_t string_end() const {
    std::vector<std::size_t> braces;  // of the interpolations we stand in
    bool in_string = true;
    for (std::size_t i = offset_ + 1; i < text_.size(); ++i) {
      const char c = text_[i];
      if (!in_string) {
        in_string = c == '"' || (c == '}' && braces.back() == 0);
        if (c == '"') {
          braces.push_back(nested_string);
        } else if (c == '}' && braces.back() == 0) {
          braces.pop_back();
        } else if (c == '}') {
          --braces.back();
        } else if (c == '{') {
          ++braces.back();
        }
      } else if (c == '\n') {
        break;
      } else if (c == '\\') {
        ++i;
      } else if ((c == '$' || c == '%') && at(i + 1) == c && at(i + 2) == '{') {
        i += 2;
      } else if ((c == '$' || c == '%') && at(i + 1) == '{') {
        braces.push_back(0);
        in_string = false;
        ++i;
      } else if (c == '"') {
        if (braces.empty()) {
          return i + 1;
        }
        braces.pop_back();  // the string inside an interpolation ends
        in_string = false;
      }
    }
    fail("string without end");
  }

  void read_heredoc() {
    const bool indented = at(offset_ + 2) == '-';
    const std::size_t header_end = std::min(text_.find('\n', offset_), text_.size());
    const std::size_t name = offset_ + (indented ? 3 : 2);
    const std::string_view marker = trimmed(text_.substr(name, header_end - name));
    const std::size_t content = std::min(header_end + 1, text_.size());
    for (std::size_t start = content; start < text_.size();) {
      const std::size_t stop = std::min(text_.find('\n', start), text_.size());
      if (trimmed(text_.substr(start, stop - start)) == marker) {
        HclToken& token = emit(Kind::heredoc, stop);
        token.text = text_.substr(content, start - content);
        token.indented = indented;
        return;
      }
      start = stop + 1;
    }
    fail("here-document without end");
  }

  void read_symbol() {
    for (const std::string_view symbol : {"...", "==", "!=", "<=", ">=", "&&", "||", "=>", "::"}) {
      if (sees(symbol)) {
        emit(Kind::symbol, offset_ + symbol.size());
        return;
      }
    }
    if (std::string_view{"{}[]()=,.:?+-*/%!<>&|"}.find(text_[offset_]) == std::string_view::npos) {
      fail("unexpected character");
    }
    emit(Kind::symbol, offset_ + 1);
  }

  /// Marks a string inside an interpolation in the stack of braces.
  static constexpr std::size_t nested_string = static_cast<std::size_t>(-1);

  std::string_view text_;
  std::size_t offset_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  std::vector<HclToken> tokens_;
};

bool is_template(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if ((text[i] == '$' || text[i] == '%') && text[i + 1] == '{') {
      if (i == 0 || text[i - 1] != text[i]) {
        return true;
      }
    }
  }
  return false;
}

std::string without_indentation(std::string_view text) {
  std::size_t common = std::string_view::npos;
  const auto for_each_line = [text](auto action) {
    for (std::size_t start = 0; start < text.size();) {
      const std::size_t stop = std::min(text.find('\n', start), text.size() - 1) + 1;
      action(text.substr(start, stop - start));
      start = stop;
    }
  };
  for_each_line([&common](std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t\r\n");
    common = first == std::string_view::npos ? common : std::min(common, first);
  });
  std::string result;
  for_each_line([&](std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t");
    result += line.substr(std::min({common, first, line.size()}));
  });
  return result;
}

std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if ((c == '$' || c == '%') && next == c && text.substr(i + 2, 1) == "{") {
      continue;  // `$${` stands for `${`
    }
    if (c != '\\' || next == '\0') {
      result += c;
      continue;
    }
    ++i;
    const std::size_t digits = next == 'u' ? 4 : 8;
    if (next == 'u' || next == 'U') {
      if (const std::optional<std::uint32_t> point = hex_value(text.substr(i + 1), digits)) {
        append_utf8(result, *point);
        i += digits;
      }
    } else {
      result += next == 'n' ? '\n' : next == 't' ? '\t' : next == 'r' ? '\r' : next;
    }
  }
  return result;
}

}  // namespace

std::vector<HclToken> hcl_tokens(std::string_view text) {
  return Lexer{text}.run();
}

std::string hcl_string(const HclToken& token) {
  if (token.kind == Kind::heredoc) {
    return token.indented ? without_indentation(token.text) : std::string{token.text};
  }
  const std::string_view inner = token.text.substr(1, token.text.size() - 2);
  return is_template(inner) ? std::string{inner} : decoded(inner);
}

}  // namespace tollbar::document
