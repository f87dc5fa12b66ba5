// A tree kept in memory, and the difference of two of them.
#include "model/memory_tree.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace tollbar::model {
namespace {

/// One 64-bit lane of the content hash: a multiply-rotate hash over 8-byte words. Stable across runs, not
/// cryptographic.
std::uint64_t hash_lane(std::string_view bytes, std::uint64_t seed) {
  constexpr std::uint64_t multiplier = 0x9E3779B97F4A7C15;
  const auto mix = [](std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
    return value ^ (value >> 31);
  };
  std::uint64_t hash = mix(seed ^ (bytes.size() * multiplier));
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t taken = std::min(bytes.size(), sizeof word);
    std::memcpy(&word, bytes.data(), taken);
    hash = std::rotl(hash ^ mix(word + seed), 27) * multiplier;
    bytes.remove_prefix(taken);
  }
  return mix(hash);
}

ObjectId content_id(std::string_view bytes) {
  std::array<std::uint8_t, 24> raw{};
  for (std::uint64_t lane = 0; lane < 3; ++lane) {
    const std::uint64_t hash = hash_lane(bytes, lane + 1);
    for (std::uint64_t byte = 0; byte < 8; ++byte) {
      raw[lane * 8 + byte] = static_cast<std::uint8_t>(hash >> (byte * 8));
    }
  }
  return ObjectId::from_raw(raw.data(), 20);
}

/// The prefix that every path below `directory` has.
std::string prefix_of(std::string_view directory) {
  std::string prefix(directory);
  if (!prefix.empty()) {
    prefix += '/';
  }
  return prefix;
}

/// git sorts a directory as if its name ended in a slash.
std::string sort_key(const DirectoryEntry& entry) {
  return entry.entry.mode == FileMode::directory ? entry.name + '/' : entry.name;
}

}  // namespace

MemoryTree::MemoryTree(std::map<std::string, File> files) {
  for (auto& [path, file] : files) {
    blobs_.emplace(content_id(file.bytes), std::make_shared<const std::string>(file.bytes));
    files_.emplace(path, std::move(file));
  }
}

std::optional<FileEntry> MemoryTree::find(std::string_view path) {
  if (const auto file = files_.find(path); file != files_.end()) {
    return FileEntry{content_id(file->second.bytes), file->second.mode};
  }
  const std::string prefix = prefix_of(path);
  std::string listing;
  for (auto file = files_.lower_bound(prefix); file != files_.end() && file->first.starts_with(prefix); ++file) {
    listing.append(file->first, prefix.size()).append(1, '\0');
    listing += content_id(file->second.bytes).hex() + std::to_string(static_cast<std::uint32_t>(file->second.mode));
  }
  if (listing.empty() && !path.empty()) {
    return std::nullopt;
  }
  return FileEntry{content_id(listing), FileMode::directory};
}

std::vector<DirectoryEntry> MemoryTree::list(std::string_view path) {
  const std::string prefix = prefix_of(path);
  std::vector<DirectoryEntry> entries;
  for (auto file = files_.lower_bound(prefix); file != files_.end() && file->first.starts_with(prefix); ++file) {
    const std::string_view rest = std::string_view(file->first).substr(prefix.size());
    const std::string name(rest.substr(0, rest.find('/')));
    if (name.empty() || (!entries.empty() && entries.back().name == name)) {
      continue;
    }
    if (const auto entry = find(prefix + name)) {
      entries.push_back({name, *entry});
    }
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return sort_key(a) < sort_key(b); });
  return entries;
}

Content MemoryTree::read(const FileEntry& entry) {
  const auto blob = blobs_.find(entry.id);
  if (blob == blobs_.end()) {
    return {ContentState::missing, 0, nullptr};
  }
  return {ContentState::present, blob->second->size(), blob->second};
}

std::vector<FileDelta> diff(MemoryTree& before, MemoryTree& after) {
  const auto entry_of = [](const auto& file) { return FileEntry{content_id(file->second.bytes), file->second.mode}; };
  std::vector<FileDelta> deltas;
  auto left = before.files().begin();
  auto right = after.files().begin();
  while (left != before.files().end() || right != after.files().end()) {
    FileDelta delta;
    const bool no_left = left == before.files().end();
    const bool no_right = right == after.files().end();
    const int order = no_left ? 1 : no_right ? -1 : left->first.compare(right->first);
    if (order <= 0) {
      delta.path = left->first;
      delta.before = entry_of(left++);
    }
    if (order >= 0) {
      delta.path = right->first;
      delta.after = entry_of(right++);
    }
    if (delta.before != delta.after) {
      deltas.push_back(std::move(delta));
    }
  }
  return deltas;
}

}  // namespace tollbar::model
