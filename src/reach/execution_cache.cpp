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
#include <unordered_set>
#include <utility>

#include "pipeline/readers.h"
#include "reach/command_lookup.h"
#include "reach/footprint.h"
#include "reach/runs.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kept_executions = 24;
constexpr std::size_t kept_trees = 4096;
constexpr std::size_t kept_commands = 50'000;  // of all executions; some 15 MiB
constexpr Limits kept_pipelines{16, 2'000, 200'000};
constexpr std::size_t kept_effects = 2'000;  // of steps
constexpr std::size_t kept_at_least = 3;     // both sides of a change and a neighbour

/// What stands at the places of pipelines.
using LiveFiles = std::vector<std::pair<std::string, std::optional<model::FileEntry>>>;

/// The checks of something; all that a policy changes about them is what it requires.
template <typename Of>
struct Checks {
  std::shared_ptr<const Of> of;
  std::set<std::string> required;
  std::shared_ptr<const std::vector<Check>> checks;
};

/// What a tree runs, and the tree for which that was last found: all that it looked at is the same in both.
struct KnownTree {
  std::weak_ptr<const Execution> execution;
  model::ObjectId found_in;
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

/// Commands of executions, those that pipelines and steps share once.
class Commands {
 public:
  std::size_t beyond_known(const PipelineExecution& execution) {
    if (!known_.insert(&execution).second) return 0;
    std::size_t count = 0;
    for (const auto& step : execution.steps)
      if (known_.insert(&step.commands.items()).second) count += step.commands.size();
    return count;
  }

