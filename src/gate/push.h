// Judges a push: every reference, every commit that is new to it, and the net change of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gate/approvals.h"
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
};

/// What the gate says about one reference of a push.
struct RefVerdict {
  RefUpdate update;
  bool is_protected = false;
  std::size_t commits = 0;  ///< new to it
  /// Of the reference itself, of its new commits (oldest first), of its net change: only those with something to say.
  std::vector<Verdict> verdicts;

  /// Blocked and undecided are refused everywhere, what needs approval on a protected reference.
  bool refuses(const Verdict& verdict) const;
  bool refused() const;
};

struct PushResult {
  std::vector<RefVerdict> refs;  ///< in input order

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
