// Terraform lets a block be repeated for each item of a list: over a list of one it is the block itself.
#include "document/formats/hcl_dynamic.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace tollbar::document {
namespace {

/// How often a literal has the block repeated; nothing for an expression.
std::optional<std::size_t> repetitions(const Node& dynamic) {
  const Node* each = dynamic.get("for_each");
  if (each == nullptr || dynamic.get("labels") != nullptr) return std::nullopt;
  if (each->is_sequence()) return each->items.size();
  if (each->is_mapping()) return each->members.size();
  return std::nullopt;
}

/// Some value is made of the item for which the block is repeated: `ITERATOR.value`.
bool uses(const Node& node, const std::string& iterator) {
  const auto in = [&](const Node& below) { return uses(below, iterator); };
  return node.scalar.find(iterator + ".value") != std::string::npos ||
         node.scalar.find(iterator + ".key") != std::string::npos ||
         std::any_of(node.items.begin(), node.items.end(), in) ||
         std::any_of(node.members.begin(), node.members.end(), [&](const Member& member) { return in(member.value); });
}

/// One block more of a name.
void add_block(Node& body, const Node& name, Node block) {
  const auto same = [&](const Member& member) { return member.key.scalar == name.scalar; };
  const auto found = std::find_if(body.members.begin(), body.members.end(), same);
  if (found == body.members.end()) {
    body.members.push_back({name, std::move(block)});
    return;
  }
  if (!found->value.is_sequence()) {
    Node list;
    list.kind = NodeKind::sequence;
    list.line = found->value.line;
    list.column = found->value.column;
    list.items.push_back(std::move(found->value));
    found->value = std::move(list);
  }
  found->value.end_line = std::max(found->value.end_line, block.end_line);
  found->value.items.push_back(std::move(block));
}

/// Whether the block is told apart from `dynamic`, into none or one of its own in `body`.
bool unrolled(const Node& name, Node& dynamic, Node& body) {
  const auto count = repetitions(dynamic);
  const Node* content = dynamic.get("content");
  if (!count || *count > 1 || content == nullptr || !content->is_mapping()) return false;
  const Node* iterator = dynamic.get("iterator");
  if (*count == 1 && uses(*content, iterator != nullptr ? iterator->scalar : name.scalar)) return false;
  if (*count == 1) add_block(body, name, *content);
  return true;
}

void unroll_members(Node& body, Node dynamic) {
  Node left = dynamic;
  left.members.clear();
  for (Member& block : dynamic.members) {
    if (!block.value.is_sequence()) {
      if (!unrolled(block.key, block.value, body)) left.members.push_back(std::move(block));
      continue;
    }
    auto& items = block.value.items;
    std::erase_if(items, [&](Node& item) { return unrolled(block.key, item, body); });
    if (!items.empty()) left.members.push_back(std::move(block));
  }
  if (left.members.empty()) return;
  Node key;
  key.kind = NodeKind::scalar;
  key.scalar = "dynamic";
  key.line = left.line;
  body.members.push_back({std::move(key), std::move(left)});
}

}  // namespace

void unroll_dynamic_blocks(Node& node) {
  for (Node& item : node.items) unroll_dynamic_blocks(item);
  for (Member& member : node.members) unroll_dynamic_blocks(member.value);
  const auto found = std::find_if(node.members.begin(), node.members.end(), [](const Member& member) {
    return member.key.scalar == "dynamic" && member.value.is_mapping();
  });
  if (found == node.members.end()) return;
  Node dynamic = std::move(found->value);
  node.members.erase(found);
  unroll_members(node, std::move(dynamic));
}

}  // namespace tollbar::document
