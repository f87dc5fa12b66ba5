// Judges a push: every reference, every commit that is new to it, and the net change of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "gate/approvals.h"
#include "gate/policy_source.h"
#include "gate/ref_update.h"
#include "gate/scan.h"
#include "gate/verdict.h"
#include "git/repository.h"
#include "rule/engine.h"

namespace tollbar::gate {

struct PushOptions {
  Bringer bringer{};     ///< who pushes
  unsigned threads = 0;  ///< as ScanOptions has it
  std::uint64_t blob_limit = git::RepositoryTree::default_blob_limit;
  /// The approvals that earlier pushes used up although no reference says so yet. Asked for where something needs one;
  /// may be empty.
  std::function<std::vector<approval::Use>()> used_unwritten{};
  std::string incident;  ///< whose break-glass record the pusher means; no authority itself
};

/// What the gate says about one reference of a push.
struct RefVerdict {
  RefUpdate update;
  bool is_protected = false;
  std::size_t commits = 0;                     ///< new to it
  PolicyBase base;                             ///< where the policy was looked for
  std::shared_ptr<const LoadedPolicy> policy;  ///< that judged all of it; null where it could not be found
  std::vector<std::string> glass_problems;     ///< why break-glass records do not let it pass; mostly empty
  /// Of the reference itself, of its new commits (oldest first), of its net change: only those with something to say.
  std::vector<Verdict> verdicts;

  /// Blocked and undecided are refused everywhere, what needs approval on a protected reference.
  bool refuses(const Verdict& verdict) const;
  bool refused() const;
};

struct PushResult {
  std::vector<RefVerdict> refs;      ///< in input order
  std::vector<std::string> overdue;  ///< reviews of broken glass that somebody owes, one sentence each

  bool refused() const;
  /// 0 where nothing is refused, else the worst of what is: 4 undecided, 1 blocked, 3 needs approval.
  int exit_code() const;
};

/// The policy is the one that git's configuration names, else comes from what the references named before (see
/// Standing); nothing of the push has a say in it. Works before the references move (pre-receive, update) and after it
/// (post-receive). Throws util::UsageError for a configured policy that cannot be read.
PushResult judge_push(git::Repository& repository, const rule::Engine& engine, const std::vector<RefUpdate>& updates,
                      const PushOptions& options = {});

}  // namespace tollbar::gate
