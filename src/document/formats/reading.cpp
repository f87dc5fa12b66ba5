// What the readers share: limits against hostile files, duplicate keys, the UTF-8 check.
#include "document/formats/reading.h"

#include <algorithm>
#include <utility>

#include "text/decode.h"

namespace tollbar::document {

Node string_node(std::string_view text, Position position) {
  Node node;
  node.kind = NodeKind::scalar;
  node.line = node.end_line = node.content_line = position.line;
  node.column = position.column;
  node.scalar = text;
  return node;
}

Node plain_node(std::string_view text, Position position) {
  Node node = string_node(text, position);
  if (text.empty() || text == "null" || text == "~" || text == "Null" || text == "NULL") {
    node.kind = NodeKind::null;
    node.scalar.clear();
    return node;
  }
  node.plain = true;
  node.type = plain_type(text);
  return node;
}

Node collection_node(NodeKind kind, Position position) {
  Node node;
  node.kind = kind;
  node.line = node.end_line = node.content_line = position.line;
  node.column = position.column;
  return node;
}

void check_utf8(std::string_view text, Document& document) {
  if (text::is_valid_utf8(text)) {
    return;
  }
  std::uint32_t line = 1;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    if (!text::is_valid_utf8(text.substr(0, length))) {
      document.problems.push_back({Problem::Kind::invalid_utf8, line, "bytes that are no UTF-8"});
      return;
    }
    text.remove_prefix(length);
    ++line;
  }
}

std::string_view without_bom(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

bool KeySet::insert(const Node& key) {
  const std::uint64_t meaning = key.meaning();
  if (!hashed_.empty()) {
    return hashed_.insert(meaning).second;
  }
  if (std::find(listed_.begin(), listed_.end(), meaning) != listed_.end()) {
    return false;
  }
  listed_.push_back(meaning);
  if (listed_.size() > few) {
    hashed_.insert(listed_.begin(), listed_.end());
  }
  return true;
}

void add_member(Node& mapping, KeySet& keys, Node&& key, Node&& value, Document& document) {
  key.seal();
  value.seal();
  if (!keys.insert(key)) {
    document.problems.push_back({Problem::Kind::duplicate_key, key.line, "key stands twice: " + key.brief(60)});
  }
  mapping.members.push_back({std::move(key), std::move(value)});
}

}  // namespace tollbar::document
