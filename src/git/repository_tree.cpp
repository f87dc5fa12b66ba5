// A tree of the object database behind model::Tree.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "git/raw_tree.h"
#include "git/repository.h"
#include "util/error.h"

namespace tollbar::git {

/// Directories already taken apart, by tree id: equal directories are read once.
struct RepositoryTree::Cache {
  std::unordered_map<model::ObjectId, std::vector<model::DirectoryEntry>> directories;

  const std::vector<model::DirectoryEntry>& directory(const Repository& repository, const model::ObjectId& id) {
    if (const auto held = directories.find(id); held != directories.end()) {
      return held->second;
    }
    std::vector<model::DirectoryEntry> entries;
    for (TreeReader reader(id, repository.tree_data(id)); !reader.done(); reader.advance()) {
      entries.push_back({std::string(reader.name()), reader.entry()});
    }
    return directories.emplace(id, std::move(entries)).first->second;
  }
};

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

RepositoryTree::RepositoryTree(const Repository& repository, model::ObjectId tree, std::uint64_t blob_limit)
    : repository_(repository), id_(tree), blob_limit_(blob_limit), cache_(std::make_unique<Cache>()) {}

RepositoryTree::~RepositoryTree() = default;

std::optional<model::FileEntry> RepositoryTree::find(std::string_view path) {
  model::FileEntry found{id_, model::FileMode::directory};
  while (!path.empty()) {
    if (found.mode != model::FileMode::directory) {
      return std::nullopt;
    }
    const std::size_t slash = path.find('/');
    const auto entry = find_name(cache_->directory(repository_, found.id), path.substr(0, slash));
    if (!entry) {
      return std::nullopt;
    }
    found = *entry;
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return found;
}

std::vector<model::DirectoryEntry> RepositoryTree::list(std::string_view path) {
  const auto directory = find(path);
  if (!directory || directory->mode != model::FileMode::directory) {
    return {};
  }
  return cache_->directory(repository_, directory->id);
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
