// The bytes of a tree object, read entry by entry and validated on the way; and written. Internal to src/git.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/object_id.h"
#include "model/tree.h"

namespace tollbar::git {

/// Shared, because several readers look at one cached tree.
using TreeData = std::shared_ptr<const std::string>;

/// How git orders names in a tree: as bytes, a directory as if its name ended in a slash. Negative, zero or positive.
int compare_names(std::string_view a, bool a_is_directory, std::string_view b, bool b_is_directory);

/// Reads a tree from front to back. Throws util::Error for wrong order, duplicate or unsafe names, unknown modes and
/// truncation.
class TreeReader {
 public:
  /// An exhausted reader.
  TreeReader() = default;
  /// Stands on the first entry.
  TreeReader(const model::ObjectId& id, TreeData data);

  bool done() const { return done_; }
  void advance();
  std::string_view name() const { return name_; }
  model::FileMode mode() const { return mode_; }
  bool is_directory() const { return mode_ == model::FileMode::directory; }
  model::ObjectId id() const;
  model::FileEntry entry() const { return {id(), mode_}; }
  /// Both name the same object in the same mode; saves the copies of comparing entries.
  bool same_entry(const TreeReader& other) const;

 private:
  void check_name(std::string_view previous, bool previous_is_directory);
  void check_unique();
  [[noreturn]] void fail(std::string_view reason) const;

  model::ObjectId tree_;
  TreeData data_;
  std::string_view rest_;
  std::string_view name_;
  std::string_view raw_id_;
  model::FileMode mode_ = model::FileMode::regular;
  bool done_ = true;
  /// Earlier files `x` whose directory `x` could still follow: git's order puts `x.c` between them.
  std::vector<std::string_view> open_files_;
};

/// The bytes of a tree object. `entries` must stand in git's order.
std::string write_tree(const std::vector<model::DirectoryEntry>& entries);

}  // namespace tollbar::git
