// JSON as people write it: strict JSON, and the comments, trailing commas, single quotes and bare keys of JSONC and
// JSON5.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "document/formats.h"
#include "document/formats/escapes.h"
#include "document/formats/reading.h"

namespace tollbar::document {
namespace {

struct SyntaxError {
  std::uint32_t line;
  std::string message;
  Problem::Kind kind = Problem::Kind::syntax_error;
};

bool is_high_surrogate(std::uint32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low_surrogate(std::uint32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

/// What ends a bare key, number or word.
constexpr std::array<bool, 256> ends_word = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view{" \t\r\n,:[]{}\"'/\0", 14}) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

/// What interrupts the copying of a string.
constexpr std::array<bool, 256> special_in_string = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view{"\"'\\\n"}) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

class JsonReader {
 public:
  JsonReader(std::string_view text, Document& document) : text_{text}, document_{document} {}

  void read() {
    skip_blank();
    if (at_end()) {
      return;
    }
    document_.roots.push_back(read_value(1));
    document_.roots.back().seal();
    skip_blank();
    if (!at_end()) {
      fail("text behind the value");
    }
  }

 private:
  bool at_end() const { return offset_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[offset_]; }
  Position position() const { return {line_, static_cast<std::uint32_t>(offset_ - line_start_ + 1)}; }

  [[noreturn]] void fail(std::string message) const { throw SyntaxError{line_, std::move(message)}; }

  void new_line_behind(std::size_t offset) {
    ++line_;
    line_start_ = offset + 1;
  }

