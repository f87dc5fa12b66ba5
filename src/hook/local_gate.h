// What the hooks on a developer's machine have in common: what they judge with, what they refuse and how they say it.
// Internal to src/hook.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/scan.h"
#include "git/repository.h"
#include "git/revisions.h"
#include "hook/hooks.h"
#include "rule/engine.h"
#include "rule/rule_set.h"

namespace tollbar::hook {

/// The repository that git means in the environment of a hook, and the rules. Throws util::Error where it cannot be
/// opened.
class LocalGate {
 public:
  explicit LocalGate(const Call& call);

  const git::Repository& repository() const { return repository_; }
  /// The index that git is about to commit; with `message` its words are judged too.
  gate::Verdict staged(std::optional<std::string> message = std::nullopt);
  /// Judges each commit alone, in this order, and marks those that are not allowed.
  std::vector<gate::Verdict> mark(const std::vector<model::ObjectId>& ids);
  /// Each commit and the net change.
  gate::ScanResult range(const git::Range& range, const std::string& target);

 private:
  git::Repository repository_;
  const rule::Engine& engine_;
  gate::ScanOptions options_;
};

/// Blocked and undecided changes are refused on the developer's machine; what needs approval only where the policy
/// wants that.
bool refuses_locally(const gate::Verdict& verdict);

/// The exit status of a hook that refuses for these verdicts, 0 where none of them is refused.
int local_status(const std::vector<gate::Verdict>& verdicts);

/// Tells the author of a commit that is there already what awaits it; silent about one that is allowed.
void note_verdict(Call& call, const gate::Verdict& verdict);

/// pre-commit and pre-merge-commit: judges the index and refuses or says nothing. `action`: `commit`, `merge`.
int judge_index(Call& call, std::string_view action);

}  // namespace tollbar::hook
