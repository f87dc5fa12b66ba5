// Judges one change at a time: finds its policy, its differences and what the rules say about them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gate/policy_source.h"
#include "gate/scan.h"
#include "gate/verdict.h"
#include "git/repository.h"
#include "model/commit.h"
#include "model/tree.h"
#include "rule/change.h"
#include "rule/engine.h"

namespace tollbar::gate {

/// Not thread-safe: one per thread, with its own repository.
class Judge {
 public:
  /// `base`: the commit whose policy judges everything; without it each commit is judged by its first parent's.
  /// `branch`: the short name of the branch that the commits stand on, where one is known.
  Judge(const git::Repository& repository, const rule::Engine& engine, PolicySource& policies,
        const ScanOptions& options, std::optional<PolicyBase> base, std::string branch = {});

  /// One commit alone; a merge by what it adds to all its parents. Never throws for what the commit is: an error makes
  /// it undecided.
  Verdict commit(const model::ObjectId& id);
  /// The change from one tree to another: staged or net. `policy` is the commit that the change starts from, if any;
  /// `proposed` is a commit about to be made of it, of which only the message is known.
  Verdict trees(Verdict::Of of, const model::Commit& shown, const std::optional<PolicyBase>& policy,
                const model::ObjectId& before, const model::ObjectId& after, const model::Commit* proposed = nullptr);
  /// The net change of a push, which may build on several trees: what counts stands against each of them. `shown` is
  /// its tip.
  Verdict net(const model::Commit& shown, const std::optional<PolicyBase>& policy,
              const std::vector<model::ObjectId>& before);
  /// Where the time went, if the options ask.
  util::Profile::Times times() { return caches_.profile.times(); }

 private:
  struct ParentChange {
    model::ObjectId tree;
    std::vector<model::FileDelta> deltas;
  };

  void judge(Verdict& verdict);
  std::vector<ParentChange> changes_of(const model::Commit& commit, std::optional<PolicyBase>& first_parent);
  /// The paths that differ from each of the trees before.
  std::vector<ParentChange> changes_since(const std::vector<model::ObjectId>& before, const model::ObjectId& after);
  void judge_changes(Verdict& verdict, const std::vector<ParentChange>& changes, const model::ObjectId& after,
                     const std::optional<PolicyBase>& policy_base, const model::Commit* commit);
  std::shared_ptr<const LoadedPolicy> policy_for(Verdict& verdict, const std::optional<PolicyBase>& base);

  const git::Repository& repository_;
  const rule::Engine& engine_;
  PolicySource& policies_;
  std::uint64_t blob_limit_;
  std::optional<PolicyBase> base_;
  std::string branch_;
  rule::Caches caches_;
  Date today_ = Date::today();
  // The policy found last, with the trees known to hold it: neighbours in history mostly share one.
  std::vector<model::ObjectId> policy_trees_;
  std::shared_ptr<const LoadedPolicy> policy_;
};

/// Leaves in each list only the paths that stand in all of them: what a merge has as none of its parents has it.
void keep_common_paths(std::vector<std::vector<model::FileDelta>*> lists);

}  // namespace tollbar::gate