  void skip_blank() {
    for (; !at_end(); ++offset_) {
      const char c = text_[offset_];
      if (c == '\n') {
        new_line_behind(offset_);
      } else if (c == '/') {
        skip_comment();
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
    }
  }

  /// Leaves the reader on the comment's last byte.
  void skip_comment() {
    const std::string_view rest = text_.substr(offset_);
    if (rest.starts_with("//")) {
      offset_ = std::min(text_.find('\n', offset_), text_.size()) - 1;
    } else if (rest.starts_with("/*")) {
      const std::size_t end = text_.find("*/", offset_ + 2);
      if (end == std::string_view::npos) {
        fail("comment without end");
      }
      for (std::size_t i = offset_; i < end; ++i) {
        if (text_[i] == '\n') {
          new_line_behind(i);
        }
      }
      offset_ = end + 1;
    } else {
      fail("unexpected /");
    }
  }

  Node read_value(std::size_t depth) {
    if (depth > max_depth) {
      throw SyntaxError{line_, "nested too deeply", Problem::Kind::limit};
    }
    if (++nodes_ > max_nodes) {
      throw SyntaxError{line_, "too many nodes", Problem::Kind::limit};
    }
    switch (peek()) {
      case '{':
        return read_object(depth);
      case '[':
        return read_array(depth);
      case '"':
      case '\'':
        return read_string();
      default:
        return read_literal();
    }
  }

  Node read_object(std::size_t depth) {
    Node node = collection_node(NodeKind::mapping, position());
    KeySet keys;
    for (open(); peek() != '}'; next_element('}')) {
      Node key = peek() == '"' || peek() == '\'' ? read_string() : read_bare_key();
      skip_blank();
      if (peek() != ':') {
        fail("expected : behind a key");
      }
      ++offset_;
      skip_blank();
      add_member(node, keys, std::move(key), read_value(depth + 1), document_);
    }
    ++offset_;
    node.end_line = line_;
    return node;
  }

  Node read_array(std::size_t depth) {
    Node node = collection_node(NodeKind::sequence, position());
    for (open(); peek() != ']'; next_element(']')) {
      node.items.push_back(read_value(depth + 1));
    }
    ++offset_;
    node.end_line = line_;
    return node;
  }

  void open() {
    ++offset_;
    skip_blank();
  }

  void next_element(char bracket) {
    skip_blank();
    if (peek() == ',') {
      ++offset_;
      skip_blank();
    } else if (peek() != bracket) {
      fail(at_end() ? std::string{"expected "} + bracket : std::string{"expected , or "} + bracket);
    }
  }

  Node read_string() {
    const char quote = peek();
    Node node = string_node({}, position());
    ++offset_;
    for (;;) {
      const std::size_t start = offset_;
      while (!at_end() && !special_in_string[static_cast<unsigned char>(text_[offset_])]) {
        ++offset_;
      }
      node.scalar.append(text_, start, offset_ - start);
      if (at_end() || peek() == '\n') {
        fail("string without end");
      }
      const char c = text_[offset_++];
      if (c == quote) {
        return node;
      }
      if (c == '\\') {
        read_escape(node.scalar);
      } else {
        node.scalar += c;
      }
    }
  }

  void read_escape(std::string& out) {
    constexpr std::string_view letters = "bfnrtv0";
    constexpr std::string_view meanings{"\b\f\n\r\t\v\0", 7};
    const char c = peek();
    ++offset_;
    if (const std::size_t letter = letters.find(c); letter != std::string_view::npos) {
      out += meanings[letter];
    } else if (c == 'u') {
      append_utf8(out, read_code_point());
    } else if (c == 'x') {
      append_utf8(out, read_hex(2));
    } else if (c == '\n') {
      new_line_behind(offset_ - 1);
    } else if (c == '\r' && peek() == '\n') {
      new_line_behind(offset_++);
    } else if (c == '"' || c == '\'' || c == '\\' || c == '/') {
      out += c;
    } else {
      fail("unknown escape in a string");
    }
  }

  std::uint32_t read_hex(std::size_t digits) {
    const std::optional<std::uint32_t> value = hex_value(text_.substr(std::min(offset_, text_.size())), digits);
    if (!value) {
      fail("bad hexadecimal escape");
    }
    offset_ += digits;
    return *value;
  }

  /// Joins two surrogates; one alone is returned as it is.
  std::uint32_t read_code_point() {
    const std::uint32_t unit = read_hex(4);
    if (!is_high_surrogate(unit) || text_.substr(offset_, 2) != "\\u") {
      return unit;
    }
    const std::optional<std::uint32_t> low = hex_value(text_.substr(offset_ + 2), 4);
    if (!low || !is_low_surrogate(*low)) {
      return unit;
    }
    offset_ += 6;
    return 0x10000 + ((unit - 0xD800) << 10U) + (*low - 0xDC00);
  }

  std::string_view read_word() {
    const std::size_t start = offset_;
    while (!at_end() && !ends_word[static_cast<unsigned char>(text_[offset_])]) {
      ++offset_;
    }
    if (offset_ == start) {
      fail(at_end() ? "unexpected end of the text" : "unexpected character");
    }
    return text_.substr(start, offset_ - start);
  }

  Node read_bare_key() {
    const Position start = position();
    return string_node(read_word(), start);
  }

  Node read_literal() {
    const Position start = position();
    const std::string_view word = read_word();
    if (word == "null") {
      return collection_node(NodeKind::null, start);
    }
    Node node = plain_node(word, start);
    const bool json5_number = word.ends_with("Infinity") || word.ends_with("NaN");
    if (json5_number) {
      node.type = ScalarType::floating;
    } else if (!node.is_scalar() || node.type == ScalarType::string) {
      fail("neither value nor string");
    }
    return node;
  }

  std::string_view text_;
  Document& document_;
  std::size_t offset_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  std::size_t nodes_ = 0;
};

}  // namespace

Document read_json(std::string_view text) {
  Document document;
  text = without_bom(text);
  check_utf8(text, document);
  try {
    JsonReader{text, document}.read();
  } catch (const SyntaxError& error) {
    document.problems.push_back({error.kind, error.line, error.message});
  }
  return document;
}

}  // namespace tollbar::document
