// Bounded lists, most recently used first: neighbours in history ask for nearly the same.
#include "reach/execution_cache.h"

#include <algorithm>
#include <iterator>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "pipeline/readers.h"
#include "reach/footprint.h"
#include "reach/script_runs.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kept_executions = 24;
constexpr std::size_t kept_runs = 16;  // of one pipeline
constexpr std::size_t kept_pipelines = 512;
constexpr std::size_t kept_trees = 4096;
constexpr std::size_t kept_commands = 50'000;  // of all executions, and of all runs of one pipeline; some 100 MiB
constexpr std::size_t kept_at_least = 3;       // both sides of a change and a neighbour

/// What stands at the places of pipelines.
using LiveFiles = std::vector<std::pair<std::string, std::optional<model::FileEntry>>>;

/// What one pipeline ran in some tree, and what of that tree decided it.
struct Run {
  LiveFiles read_from;  ///< its own file; all of its system where it may be read from any of them
  Called called;
  Footprint footprint;
  std::shared_ptr<const PipelineExecution> execution;
};

/// The checks of something; all that a policy changes about them is what it requires.
template <typename Of>
struct Checks {
  std::shared_ptr<const Of> of;
  std::set<std::string> required;
  std::shared_ptr<const std::vector<Check>> checks;
};

/// The element that holds, moved to the front; null where none does.
template <typename T, typename Holds>
T* recall(std::list<T>& items, Holds holds) {
  const auto found = std::find_if(items.begin(), items.end(), holds);
  if (found == items.end()) return nullptr;
  items.splice(items.begin(), items, found);
  return &items.front();
}

template <typename T>
T& keep(std::list<T>& items, T item, std::size_t most) {
  items.push_front(std::move(item));
  while (items.size() > most) items.pop_back();
  return items.front();
}

std::size_t commands_of(const PipelineExecution& execution) {
  std::size_t count = 0;
  for (const auto& step : execution.steps) count += step.commands.size();
  return count;
}

/// How many of the first items may be kept so that together they hold few commands.
template <typename T, typename Commands>
std::size_t affordable(const std::list<T>& items, std::size_t most, Commands commands) {
  std::size_t number = 0, total = 0;
  for (auto item = items.begin(); item != items.end() && number < most; ++item, ++number) {
    total += commands(item);
    if (total > kept_commands && number >= kept_at_least) break;
  }
  return number;
}

/// The pipeline at a place; reading is a part of its own, as the rules over pipelines need it anyway.
std::shared_ptr<const pipeline::Pipeline> read_in_part(const pipeline::PipelinePlace& place, model::Tree& tree,
                                                       pipeline::DocumentCache& documents, util::Profile& profile) {
  const util::Profile::Part part(profile, "pipeline files");
  return pipeline::read_one(place.system, tree, place.path, documents);
}

/// The workflows that jobs of the tree call.
std::set<std::string> called_workflows(const std::vector<pipeline::PipelinePlace>& places, model::Tree& tree,
                                       pipeline::DocumentCache& documents, util::Profile& profile) {
  std::set<std::string> paths;
  for (const auto& place : places)
    if (place.system == pipeline::System::github)  // kept by blob
      add_called_workflows(*read_in_part(place, tree, documents, profile), paths);
  return paths;
}

}  // namespace

struct ExecutionCache::State {
  std::unordered_map<std::string, std::list<Run>> runs;  // by the pipeline's path
  ScriptRuns script_runs;
  std::list<std::shared_ptr<const Execution>> executions;
  std::unordered_map<model::ObjectId, std::weak_ptr<const Execution>> by_tree;
  std::list<Checks<Execution>> inventories;
  std::unordered_map<const PipelineExecution*, Checks<PipelineExecution>> checks;
  std::size_t checks_in_use = 0;  // when last counted

  /// What an execution shares with the one used before it costs nothing.
  std::size_t affordable_executions() const {
    return affordable(executions, kept_executions, [&](auto kept) {
      std::size_t commands = 0;
      for (const auto& pipeline : (*kept)->pipelines) {
        const auto* other = kept == executions.begin() ? nullptr : std::prev(kept)->get();
        const bool shared = other != nullptr && std::find(other->pipelines.begin(), other->pipelines.end(), pipeline) !=
                                                    other->pipelines.end();
        if (!shared) commands += commands_of(*pipeline);
      }
      return commands;
    });
  }

