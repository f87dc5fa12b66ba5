// The structural difference: a walk down both trees at once that stops wherever they mean the same.
#include "document/edit.h"

#include <algorithm>
#include <unordered_map>

#include "document/edit_items.h"

namespace tollbar::document {
namespace {

/// The members that count, the last of each key, by the key's meaning.
std::unordered_map<std::uint64_t, std::size_t> effective_members(const Node& mapping) {
  std::unordered_map<std::uint64_t, std::size_t> members;
  members.reserve(mapping.members.size());
  for (std::size_t i = 0; i < mapping.members.size(); ++i) members[mapping.members[i].key.meaning()] = i;
  return members;
}

std::string key_text(const Node& key) {
  return key.is_scalar() ? key.scalar : key.brief();
}

class Comparison {
 public:
  void nodes(const Node& before, const Node& after);
  void streams(const std::vector<Node>& before, const std::vector<Node>& after);
  void add(EditKind kind, const Node* before, const Node* after) { edits_.push_back({kind, path_, before, after}); }
  std::vector<Edit> take() { return std::move(edits_); }

 private:
  void mappings(const Node& before, const Node& after);
  void sequences(const Node& before, const Node& after);
  void removed_item(const Node& item, std::size_t index);

  /// One step down for the lifetime of the object.
  class Step {
   public:
    Step(NodePath& path, PathSegment segment) : path_(path) { path_.push_back(std::move(segment)); }
    ~Step() { path_.pop_back(); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    NodePath& path_;
  };

  NodePath path_;
  std::vector<Edit> edits_;
};

void Comparison::nodes(const Node& before, const Node& after) {
  if (before.same_as(after)) return;
  const std::size_t known = edits_.size();
  if (before.tag == after.tag) {
    if (before.is_mapping() && after.is_mapping()) mappings(before, after);
    if (before.is_sequence() && after.is_sequence()) sequences(before, after);
  }
  // Whatever the walk below did not explain is still a change.
  if (edits_.size() == known) add(EditKind::changed, &before, &after);
}

/// In the order of the after side; a removed member comes where it stood before the next member that both have.
void Comparison::mappings(const Node& before, const Node& after) {
  const auto before_members = effective_members(before);
  const auto after_members = effective_members(after);
  std::size_t passed = 0;
  const auto pass_removed = [&](std::size_t end) {
    for (; passed < end; ++passed) {
      const Member& member = before.members[passed];
      const std::uint64_t key = member.key.meaning();
      if (after_members.count(key) != 0 || before_members.at(key) != passed) continue;
      const Step step(path_, {key_text(member.key), false});
      add(EditKind::removed, &member.value, nullptr);
    }
  };
  for (std::size_t i = 0; i < after.members.size(); ++i) {
    const Member& member = after.members[i];
    const std::uint64_t key = member.key.meaning();
    if (after_members.at(key) != i) continue;
    const auto partner = before_members.find(key);
    if (partner != before_members.end()) pass_removed(partner->second);
    const Step step(path_, {key_text(member.key), false});
    if (partner == before_members.end())
      add(EditKind::added, nullptr, &member.value);
    else
      nodes(before.members[partner->second].value, member.value);
  }
  pass_removed(before.members.size());
}

/// Documents of one stream: those that stayed are found wherever they stand now, the others by what they are called,
/// the rest in order.
void Comparison::streams(const std::vector<Node>& before, const std::vector<Node>& after) {
  std::vector<ItemMatch> matches = match_items(before, after);
  std::vector<bool> matched(before.size());
  for (const ItemMatch& match : matches)
    if (match.before != no_item) matched[match.before] = true;
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < before.size(); ++i)
    if (!matched[i]) left.push_back(i);
  auto next = left.begin();
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (matches[i].before == no_item && next != left.end()) matches[i].before = *next++;
    if (matches[i].before != no_item)
      nodes(before[matches[i].before], after[i]);
    else if (!after[i].is_null())
      add(EditKind::added, nullptr, &after[i]);
  }
  for (; next != left.end(); ++next)
    if (!before[*next].is_null()) add(EditKind::removed, &before[*next], nullptr);
}

void Comparison::removed_item(const Node& item, std::size_t index) {
  const Step step(path_, item_segment(item, index));
  add(EditKind::removed, &item, nullptr);
}

void Comparison::sequences(const Node& before, const Node& after) {
  const std::vector<ItemMatch> matches = match_items(before.items, after.items);
  std::vector<bool> matched(before.items.size());
  for (const ItemMatch& match : matches)
    if (match.before != no_item) matched[match.before] = true;
  std::size_t passed = 0;
  const auto pass_removed = [&](std::size_t end) {
    for (; passed < end; ++passed)
      if (!matched[passed]) removed_item(before.items[passed], passed);
  };
  for (std::size_t i = 0; i < after.items.size(); ++i) {
    const Node& item = after.items[i];
    const ItemMatch& match = matches[i];
    if (match.before != no_item && !match.moved) pass_removed(match.before);
    if (match.before != no_item && !match.moved && before.items[match.before].same_as(item)) continue;
    const Step step(path_, item_segment(item, i));
    if (match.before == no_item) {
      add(EditKind::added, nullptr, &item);
      continue;
    }
    if (match.moved) add(EditKind::moved, &before.items[match.before], &item);
    nodes(before.items[match.before], item);
  }
  pass_removed(before.items.size());
}

}  // namespace

std::string to_string(const NodePath& path) {
  std::string text;
  for (const PathSegment& segment : path) {
    if (segment.item) {
      text += '[' + segment.text + ']';
    } else {
      if (!text.empty()) text += '.';
      text += segment.text;
    }
  }
  return text;
}

std::vector<Edit> compare(const Node& before, const Node& after) {
  Comparison comparison;
  comparison.nodes(before, after);
  return comparison.take();
}

namespace {

/// Objects of a cluster, which stand in any order.
bool all_objects(const std::vector<Node>& roots) {
  return std::all_of(roots.begin(), roots.end(), [](const Node& root) {
    return root.is_null() || (root.get("apiVersion") != nullptr && root.get("kind") != nullptr);
  });
}

}  // namespace

std::vector<Edit> compare(const Document& before, const Document& after) {
  Comparison comparison;
  const bool several = before.roots.size() > 1 && after.roots.size() > 1;
  const bool any_order = several && all_objects(before.roots) && all_objects(after.roots);
  if (several && (any_order || before.roots.size() != after.roots.size())) {
    comparison.streams(before.roots, after.roots);
    return comparison.take();
  }
  const std::size_t roots = std::max(before.roots.size(), after.roots.size());
  for (std::size_t i = 0; i < roots; ++i) {
    const Node* old_root = i < before.roots.size() ? &before.roots[i] : nullptr;
    const Node* new_root = i < after.roots.size() ? &after.roots[i] : nullptr;
    if (old_root != nullptr && new_root != nullptr)
      comparison.nodes(*old_root, *new_root);
    else if (old_root != nullptr && !old_root->is_null())  // an empty document means nothing
      comparison.add(EditKind::removed, old_root, nullptr);
    else if (new_root != nullptr && !new_root->is_null())
      comparison.add(EditKind::added, nullptr, new_root);
  }
  return comparison.take();
}

}  // namespace tollbar::document
