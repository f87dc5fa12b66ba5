// A few runs a key: neighbours in history have one script in two or three versions.
#include "reach/script_runs.h"

#include <algorithm>
#include <utility>

namespace tollbar::reach {
namespace {

constexpr std::size_t kept_versions = 4;
constexpr std::size_t kept_keys = 2'000;       // of some 10 KB
constexpr std::size_t kept_commands = 50'000;  // some 15 MiB

}  // namespace

std::shared_ptr<const ScriptRun> ScriptRuns::find(const std::string& key, model::Tree& tree, ScriptCache& scripts) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  const auto identity = tree.identity();
  for (auto entry = found->second.rbegin(); entry != found->second.rend(); ++entry) {
    const bool known = identity && entry->agreed == identity;
    if (!known && !agrees(entry->footprint, tree, scripts)) continue;
    entry->agreed = identity;
    return entry->run;
  }
  return nullptr;
}

void ScriptRuns::keep(const std::string& key, std::shared_ptr<const ScriptRun> run, model::Tree& tree,
                      ScriptCache& scripts) {
  if (commands_ > kept_commands || entries_.size() > kept_keys) {
    entries_.clear();
    commands_ = 0;
  }
  commands_ += run->commands.size();
  auto its_footprint = footprint(run->dependence, tree, scripts);
  auto& versions = entries_[key];
  if (versions.size() >= kept_versions) {
    commands_ -= versions.front().run->commands.size();
    versions.erase(versions.begin());
  }
  versions.push_back({std::move(run), std::move(its_footprint), tree.identity()});
}

}  // namespace tollbar::reach