  /// Drops the checks of pipelines that nothing else holds any more: an execution is large.
  void forget_old_checks() {
    if (checks.size() <= 2 * checks_in_use + kept_executions) return;
    std::erase_if(checks, [](const auto& entry) { return entry.second.of.use_count() == 1; });
    checks_in_use = checks.size();
  }
};

ExecutionCache::ExecutionCache() : state_(std::make_unique<State>()) {}
ExecutionCache::~ExecutionCache() = default;

std::shared_ptr<const Execution> ExecutionCache::known(const model::Tree& tree) const {
  const auto identity = tree.identity();
  if (!identity) return nullptr;
  const auto found = state_->by_tree.find(*identity);
  return found == state_->by_tree.end() ? nullptr : found->second.lock();
}

void ExecutionCache::remember(const model::Tree& tree, const std::shared_ptr<const Execution>& execution) {
  const auto identity = tree.identity();
  if (!identity) return;
  if (state_->by_tree.size() >= kept_trees) state_->by_tree.clear();
  state_->by_tree[*identity] = execution;
}

std::shared_ptr<const Execution> ExecutionCache::of(model::Tree& tree, const Knowledge& knowledge,
                                                    pipeline::DocumentCache& documents, ScriptCache& scripts,
                                                    util::Profile& profile) {
  if (auto execution = known(tree)) return execution;
  const auto places = pipeline::find_all(tree);
  std::map<pipeline::System, LiveFiles> live;
  for (const auto& place : places) live[place.system].emplace_back(place.path, tree.find(place.path));
  const auto called_paths = called_workflows(places, tree, documents, profile);
  auto execution = std::make_shared<Execution>();
  if (state_->runs.size() > kept_pipelines) state_->runs.clear();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& [system, path] = places[i];
    const auto called = called_paths.count(path) != 0 ? Called::here : Called::not_here;
    const auto read_from = pipeline::self_contained(system) ? LiveFiles{{path, tree.find(path)}} : live[system];
    auto& runs = state_->runs[path];
    const auto* run = recall(runs, [&](const Run& known) {
      return known.called == called && known.read_from == read_from && agrees(known.footprint, tree, scripts);
    });
    if (run == nullptr) {
      EarlierExecution earlier;
      if (!runs.empty()) earlier = {runs.front().execution.get(), disagreements(runs.front().footprint, tree, scripts)};
      auto fresh = execute(read_in_part(places[i], tree, documents, profile), called, tree, knowledge, documents,
                           scripts, state_->script_runs, earlier);
      auto its_footprint = footprint(fresh->dependence, tree, scripts);
      run = &keep(runs, Run{read_from, called, std::move(its_footprint), std::move(fresh)}, kept_runs);
      const auto most = affordable(runs, kept_runs, [](auto kept) { return commands_of(*kept->execution); });
      while (runs.size() > most) runs.pop_back();
    }
    execution->pipelines.push_back(run->execution);
  }
  const auto* same = recall(state_->executions, [&](const std::shared_ptr<const Execution>& known) {
    return known->pipelines == execution->pipelines;
  });
  const std::shared_ptr<const Execution> result =
      same != nullptr ? *same : keep(state_->executions, std::shared_ptr<const Execution>(execution), kept_executions);
  const auto most = state_->affordable_executions();
  while (state_->executions.size() > most) state_->executions.pop_back();
  remember(tree, result);
  return result;
}

std::shared_ptr<const std::vector<Check>> ExecutionCache::inventory(const std::shared_ptr<const Execution>& execution,
                                                                    const Knowledge& knowledge) {
  const auto& required = knowledge.required_checks;
  const auto* known = recall(state_->inventories,
                             [&](const auto& entry) { return entry.of == execution && entry.required == required; });
  if (known != nullptr) return known->checks;
  state_->forget_old_checks();
  auto all = std::make_shared<std::vector<Check>>();
  for (const auto& pipeline : execution->pipelines) {
    auto& entry = state_->checks[pipeline.get()];
    if (!entry.checks || entry.required != required)
      entry = {pipeline, required, std::make_shared<const std::vector<Check>>(reach::inventory(*pipeline, knowledge))};
    all->insert(all->end(), entry.checks->begin(), entry.checks->end());
  }
  return keep(state_->inventories, Checks<Execution>{execution, required, all},
              std::max(state_->executions.size(), kept_at_least))
      .checks;
}

}  // namespace tollbar::reach
