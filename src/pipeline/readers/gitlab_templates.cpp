// `extends` and `!reference`: what a job is once its templates are merged in.
#include "pipeline/readers/gitlab.h"

namespace tollbar::pipeline::gitlab {
namespace {

using document::Node;

constexpr int kMaxDepth = 11;  // GitLab's own limit

Node without(Node mapping, std::string_view key) {
  std::vector<document::Member> kept;
  for (auto& member : mapping.members) {
    if (member.key.text() != key) kept.push_back(std::move(member));
  }
  mapping.members = std::move(kept);
  return mapping;
}

bool is_reference(const Node& node) {
  return node.tag == "!reference" && node.is_sequence();
}

}  // namespace

const Node& Templates::extended(std::string_view name, int depth) {
  static const Node nothing;
  const std::string key(name);
  if (const auto known = extended_.find(key); known != extended_.end()) return known->second;
  const auto* written = root_.get(name);
  if (!written || depth > kMaxDepth || !in_progress_.insert(key).second) return nothing;
  Node base;
  base.kind = document::NodeKind::mapping;
  for (const auto& parent : texts_of(written->get("extends"))) {
    const auto& merged_parent = extended(parent, depth + 1);
    if (merged_parent.is_mapping()) base = deep_merge(base, merged_parent);
  }
  in_progress_.erase(key);
  return extended_[key] = deep_merge(base, without(*written, "extends"));
}

Node Templates::dereferenced(const Node& node, int depth) {
  if (budget_ == 0 || depth > 64) return {};
  --budget_;
  if (is_reference(node)) {
    const Node* target = &root_;
    for (const auto& item : node.items) target = target ? target->get(item.text()) : nullptr;
    return target && target != &root_ ? dereferenced(*target, depth + 1) : Node{};
  }
  Node result = node;
  result.items.clear();
  for (const auto& item : node.items) {
    auto value = dereferenced(item, depth + 1);
    if (is_reference(item) && value.is_sequence()) {
      for (auto& each : value.items) result.items.push_back(std::move(each));
    } else {
      result.items.push_back(std::move(value));
    }
  }
  for (auto& member : result.members) member.value = dereferenced(member.value, depth + 1);
  return result;
}

Node Templates::job(std::string_view name) {
  return dereferenced(extended(name, 0), 0);
}

Node Templates::resolved(const Node& node) {
  return dereferenced(node, 0);
}

}  // namespace tollbar::pipeline::gitlab
