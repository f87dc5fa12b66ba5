// A letter for the kind, a number in groups of seven bits for the length, then bytes or nodes.
#include "rule/packed_node.h"

#include "util/error.h"

namespace tollbar::rule {
namespace {

using document::Node;
using document::NodeKind;

constexpr char scalar_sign = 's';
constexpr char sequence_sign = 'l';
constexpr char mapping_sign = 'm';
constexpr char null_sign = 'n';

void append_number(std::string& to, std::size_t number) {
  for (; number >= 0x80; number >>= 7) {
    to += static_cast<char>(0x80 | (number & 0x7f));
  }
  to += static_cast<char>(number);
}

void append_text(std::string& to, std::string_view text) {
  append_number(to, text.size());
  to += text;
}

void append(std::string& to, const Node& node) {
  switch (node.kind) {
    case NodeKind::null:
      to += null_sign;
      return;
    case NodeKind::scalar:
      to += scalar_sign;
      append_text(to, node.scalar);
      return;
    case NodeKind::sequence:
      to += sequence_sign;
      append_number(to, node.items.size());
      for (const Node& item : node.items) append(to, item);
      return;
    case NodeKind::mapping:
      to += mapping_sign;
      append_number(to, node.members.size());
      for (const document::Member& member : node.members) {
        append_text(to, member.key.scalar);
        append(to, member.value);
      }
      return;
  }
}

Node text_node(std::string_view text) {
  Node node;
  node.kind = NodeKind::scalar;
  node.scalar = text;
  return node;
}

[[noreturn]] void fail() {
  throw util::Error("read the built-in rules: they are damaged");
}

}  // namespace

std::string pack(const Node& node) {
  std::string packed;
  append(packed, node);
  return packed;
}

char Unpacker::take() {
  if (rest_.empty()) fail();
  const char first = rest_.front();
  rest_.remove_prefix(1);
  return first;
}

std::size_t Unpacker::take_number() {
  std::size_t number = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const auto group = static_cast<unsigned char>(take());
    number |= static_cast<std::size_t>(group & 0x7f) << shift;
    if (group < 0x80) return number;
  }
  fail();
}

std::string_view Unpacker::take_text() {
  const std::size_t size = take_number();
  if (size > rest_.size()) fail();
  const std::string_view text = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return text;
}

Node Unpacker::next() {
  Node node;
  switch (take()) {
    case null_sign:
      break;
    case scalar_sign:
      return text_node(take_text());
    case sequence_sign: {
      node.kind = NodeKind::sequence;
      const std::size_t count = take_number();
      if (count > rest_.size()) fail();
      node.items.reserve(count);
      for (std::size_t i = 0; i < count; ++i) node.items.push_back(next());
      break;
    }
    case mapping_sign: {
      node.kind = NodeKind::mapping;
      const std::size_t count = take_number();
      if (count > rest_.size()) fail();
      node.members.reserve(count);
      for (std::size_t i = 0; i < count; ++i) {
        Node key = text_node(take_text());
        node.members.push_back({std::move(key), next()});
      }
      break;
    }
    default:
      fail();
  }
  return node;
}

}  // namespace tollbar::rule
