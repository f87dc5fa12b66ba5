// The trees that a commit of the index would have, kept in memory. Internal to src/git.
#pragma once

#include <cstddef>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "git/backend.h"
#include "git/raw_tree.h"
#include "model/object_id.h"

namespace tollbar::git {

/// Trees that exist only in memory. Safe to use from several threads: reopened handles share it.
class Overlay {
 public:
  /// Null where there is no such tree.
  TreeData find(const model::ObjectId& id) const;
  void insert(const model::ObjectId& id, TreeData data);

 private:
  mutable std::mutex mutex_;
  std::unordered_map<model::ObjectId, TreeData> trees_;
};

/// Puts the trees of `entries` (in path order) into `overlay` and returns the root's id.
model::ObjectId build_trees(const std::vector<IndexEntry>& entries, std::size_t hash_size, Overlay& overlay);

}  // namespace tollbar::git
