// A least-recently-used cache, bounded in bytes.
#include "git/tree_cache.h"

namespace tollbar::git {

TreeData TreeCache::find(const model::ObjectId& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) {
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->second;
}

void TreeCache::insert(const model::ObjectId& id, const TreeData& data) {
  if (data->size() > capacity_ || by_id_.contains(id)) {
    return;
  }
  entries_.emplace_front(id, data);
  by_id_.emplace(id, entries_.begin());
  bytes_ += data->size();
  while (bytes_ > capacity_) {
    bytes_ -= entries_.back().second->size();
    by_id_.erase(entries_.back().first);
    entries_.pop_back();
  }
}

}  // namespace tollbar::git
