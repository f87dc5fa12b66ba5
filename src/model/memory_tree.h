// A tree kept in memory: what rule examples and tests are judged on.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/tree.h"

namespace tollbar::model {

class MemoryTree : public Tree {
 public:
  struct File {
    std::string bytes;
    FileMode mode = FileMode::regular;
  };

  MemoryTree() = default;
  explicit MemoryTree(std::map<std::string, File> files);

  std::optional<FileEntry> find(std::string_view path) override;
  std::vector<DirectoryEntry> list(std::string_view path) override;
  Content read(const FileEntry& entry) override;
  const std::map<std::string, File, std::less<>>& files() const { return files_; }

 private:
  std::map<std::string, File, std::less<>> files_;
  std::map<ObjectId, std::shared_ptr<const std::string>> blobs_;
};

/// The paths that differ, in byte order: the in-memory counterpart of git::diff_trees.
std::vector<FileDelta> diff(MemoryTree& before, MemoryTree& after);

}  // namespace tollbar::model
