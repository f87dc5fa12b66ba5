// A tree with some files changed, without copying the rest: what would be if an edit were made.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "model/memory_tree.h"
#include "model/tree.h"

namespace tollbar::model {

/// Looks like `base`, which must outlive it, apart from the given files.
class OverlayTree : public Tree {
 public:
  /// A path without a file is taken away.
  OverlayTree(Tree& base, const std::map<std::string, std::optional<MemoryTree::File>>& files);

  std::optional<FileEntry> find(std::string_view path) override;
  std::vector<DirectoryEntry> list(std::string_view path) override;
  Content read(const FileEntry& entry) override;

 private:
  bool changes_below(std::string_view directory) const;

  Tree& base_;
  MemoryTree added_;
  std::set<std::string, std::less<>> removed_;
};

}  // namespace tollbar::model