 private:
  std::unordered_set<const void*> known_;
};

/// How many of the first items may be kept so that together they hold few commands.
template <typename T, typename Count>
std::size_t affordable(const std::list<T>& items, std::size_t most, Count count) {
  std::size_t number = 0, total = 0;
  for (auto item = items.begin(); item != items.end() && number < most; ++item, ++number) {
    total += count(*item);
    if (total > kept_commands && number >= kept_at_least) break;
  }
  return number;
}

/// Names what a pipeline is read from: its own file; all of its system where it may be read from any of them.
std::string key_of(const pipeline::PipelinePlace& place, Called called, const LiveFiles& read_from) {
  std::string key = std::to_string(static_cast<int>(place.system)) + place.path;
  if (called == Called::here) key += "\ncalled";
  for (const auto& [path, entry] : read_from)
    key.append("\n").append(path).append(
        entry ? std::to_string(static_cast<std::uint32_t>(entry->mode)) + entry->id.hex() : "");
  return key;
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

static const Dependence& dependence_of(const PipelineExecution& execution) {
  return execution.dependence;
}

static std::size_t commands_of(const PipelineExecution& execution) {
  return Commands().beyond_known(execution);
}

struct ExecutionCache::State {
  KeptRuns<PipelineExecution> pipelines{kept_pipelines};
  Runs runs;
  std::optional<CommandLookup> looked_up;
  std::list<std::shared_ptr<const Execution>> executions;
  std::unordered_map<model::ObjectId, KnownTree> by_tree;
  std::list<Checks<Execution>> inventories;
  std::unordered_map<const PipelineExecution*, Checks<PipelineExecution>> checks;
  std::size_t checks_in_use = 0;  // when last counted
  std::unordered_map<std::shared_ptr<const StepRun>, StepEffects> effects;

  /// What the tables say of commands, kept from execution to execution.
  CommandLookup& lookup(const Knowledge& knowledge) {
    if (!looked_up || &looked_up->knowledge() != &knowledge) {
      looked_up.emplace(knowledge);
      effects.clear();
    }
    return *looked_up;
  }

  /// Makes room before another execution is found.
  void trim() {
    if (looked_up) looked_up->trim();
    if (effects.size() > kept_effects) effects.clear();
  }

  /// Of the tree that is asked about now.
  void stand_beside(Neighbour neighbour) {
    const auto known = neighbour.identity ? by_tree.find(*neighbour.identity) : by_tree.end();
    if (known != by_tree.end()) neighbour.identity = known->second.found_in;
    pipelines.stand_beside(neighbour);
    runs.scripts.stand_beside(neighbour);
    runs.steps.stand_beside(neighbour);
  }

  void remember(const model::ObjectId& tree, KnownTree known) {
    if (by_tree.size() >= kept_trees) by_tree.clear();
    by_tree[tree] = std::move(known);
  }

  /// Commands that several have in common count once.
  std::size_t affordable_executions() const {
    Commands commands;
    return affordable(executions, kept_executions, [&](const std::shared_ptr<const Execution>& kept) {
      std::size_t count = 0;
      for (const auto& pipeline : kept->pipelines) count += commands.beyond_known(*pipeline);
      return count;
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
  return found == state_->by_tree.end() ? nullptr : found->second.execution.lock();
}

void ExecutionCache::remember(const model::Tree& tree, const model::Tree& like) {
  const auto identity = tree.identity(), other = like.identity();
  if (!identity || !other) return;
  if (const auto known = state_->by_tree.find(*other); known != state_->by_tree.end())
    state_->remember(*identity, KnownTree(known->second));
}

std::shared_ptr<const Execution> ExecutionCache::of(model::Tree& tree, const Knowledge& knowledge,
                                                    pipeline::DocumentCache& documents, ScriptCache& scripts,
                                                    util::Profile& profile, Neighbour neighbour) {
  if (auto execution = known(tree)) return execution;
  const auto places = pipeline::find_all(tree);
  std::map<pipeline::System, LiveFiles> live;
  for (const auto& place : places) live[place.system].emplace_back(place.path, tree.find(place.path));
  const auto called_paths = called_workflows(places, tree, documents, profile);
  auto execution = std::make_shared<Execution>();
  state_->trim();
  state_->stand_beside(neighbour);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& [system, path] = places[i];
    const auto called = called_paths.count(path) != 0 ? Called::here : Called::not_here;
    const auto read_from = pipeline::self_contained(system) ? LiveFiles{{path, tree.find(path)}} : live[system];
    const auto key = key_of(places[i], called, read_from);
    auto run = state_->pipelines.find(key, tree, scripts, [](const PipelineExecution&) { return true; });
    if (run == nullptr) {
      run = execute(read_in_part(places[i], tree, documents, profile), called, tree, documents, scripts, state_->runs,
                    state_->lookup(knowledge));
      state_->pipelines.keep(key, run, tree, scripts);
    }
    execution->pipelines.push_back(std::move(run));
  }
  state_->stand_beside({});
  const auto* same = recall(state_->executions, [&](const std::shared_ptr<const Execution>& known) {
    return known->pipelines == execution->pipelines;
  });
  const std::shared_ptr<const Execution> result =
      same != nullptr ? *same : keep(state_->executions, std::shared_ptr<const Execution>(execution), kept_executions);
  const auto most = state_->affordable_executions();
  while (state_->executions.size() > most) state_->executions.pop_back();
  if (const auto identity = tree.identity()) state_->remember(*identity, {result, *identity});
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
      entry = {pipeline, required,
               std::make_shared<const std::vector<Check>>(reach::inventory(*pipeline, state_->lookup(knowledge)))};
    all->insert(all->end(), entry.checks->begin(), entry.checks->end());
  }
  return keep(state_->inventories, Checks<Execution>{execution, required, all},
              std::max(state_->executions.size(), kept_at_least))
      .checks;
}

const StepEffects& ExecutionCache::effects(const ExecutedStep& step, const Knowledge& knowledge) {
  auto& commands = state_->lookup(knowledge);
  const auto [known, is_new] = state_->effects.try_emplace(step.run);
  if (!is_new || step.run == nullptr) return known->second;
  for (const auto& executed : step.commands) {
    const auto* effect = executed.unreachable ? nullptr : commands.effect(executed);
    if (effect != nullptr) (executed.chain.empty() ? known->second.own : known->second.entered).insert(effect);
  }
  return known->second;
}

}  // namespace tollbar::reach
