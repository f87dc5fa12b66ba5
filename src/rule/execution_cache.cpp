// Executions of recent trees, found again by what they looked at.
#include <list>
#include <set>
#include <unordered_map>
#include <utility>

#include "rule/change.h"

namespace tollbar::rule {
namespace {

constexpr std::size_t kept_executions = 24;
constexpr std::size_t kept_trees = 4096;

/// What an execution depends on: the live pipeline files and every path that was looked at, with the entries found
/// there.
struct Footprint {
  std::vector<std::pair<std::string, std::optional<model::FileEntry>>> live;
  std::vector<std::pair<std::string, std::optional<model::FileEntry>>> consulted;
};

Footprint live_files(model::Tree& tree) {
  Footprint footprint;
  for (const auto& reader : pipeline::readers())
    for (auto& path : reader.find(tree)) {
      auto entry = tree.find(path);
      footprint.live.emplace_back(std::move(path), entry);
    }
  return footprint;
}

bool agrees(model::Tree& tree, const Footprint& footprint) {
  for (const auto& [path, entry] : footprint.consulted)
    if (tree.find(path) != entry) return false;
  return true;
}

}  // namespace

struct ExecutionCache::State {
  struct Entry {
    Footprint footprint;
    std::shared_ptr<const reach::Execution> execution;
  };
  struct Inventory {
    std::shared_ptr<const reach::Execution> execution;
    std::set<std::string> required;  // all that a policy changes about an inventory
    std::shared_ptr<const std::vector<reach::Check>> checks;
  };
  std::list<Inventory> inventories;                                                    // most recently used first
  std::list<Entry> entries;                                                            // most recently used first
  std::unordered_map<model::ObjectId, std::weak_ptr<const reach::Execution>> by_tree;  // of those that entries keep
};

ExecutionCache::ExecutionCache() : state_(std::make_unique<State>()) {}
ExecutionCache::~ExecutionCache() = default;

std::shared_ptr<const std::vector<reach::Check>> ExecutionCache::inventory(
    const std::shared_ptr<const reach::Execution>& execution, const reach::Knowledge& knowledge) {
  auto& known = state_->inventories;
  for (auto entry = known.begin(); entry != known.end(); ++entry)
    if (entry->execution == execution && entry->required == knowledge.required_checks) {
      known.splice(known.begin(), known, entry);
      return entry->checks;
    }
  auto checks = std::make_shared<const std::vector<reach::Check>>(reach::inventory(*execution, knowledge));
  known.push_front({execution, knowledge.required_checks, checks});
  if (known.size() > kept_executions) known.pop_back();
  return checks;
}

void ExecutionCache::remember(const model::Tree& tree, std::shared_ptr<const reach::Execution> execution) {
  const auto identity = tree.identity();
  if (!identity) return;
  if (state_->by_tree.size() >= kept_trees) state_->by_tree.clear();
  state_->by_tree[*identity] = execution;
}

std::shared_ptr<const reach::Execution> ExecutionCache::of(model::Tree& tree, const reach::Knowledge& knowledge,
                                                           pipeline::DocumentCache& documents,
                                                           reach::ScriptCache& scripts) {
  if (const auto identity = tree.identity())
    if (const auto known = state_->by_tree.find(*identity); known != state_->by_tree.end())
      if (auto execution = known->second.lock()) return execution;
  auto footprint = live_files(tree);
  auto& entries = state_->entries;
  for (auto entry = entries.begin(); entry != entries.end(); ++entry)
    if (entry->footprint.live == footprint.live && agrees(tree, entry->footprint)) {
      entries.splice(entries.begin(), entries, entry);
      remember(tree, entry->execution);
      return entry->execution;
    }
  auto execution = std::make_shared<const reach::Execution>(reach::execute(tree, knowledge, documents, scripts));
  for (const auto& path : execution->consulted) footprint.consulted.emplace_back(path, tree.find(path));
  entries.push_front({std::move(footprint), execution});
  if (entries.size() > kept_executions) entries.pop_back();
  remember(tree, execution);
  return execution;
}

}  // namespace tollbar::rule
