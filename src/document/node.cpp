// What can be asked of a Node without knowing the format it was read from.
#include "document/node.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/ascii.h"

namespace tollbar::document {
namespace {

using text::is_digit;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return lower(a) == b; });
}

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_hex_digit(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

bool is_octal_digit(char c) {
  return c >= '0' && c <= '7';
}

/// Takes the digits at the front of `text` away; true if there were any.
bool take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count > 0;
}

ScalarType number_type(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0o")) {
    const std::string_view digits = text.substr(2);
    const bool all = std::all_of(digits.begin(), digits.end(), text[1] == 'x' ? is_hex_digit : is_octal_digit);
    return all && !digits.empty() ? ScalarType::integer : ScalarType::string;
  }
  if (text.starts_with('-') || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (is_any_of(text, {".inf", ".Inf", ".INF"})) {
    return ScalarType::floating;
  }
  const bool whole = take_digits(text);
  if (whole && text.empty()) {
    return ScalarType::integer;
  }
  bool fraction = false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (!whole && !fraction) {
    return ScalarType::string;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) {
      text.remove_prefix(1);
    }
    if (!take_digits(text)) {
      return ScalarType::string;
    }
  }
  return text.empty() ? ScalarType::floating : ScalarType::string;
}

bool is_null_word(std::string_view text) {
  return is_any_of(text, {"", "~", "null", "Null", "NULL"});
}

/// Writes a node in flow style until it has more than the limit, so that the cost is that of the line and not of the
/// tree.
class BriefWriter {
 public:
  explicit BriefWriter(std::size_t limit) : limit_{limit} {}

  void write(const Node& node, bool nested) {
    if (full()) {
      return;
    }
    if (!node.tag.empty() && node.tag != expression_tag) {
      escape(node.tag);
      line_ += ' ';
    }
    switch (node.kind) {
      case NodeKind::null:
        line_ += "null";
        return;
      case NodeKind::scalar:
        write_scalar(node, nested);
        return;
      case NodeKind::sequence:
        write_sequence(node);
        return;
      case NodeKind::mapping:
        write_mapping(node);
        return;
    }
  }

  std::string finish() {
    if (line_.size() <= limit_) {
      return std::move(line_);
    }
    constexpr std::string_view ellipsis = "...";
    std::size_t end = limit_ > ellipsis.size() ? limit_ - ellipsis.size() : 0;
    while (end > 0 && (static_cast<unsigned char>(line_[end]) & 0xC0U) == 0x80U) {
      --end;
    }
    line_.resize(end);
    line_ += ellipsis.substr(0, limit_);
    return std::move(line_);
  }

 private:
  bool full() const { return line_.size() > limit_; }

  void write_scalar(const Node& node, bool nested) {
    const bool quoted = node.type == ScalarType::string && needs_quotes(node.scalar, nested);
    if (quoted) {
      line_ += '"';
    }
    escape(node.scalar, quoted);
    if (quoted) {
      line_ += '"';
    }
  }

  /// A string that would read as something else without its quotes.
  static bool needs_quotes(std::string_view text, bool nested) {
    if (is_null_word(text) || plain_type(text) != ScalarType::string) {
      return true;
    }
    return nested && (text.find_first_of(",[]{}\n") != std::string_view::npos ||
                      text.find(": ") != std::string_view::npos || text.front() == ' ' || text.back() == ' ');
  }

  void write_sequence(const Node& node) {
    line_ += '[';
    for (const Node& item : node.items) {
      if (&item != &node.items.front()) {
        line_ += ", ";
      }
      write(item, true);
      if (full()) {
        return;
      }
    }
    line_ += ']';
  }

  void write_mapping(const Node& node) {
    line_ += '{';
    for (const Member& member : node.members) {
      if (&member != &node.members.front()) {
        line_ += ", ";
      }
      write(member.key, true);
      line_ += ": ";
      write(member.value, true);
      if (full()) {
        return;
      }
    }
    line_ += '}';
  }

  /// Control characters of a judged file must not reach a terminal.
  void escape(std::string_view text, bool quoted = false) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (full()) {
        return;
      }
      if (c == '\n') {
        line_ += "\\n";
      } else if (c == '\t') {
        line_ += "\\t";
      } else if (c == '\r') {
        line_ += "\\r";
      } else if (quoted && c == '"') {
        line_ += "\\\"";
      } else if (byte < 0x20 || byte == 0x7F) {
        line_ += "\\x";
        line_ += digits[byte >> 4U];
        line_ += digits[byte & 0xFU];
      } else {
        line_ += c;
      }
    }
  }

  std::size_t limit_;
  std::string line_;
};

}  // namespace

ScalarType plain_type(std::string_view text) {
  if (is_any_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) {
    return ScalarType::boolean;
  }
  if (is_any_of(text, {".nan", ".NaN", ".NAN"})) {
    return ScalarType::floating;
  }
  return number_type(text);
}

const Node* Node::get(std::string_view key) const {
  const auto found = std::find_if(members.rbegin(), members.rend(), [key](const Member& member) {
    return member.key.is_scalar() && member.key.scalar == key;
  });
  return found == members.rend() ? nullptr : &found->value;
}

const Node* Node::get(std::initializer_list<std::string_view> keys) const {
  const Node* node = this;
  for (const std::string_view key : keys) {
    node = node->get(key);
    if (node == nullptr) {
      return nullptr;
    }
  }
  return node;
}

std::string_view Node::text(std::string_view fallback) const {
  return is_scalar() ? std::string_view{scalar} : fallback;
}

std::optional<bool> Node::truth() const {
  if (!is_scalar()) {
    return std::nullopt;
  }
  if (type != ScalarType::boolean && !plain) {
    return scalar == "true" ? std::optional{true} : scalar == "false" ? std::optional{false} : std::nullopt;
  }
  for (const std::string_view word : {"true", "yes", "on"}) {
    if (equals_ignoring_case(scalar, word)) {
      return true;
    }
  }
  for (const std::string_view word : {"false", "no", "off"}) {
    if (equals_ignoring_case(scalar, word)) {
      return false;
    }
  }
  return std::nullopt;
}

std::vector<std::string> Node::texts() const {
  std::vector<std::string> result;
  const auto add = [&result](const Node& node) {
    if (node.is_scalar()) {
      result.push_back(node.scalar);
    }
  };
  add(*this);
  for (const Node& item : items) {
    add(item);
  }
  for (const Member& member : members) {
    add(member.key);
  }
  return result;
}

std::string Node::brief(std::size_t limit) const {
  BriefWriter writer{limit};
  writer.write(*this, false);
  return writer.finish();
}

const Node& Document::root() const {
  static const Node nothing;
  return roots.empty() ? nothing : roots.front();
}

bool Document::has(Problem::Kind kind) const {
  return std::any_of(problems.begin(), problems.end(), [kind](const Problem& problem) { return problem.kind == kind; });
}

bool Document::broken() const {
  using Kind = Problem::Kind;
  return has(Kind::syntax_error) || has(Kind::limit) || has(Kind::invalid_utf8) || has(Kind::unknown_anchor);
}

}  // namespace tollbar::document
