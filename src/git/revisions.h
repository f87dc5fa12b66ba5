// What the user asked to be judged: `A..B`, `A...B`, a branch, one commit, everything.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.h"
#include "model/object_id.h"

namespace tollbar::git {

struct Range {
  std::string text;                      ///< as the user wrote it, or what it was taken to mean: `main..feature`
  std::vector<model::ObjectId> commits;  ///< oldest first
  /// The two trees whose difference is the net change: empty ids where there is none (single commits, --all).
  std::optional<model::ObjectId> base;  ///< commit; the policy is read from here
  std::optional<model::ObjectId> tip;
};

/// `A..B`, `A...B` (B since their merge base), a branch other than the default one (since it left the default branch),
/// any other revision (that one commit), empty: the current branch since it left the default branch (on the default
/// branch: its last commit). Throws util::UsageError naming the unknown revision; an empty repository has an empty
/// range.
Range resolve_range(const Repository& repository, std::string_view text);
/// The first commit on `tip`'s line of first parents that is not one of `commits`; empty where that line ends before.
std::optional<model::ObjectId> leaving_point(const Repository& repository, model::ObjectId tip,
                                             const std::vector<model::ObjectId>& commits);
/// Every commit of every reference.
Range all_commits(const Repository& repository);

}  // namespace tollbar::git
