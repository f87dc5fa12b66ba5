// A tree of files as git stores it, seen through the narrowest interface that judging needs.
// The git floor reads it from the object database; tests and rule examples keep it in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/object_id.h"

namespace tollbar::model {

/// The modes git knows. A mode outside this list is a corrupt tree.
enum class FileMode : std::uint32_t {
  directory = 0040000,
  regular = 0100644,
  executable = 0100755,
  symlink = 0120000,
  submodule = 0160000,
};

struct FileEntry {
  ObjectId id;
  FileMode mode = FileMode::regular;
  bool operator==(const FileEntry&) const = default;
};

struct DirectoryEntry {
  std::string name;
  FileEntry entry;
};

/// What a blob turned out to be when it was asked for.
enum class ContentState : std::uint8_t {
  present,
  too_large,  ///< over the size limit; `bytes` is empty, `size` is known
  missing,    ///< not in the object database (partial or damaged copy)
};

struct Content {
  ContentState state = ContentState::present;
  std::uint64_t size = 0;
  std::shared_ptr<const std::string> bytes;  ///< raw, undecoded; never null when present
};

/// Paths are bytes, relative, separated by `/`, without a leading slash. Not thread-safe: one tree per thread.
class Tree {
 public:
  virtual ~Tree() = default;
  /// What names the whole tree, where something does: trees of equal identity are equal. Caches are keyed by it.
  virtual std::optional<ObjectId> identity() const { return std::nullopt; }
  /// The entry at `path`: file, link, submodule or directory; empty where there is none.
  virtual std::optional<FileEntry> find(std::string_view path) = 0;
  /// The entries of directory `path` ("" is the root) in git's order; empty where there is no such directory.
  virtual std::vector<DirectoryEntry> list(std::string_view path) = 0;
  /// The content of a blob named by an entry of this tree. Throws util::Error for a corrupt object.
  virtual Content read(const FileEntry& entry) = 0;
};

/// One path that differs between two trees. No side: the path is absent there. Directories never appear.
struct FileDelta {
  std::string path;
  std::optional<FileEntry> before;
  std::optional<FileEntry> after;

  bool added() const { return !before && after; }
  bool removed() const { return before && !after; }
  /// The content stayed, only the mode differs.
  bool mode_only() const { return before && after && before->id == after->id; }
};

}  // namespace tollbar::model
