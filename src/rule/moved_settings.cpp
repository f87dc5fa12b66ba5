// Places are compared by their keys; items of lists by what they say.
#include "rule/moved_settings.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace tollbar::rule {
namespace {

using document::Node;
using Keys = std::vector<std::string_view>;

Keys keys_of(const document::NodePath& path) {
  Keys keys;
  for (const auto& segment : path)
    if (!segment.item) keys.push_back(segment.text);
  return keys;
}

bool same_end(const Keys& a, const Keys& b) {
  return a.size() > 1 && b.size() > 1 && std::equal(a.end() - 2, a.end(), b.end() - 2);
}

/// All that the node says, the other says as well.
bool says_all(const Node& other, const Node& node) {
  const auto said = other.texts(), wanted = node.texts();
  return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](const std::string& one) {
    return std::find(said.begin(), said.end(), one) != said.end();
  });
}

const Node* at(const Node& root, const Keys& keys) {
  const auto* node = &root;
  for (const auto key : keys)
    if (node != nullptr) node = node->get(key);
  return node;
}

/// A place of the tree below `node` whose keys end alike, which says it all, and of which `after` keeps nothing.
bool stood_below(const Node& node, Keys& keys, const Keys& wanted, const Node& value, const document::Document& after) {
  if (keys != wanted && same_end(keys, wanted) && says_all(node, value)) {
    return std::none_of(after.roots.begin(), after.roots.end(), [&](const Node& root) {
      const auto* kept = at(root, keys);
      return kept != nullptr && says_all(*kept, value);
    });
  }
  for (const auto& member : node.members) {
    keys.push_back(member.key.text());
    const bool found = stood_below(member.value, keys, wanted, value, after);
    keys.pop_back();
    if (found) return true;
  }
  return false;
}

}  // namespace

bool stood_elsewhere(const document::Document& before, const document::Document& after, const document::NodePath& path,
                     const document::Node& node) {
  const auto wanted = keys_of(path);
  return std::any_of(before.roots.begin(), before.roots.end(), [&](const Node& root) {
    Keys keys;
    return stood_below(root, keys, wanted, node, after);
  });
}

}  // namespace tollbar::rule
