// A tree of the object database behind model::Tree.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include "git/raw_tree.h"
#include "git/repository.h"
#include "util/error.h"

namespace tollbar::git {

namespace {

/// Git sorts a directory behind other names that begin like it: few, as a rule, so that it is met on the way.
std::optional<model::FileEntry> find_name(const std::vector<model::DirectoryEntry>& entries, std::string_view name) {
  constexpr int few = 4;
  const auto place_of = [&](auto begin, bool as_directory) {
    return std::lower_bound(begin, entries.end(), name,
                            [&](const model::DirectoryEntry& entry, std::string_view wanted) {
                              const bool is_directory = entry.entry.mode == model::FileMode::directory;
                              return compare_names(entry.name, is_directory, wanted, as_directory) < 0;
                            });
  };
  auto place = place_of(entries.begin(), false);
  for (int passed = 0; place != entries.end() && place->name != name && place->name.starts_with(name); ++place)
    if (++passed > few) {
      place = place_of(place, true);
      break;
    }
  return place != entries.end() && place->name == name ? std::optional(place->entry) : std::nullopt;
}

}  // namespace

/// Directories already taken apart, by tree id: equal directories are read once. Also by path, as most paths that are
/// asked for lie beside others that were.
struct RepositoryTree::Cache {
  using Entries = std::vector<model::DirectoryEntry>;

  Cache(const Repository& repository, const model::ObjectId& root) : repository_(repository), root_(root) {}

  std::optional<model::FileEntry> find(std::string_view path) {
    if (path.empty()) return model::FileEntry{root_, model::FileMode::directory};
    if (path.ends_with('/')) path.remove_suffix(1);
    const std::size_t slash = path.rfind('/');
    const auto parent = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
    if (slash == 0 || parent.ends_with('/')) return std::nullopt;
    const Entries* entries = directory(parent);
    return entries == nullptr ? std::nullopt : find_name(*entries, path.substr(slash + 1));
  }

  /// Null where there is none at the path.
  const Entries* directory(std::string_view path) {
    if (const auto known = by_path_.find(path); known != by_path_.end()) return known->second;
    const auto entry = find(path);
    const bool is_there = entry && entry->mode == model::FileMode::directory;
    return by_path_.emplace(path, is_there ? &entries_of(entry->id) : nullptr).first->second;
  }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  const Entries& entries_of(const model::ObjectId& id) {
    if (const auto held = by_id_.find(id); held != by_id_.end()) return held->second;
    Entries entries;
    for (TreeReader reader(id, repository_.tree_data(id)); !reader.done(); reader.advance())
      entries.push_back({std::string(reader.name()), reader.entry()});
    return by_id_.emplace(id, std::move(entries)).first->second;
  }

  const Repository& repository_;
  model::ObjectId root_;
  std::unordered_map<model::ObjectId, Entries> by_id_;
  std::unordered_map<std::string, const Entries*, Hash, std::equal_to<>> by_path_;
};

RepositoryTree::RepositoryTree(const Repository& repository, model::ObjectId tree, std::uint64_t blob_limit)
    : repository_(repository), id_(tree), blob_limit_(blob_limit), cache_(std::make_unique<Cache>(repository, tree)) {}

RepositoryTree::~RepositoryTree() = default;

std::optional<model::FileEntry> RepositoryTree::find(std::string_view path) {
  return cache_->find(path);
}

std::vector<model::DirectoryEntry> RepositoryTree::list(std::string_view path) {
  const auto* entries = cache_->directory(path);
  return entries == nullptr ? std::vector<model::DirectoryEntry>() : *entries;
}

model::Content RepositoryTree::read(const model::FileEntry& entry) {
  // A submodule names a commit of another repository, even where ours happens to have it.
  const auto header = entry.mode == model::FileMode::submodule ? std::nullopt : repository_.header(entry.id);
  if (!header) {
    return {model::ContentState::missing, 0, nullptr};
  }
  if (header->type != ObjectType::blob) {
    throw util::Error(fmt::format("read blob {}: it is no blob", entry.id.hex()));
  }
  if (header->size > blob_limit_) {
    return {model::ContentState::too_large, header->size, nullptr};
  }
  auto object = repository_.object(entry.id);
  if (!object) {
    return {model::ContentState::missing, 0, nullptr};
  }
  auto bytes = std::make_shared<const std::string>(std::move(object->data));
  return {model::ContentState::present, bytes->size(), std::move(bytes)};
}

}  // namespace tollbar::git
