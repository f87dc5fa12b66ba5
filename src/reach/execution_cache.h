// What the pipelines of recent trees run, pipeline by pipeline, so that a commit pays only for those it touches.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "model/tree.h"
#include "pipeline/document_cache.h"
#include "reach/execution.h"
#include "reach/inventory.h"
#include "reach/kept_runs.h"
#include "reach/knowledge.h"
#include "reach/script_cache.h"
#include "util/profile.h"

namespace tollbar::reach {

/// What the commands of a step do outside, each once: those of its own script, and those in files that it enters. What
/// never runs does nothing.
struct StepEffects {
  std::set<const Effect*> own, entered;
};

/// Not thread-safe; one per thread. What was handed out stays valid.
class ExecutionCache {
 public:
  ExecutionCache();
  ~ExecutionCache();

  /// The execution of a tree; never null. Pipelines that run what they ran in an earlier tree are taken from there,
  /// soonest where that was the `neighbour`. The knowledge has to outlive the cache.
  /// In `profile` the reading of pipelines is a part of its own, `pipeline files`.
  std::shared_ptr<const Execution> of(model::Tree& tree, const Knowledge& knowledge, pipeline::DocumentCache& documents,
                                      ScriptCache& scripts, util::Profile& profile, Neighbour neighbour = {});
  /// The execution of a tree that was asked for or remembered before; null where it has to be found.
  std::shared_ptr<const Execution> known(const model::Tree& tree) const;
  /// `tree` has the execution of `like`, which is known: they differ in no file that matters.
  void remember(const model::Tree& tree, const model::Tree& like);
  /// The checks of an execution under some knowledge (a policy may add required ones); never null.
  std::shared_ptr<const std::vector<Check>> inventory(const std::shared_ptr<const Execution>& execution,
                                                      const Knowledge& knowledge);
  /// The same for all steps that run alike; stays valid until another execution is asked for.
  const StepEffects& effects(const ExecutedStep& step, const Knowledge& knowledge);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tollbar::reach
