// Looks for approvals of what needs them, and lets through what enough people approved. Nothing is read for anything
// else.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "approval/examiner.h"
#include "approval/used.h"
#include "gate/policy_source.h"
#include "gate/verdict.h"
#include "git/repository.h"
#include "rule/rule_set.h"

namespace tollbar::gate {

/// Who brings the change, as far as this place knows.
struct Bringer {
  enum class Known {
    not_asked,  ///< a scan: nobody pushes
    login,      ///< the server names who pushes
    unknown,    ///< the server should, and does not: nothing can be approved
  };
  Known known = Known::not_asked;
  std::string login;
};

/// What approvals call a repository: the policy's `repository`, else git's `tollbar.repository`, else the commit that
/// its history begins with (the end of the line of first parents from `base`), which every clone has and no forge, move
/// or renaming changes. Forks share it: what tells them apart is the policy's key. Throws util::Error where history is
/// cut short.
std::string approval_repository(const git::Repository& repository, const Policy& policy, const PolicyBase& base);

/// The full name of the reference whose approvals count for a change that goes to `ref` (empty: the current branch):
/// that one where `policy` protects it, else the default branch, for which it is meant in the end.
std::string approval_target(const git::Repository& repository, const Policy& policy, const std::string& ref = {});

/// The facts that must be approved for a finding to be: its parts, or itself.
std::vector<approval::Fact> facts_of(const model::Finding& finding, std::string_view repository, std::string_view ref);

/// Approvals can change this verdict.
bool can_be_approved(const Verdict& verdict);
/// A finding that approvals can settle.
bool can_be_approved(const model::Finding& finding);

/// Not thread-safe. The repository must outlive it.
class Approvals {
 public:
  /// `store`: the commit of refs/tollbar/approvals that counts, where another than the reference's own.
  /// `used_unwritten`: used up, although the repository does not say so yet.
  Approvals(const git::Repository& repository, const rule::RuleSet& rules, Bringer bringer,
            const std::optional<model::ObjectId>& store = std::nullopt, std::vector<approval::Use> used_unwritten = {});

  /// Marks the findings that are approved for `ref`, says of the others why they are not, and weighs the verdict anew.
  /// `commits`: whose authors had a hand in it.
  void honour(Verdict& verdict, const LoadedPolicy& policy, const PolicyBase& base, const std::string& ref,
              const std::vector<model::ObjectId>& commits);

  /// What lands with these verdicts uses up.
  static std::vector<approval::Use> uses(const std::vector<Verdict>& verdicts, const std::string& ref,
                                         const model::ObjectId& tip);

 private:
  struct Ground;
  std::string use_of(std::string_view fingerprint, std::string_view record) const;
  Ground& ground_of(const LoadedPolicy& policy, const PolicyBase& base);
  std::vector<approval::Involved> involved_in(const std::vector<model::ObjectId>& commits) const;
  void add_involved(const model::Commit& commit, std::vector<approval::Involved>& involved) const;
  bool is_agent(std::string_view email) const;
  void judge(model::Finding& finding, Ground& ground, const std::string& ref,
             const std::vector<approval::Involved>& involved);
  void judge_implied(Verdict& verdict, Ground& ground, const std::string& ref,
                     const std::vector<approval::Involved>& involved);

  const git::Repository& repository_;
  const rule::RuleSet& rules_;
  Bringer bringer_;
  approval::Store store_;
  std::vector<approval::Use> used_unwritten_;
  std::size_t compared_ = 0;  ///< findings for which near approvals were looked for
  std::map<std::pair<const LoadedPolicy*, model::ObjectId>, std::shared_ptr<Ground>> grounds_;
};

}  // namespace tollbar::gate
