// The pipeline on one screen: from what the user asked to a verdict for each commit.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gate/policy_source.h"
#include "gate/verdict.h"
#include "git/repository.h"
#include "git/revisions.h"
#include "rule/engine.h"

namespace tollbar::gate {

struct ScanOptions {
  std::optional<std::string> policy_file;  ///< --policy or TOLLBAR_POLICY
  /// What judges every commit of scan_commits where no policy is named; without it each commit's first parent.
  std::optional<PolicyBase> policy_base{};
  /// Whether approvals are honoured: those for `target`, the full name of the reference that the commits are meant for;
  /// empty: for approval_target().
  bool approvals = false;
  std::string target{};
  unsigned threads = 0;  ///< 0: as many as there are processors, at most 8
  std::uint64_t blob_limit =
      git::RepositoryTree::default_blob_limit;  ///< bytes; larger blobs that a rule wants to read are undecided
  std::function<void(const Verdict&)> each;     ///< called in input order as verdicts become final
  std::optional<std::string> message;  ///< of the commit about to be made, where scan_staged is to judge it too
  bool profile = false;                ///< whether the result says where the time went
  bool keep_allowed = true;            ///< false: verdicts without findings are counted and dropped (long histories)
  std::function<void(std::size_t done, std::size_t total)> progress;
};

/// Judges each commit alone (a merge by what it adds to all its parents), then the net change of the range.
ScanResult scan_range(git::Repository& repository, const rule::Engine& engine, const git::Range& range,
                      const ScanOptions& options);
/// Judges each commit alone, in the given order; no net change.
ScanResult scan_commits(git::Repository& repository, const rule::Engine& engine,
                        const std::vector<model::ObjectId>& commits, const ScanOptions& options);
/// Judges what is staged against HEAD.
ScanResult scan_staged(git::Repository& repository, const rule::Engine& engine, const ScanOptions& options);

}  // namespace tollbar::gate
