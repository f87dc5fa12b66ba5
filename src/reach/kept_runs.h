// Runs by a key, each taken only where what it depended on in its tree is the same. Internal to src/reach.
#pragma once

#include <cstddef>
#include <iterator>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/object_id.h"
#include "model/tree.h"
#include "reach/footprint.h"
#include "reach/script_cache.h"

namespace tollbar::reach {

/// Another tree that was followed before the one that is followed now, and all that differs between them.
struct Neighbour {
  std::optional<model::ObjectId> identity;
  const std::vector<model::FileDelta>* deltas = nullptr;
};

struct Limits {
  std::size_t versions = 4;  ///< of a key: neighbours in history have one script in two or three
  std::size_t runs = 2'000;
  std::size_t commands = 100'000;  ///< some 30 MiB
};

/// The most recently used ones. Of a run `dependence_of` tells what decided it, `commands_of` how large it is.
template <typename Run>
class KeptRuns {
 public:
  explicit KeptRuns(Limits limits = {}) : limits_(limits) {}

  /// The trees that are asked about from now on stand beside this one.
  void stand_beside(Neighbour neighbour) { neighbour_ = neighbour; }

  /// A run of that key for which `fits` holds, where all that it depended on is the same in `tree`; null where there is
  /// none.
  template <typename Fits>
  std::shared_ptr<const Run> find(const std::string& key, model::Tree& tree, ScriptCache& scripts, Fits fits) {
    const auto versions = by_key_.find(key);
    if (versions == by_key_.end()) return nullptr;
    for (auto version = versions->second.rbegin(); version != versions->second.rend(); ++version) {
      Entry& entry = **version;
      if (!fits(*entry.run) || !stands(entry, tree, scripts)) continue;
      entries_.splice(entries_.begin(), entries_, *version);
      return entry.run;
    }
    return nullptr;
  }

  void keep(const std::string& key, std::shared_ptr<const Run> run, model::Tree& tree, ScriptCache& scripts) {
    const auto known = by_key_.find(key);
    if (known != by_key_.end() && known->second.size() >= limits_.versions) forget(known->second.front());
    auto its_footprint = footprint(dependence_of(*run), tree, scripts);
    const std::size_t commands = commands_of(*run);
    commands_ += commands;
    entries_.push_front({key, std::move(run), commands, std::move(its_footprint), 0, tree.identity()});
    by_key_[key].push_back(entries_.begin());
    while (entries_.size() > 1 && (entries_.size() > limits_.runs || commands_ > limits_.commands))
      forget(std::prev(entries_.end()));
  }

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const Run> run;
    std::size_t commands = 0;
    Footprint footprint;
    std::size_t doubt = 0;                  ///< of the footprint
    std::optional<model::ObjectId> agreed;  ///< the tree that was last seen to agree
  };
  using Place = typename std::list<Entry>::iterator;

  bool stands(Entry& entry, model::Tree& tree, ScriptCache& scripts) {
    const auto identity = tree.identity();
    if (identity && entry.agreed == identity) return true;
    const bool beside = neighbour_.deltas != nullptr && neighbour_.identity && entry.agreed == neighbour_.identity;
    if (beside ? !still_agrees(entry.footprint, *neighbour_.deltas, tree, scripts)
               : !agrees(entry.footprint, entry.doubt, tree, scripts))
      return false;
    entry.agreed = identity;
    return true;
  }

  void forget(Place entry) {
    const auto known = by_key_.find(entry->key);
    std::erase(known->second, entry);
    if (known->second.empty()) by_key_.erase(known);
    commands_ -= entry->commands;
    entries_.erase(entry);
  }

  std::list<Entry> entries_;                                    // the last used one first
  std::unordered_map<std::string, std::vector<Place>> by_key_;  // the newest last
  std::size_t commands_ = 0;
  Limits limits_;
  Neighbour neighbour_;
};

}  // namespace tollbar::reach
