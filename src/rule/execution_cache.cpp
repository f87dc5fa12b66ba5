// Executions of recent trees, found again by what they looked at.
#include <list>
#include <set>
#include <unordered_map>
#include <utility>

#include "reach/footprint.h"
#include "rule/change.h"

namespace tollbar::rule {
namespace {

constexpr std::size_t kept_executions = 24;
constexpr std::size_t kept_trees = 4096;

}  // namespace

struct ExecutionCache::State {
  struct Entry {
    reach::LiveFiles live;
    reach::Footprint footprint;
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

std::shared_ptr<const reach::Execution> ExecutionCache::known(const model::Tree& tree) const {
  const auto identity = tree.identity();
  if (!identity) return nullptr;
  const auto found = state_->by_tree.find(*identity);
  return found == state_->by_tree.end() ? nullptr : found->second.lock();
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
  if (auto execution = known(tree)) return execution;
  auto live = reach::live_files(tree);
  auto& entries = state_->entries;
  for (auto entry = entries.begin(); entry != entries.end(); ++entry)
    if (entry->live == live && reach::agrees(entry->footprint, tree, scripts)) {
      entries.splice(entries.begin(), entries, entry);
      remember(tree, entry->execution);
      return entry->execution;
    }
  auto execution = std::make_shared<const reach::Execution>(reach::execute(tree, knowledge, documents, scripts));
  entries.push_front({std::move(live), reach::footprint(*execution, tree, scripts), execution});
  if (entries.size() > kept_executions) entries.pop_back();
  remember(tree, execution);
  return execution;
}

}  // namespace tollbar::rule
