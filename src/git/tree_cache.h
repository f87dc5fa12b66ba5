// The trees read last, because the trees of consecutive commits have most of their subtrees in common. Internal to
// src/git.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

#include "git/raw_tree.h"
#include "model/object_id.h"

namespace tollbar::git {

/// Holds at most some bytes of trees and forgets the least recently used one first.
class TreeCache {
 public:
  static constexpr std::size_t default_capacity = 32u << 20;
  explicit TreeCache(std::size_t capacity = default_capacity) : capacity_(capacity) {}

  /// Null where the tree is not held.
  TreeData find(const model::ObjectId& id);
  void insert(const model::ObjectId& id, const TreeData& data);

 private:
  using Entries = std::list<std::pair<model::ObjectId, TreeData>>;

  std::size_t capacity_;
  std::size_t bytes_ = 0;
  Entries entries_;  ///< most recently used first
  std::unordered_map<model::ObjectId, Entries::iterator> by_id_;
};

}  // namespace tollbar::git
