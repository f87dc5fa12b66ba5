// Building trees from the sorted paths of an index, as `git write-tree` would, without writing.
#include "git/staged.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "git/object_hash.h"

namespace tollbar::git {
void TreeBuilder::add(std::string_view path, const model::FileEntry& entry) {
  while (!path.starts_with(open_.back().path)) {
    close_directory();
  }
  std::string_view rest = path.substr(open_.back().path.size());
  for (std::size_t slash = rest.find('/'); slash != std::string_view::npos; slash = rest.find('/')) {
    const std::string name(rest.substr(0, slash));
    open_.push_back({open_.back().path + name + '/', name, {}});
    rest.remove_prefix(slash + 1);
  }
  open_.back().entries.push_back({std::string(rest), entry});
}

model::ObjectId TreeBuilder::finish() {
  while (open_.size() > 1) {
    close_directory();
  }
  return store(open_.back());
}

void TreeBuilder::close_directory() {
  const OpenDirectory closed = std::move(open_.back());
  open_.pop_back();
  if (!closed.entries.empty()) {
    open_.back().entries.push_back({closed.name, {store(closed), model::FileMode::directory}});
  }
}

model::ObjectId TreeBuilder::store(const OpenDirectory& directory) {
  auto data = std::make_shared<const std::string>(write_tree(directory.entries));
  const model::ObjectId id = hash_object(ObjectType::tree, *data, hash_size_);
  overlay_.insert(id, std::move(data));
  return id;
}

TreeData Overlay::find(const model::ObjectId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = trees_.find(id);
  return found == trees_.end() ? nullptr : found->second;
}

void Overlay::insert(const model::ObjectId& id, TreeData data) {
  const std::lock_guard lock(mutex_);
  trees_.emplace(id, std::move(data));
}

model::ObjectId build_trees(const std::vector<IndexEntry>& entries, std::size_t hash_size, Overlay& overlay) {
  TreeBuilder builder(hash_size, overlay);
  for (const IndexEntry& entry : entries) {
    builder.add(entry.path, entry.entry);
  }
  return builder.finish();
}

}  // namespace tollbar::git
