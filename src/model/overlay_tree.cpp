// Asks the files laid over first, the tree below them then.
#include "model/overlay_tree.h"

#include <algorithm>
#include <utility>

#include "util/sha256.h"

namespace tollbar::model {
namespace {

/// git sorts a directory as if its name ended in a slash.
std::string sort_key(const DirectoryEntry& entry) {
  return entry.entry.mode == FileMode::directory ? entry.name + '/' : entry.name;
}

std::string path_below(std::string_view directory, std::string_view name) {
  return directory.empty() ? std::string(name) : std::string(directory) + '/' + std::string(name);
}

}  // namespace

OverlayTree::OverlayTree(Tree& base, const std::map<std::string, std::optional<MemoryTree::File>>& files)
    : base_(base) {
  std::map<std::string, MemoryTree::File> added;
  for (const auto& [path, file] : files) {
    if (file) {
      added.emplace(path, *file);
    } else {
      removed_.insert(path);
    }
  }
  added_ = MemoryTree(std::move(added));
}

bool OverlayTree::changes_below(std::string_view directory) const {
  const std::string prefix = directory.empty() ? "" : std::string(directory) + '/';
  const auto file = added_.files().lower_bound(prefix);
  const auto gone = removed_.lower_bound(prefix);
  return (file != added_.files().end() && file->first.starts_with(prefix)) ||
         (gone != removed_.end() && gone->starts_with(prefix));
}

std::optional<FileEntry> OverlayTree::find(std::string_view path) {
  if (removed_.contains(path)) {
    return std::nullopt;
  }
  if (added_.files().contains(path)) {
    return added_.find(path);
  }
  const auto below = base_.find(path);
  if (!changes_below(path)) {
    return below;
  }
  // The directory is neither of the two: its id says what is in it, for those who compare ids.
  const std::vector<DirectoryEntry> entries = list(path);
  if (entries.empty() && !path.empty()) {
    return std::nullopt;
  }
  util::Sha256 digest;
  for (const DirectoryEntry& entry : entries) {
    digest.update(entry.name);
    digest.update({"\0", 1});
    digest.update(entry.entry.id.hex());
    digest.update(std::to_string(static_cast<std::uint32_t>(entry.entry.mode)));
  }
  const auto bytes = digest.finish();
  return FileEntry{ObjectId::from_raw(bytes.data(), 20), FileMode::directory};
}

std::vector<DirectoryEntry> OverlayTree::list(std::string_view path) {
  std::map<std::string, FileEntry> entries;
  for (const DirectoryEntry& entry : base_.list(path)) {
    if (const auto found = find(path_below(path, entry.name))) {
      entries.emplace(entry.name, *found);
    }
  }
  for (const DirectoryEntry& entry : added_.list(path)) {
    if (const auto found = find(path_below(path, entry.name))) {
      entries.insert_or_assign(entry.name, *found);
    }
  }
  std::vector<DirectoryEntry> listed;
  for (auto& [name, entry] : entries) {
    listed.push_back({name, entry});
  }
  std::sort(listed.begin(), listed.end(), [](const auto& a, const auto& b) { return sort_key(a) < sort_key(b); });
  return listed;
}

Content OverlayTree::read(const FileEntry& entry) {
  Content added = added_.read(entry);
  return added.state == ContentState::present ? added : base_.read(entry);
}

}  // namespace tollbar::model
