// The trees that a commit of the index would have, kept in memory. Internal to src/git.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
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

/// Makes trees of paths that arrive in byte order, which is also the order of entries inside each tree.
class TreeBuilder {
 public:
  /// Every tree goes into `overlay`.
  TreeBuilder(std::size_t hash_size, Overlay& overlay) : hash_size_(hash_size), overlay_(overlay), open_(1) {}

  /// A file, or a whole directory that exists already, before anything of which nothing was added.
  void add(std::string_view path, const model::FileEntry& entry);
  /// The root's id.
  model::ObjectId finish();

 private:
  /// A directory whose entries are still arriving.
  struct OpenDirectory {
    std::string path;  ///< with a trailing slash; empty for the root
    std::string name;
    std::vector<model::DirectoryEntry> entries;
  };

  void close_directory();
  model::ObjectId store(const OpenDirectory& directory);

  std::size_t hash_size_;
  Overlay& overlay_;
  std::vector<OpenDirectory> open_;
};

/// Puts the trees of `entries` (in path order) into `overlay` and returns the root's id.
model::ObjectId build_trees(const std::vector<IndexEntry>& entries, std::size_t hash_size, Overlay& overlay);

}  // namespace tollbar::git
