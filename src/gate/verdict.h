// What the gate says in the end: a verdict per commit, and one for the whole range.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "approval/quorum.h"
#include "model/commit.h"
#include "model/decision.h"
#include "model/finding.h"
#include "util/profile.h"

namespace tollbar::gate {

struct Verdict {
  enum class Of { commit, staged, net, ref };
  Of of = Of::commit;
  model::Commit commit;  ///< of: commit; for net the tip, for staged HEAD (zero id where none), for ref its id alone
  model::Decision decision = model::Decision::allow;
  model::Status status = model::Status::allowed;
  std::vector<model::Finding> findings;  ///< strongest first, then by path and line; waived ones included
  std::string undecided;                 ///< why it could not be decided (status undecided), else empty
  std::vector<std::string> agents;       ///< coding agents that the commit claims to come from; never a proof
  std::string policy;                    ///< source of the policy that judged it
  approval::Quorum approvers;            ///< of the strongest finding, as policy says; empty: not said
  bool approve_locally = false;          ///< the policy wants approvals before a change leaves the developer's machine
  std::vector<model::Finding> implied;   ///< catch-alls that `findings` speak for; approved with them, not counted
};

struct ScanResult {
  std::string range;              ///< `main..feature`
  std::vector<Verdict> verdicts;  ///< in input order
  std::optional<Verdict> net;     ///< findings of the net change that no commit's verdict has
  /// Whether a commit or the net change, each verdict adds to one of the last four; `commits` counts commits (and what
  /// is staged).
  std::size_t commits = 0, allowed = 0, needs_approval = 0, blocked = 0, undecided = 0;
  double seconds = 0;
  util::Profile::Times times;  ///< of the processor by part, where the options ask for them

  /// 4 undecided, 1 blocked, 3 needs approval, 0 otherwise.
  int exit_code() const;
  /// Adds a verdict to the numbers above, `commits` apart.
  void count(const Verdict& verdict);
};

}  // namespace tollbar::gate
