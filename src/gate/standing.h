// What stood before a push: the references it is compared with, what hides known commits, and whose policy judges.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/policy_source.h"
#include "gate/ref_update.h"
#include "git/repository.h"
#include "text/glob.h"

namespace tollbar::gate {

/// The references that are judged alike: by one policy, against the same known commits.
struct Lane {
  bool is_protected = false;
  PolicyBase policy;
};

/// Nothing of what is pushed decides anything here, whether the references have moved already (update, post-receive)
/// or not (pre-receive).
class Standing {
 public:
  Standing(const git::Repository& repository, PolicySource& policies, const std::vector<RefUpdate>& updates);

  /// The branch that others start from, protected whatever the policy says.
  const std::string& default_branch() const { return default_branch_; }
  /// The default branch's commit; empty where it is not there yet.
  const std::optional<model::ObjectId>& default_tip() const { return default_tip_; }
  bool is_protected(std::string_view ref) const;

  /// A protected reference is judged by the policy at its own old tip, any other by that of the default branch: a
  /// branch that anybody may push to shall not judge itself.
  Lane lane_of(const RefUpdate& update) const;
  std::shared_ptr<const LoadedPolicy> policy_of(const PolicyBase& base) const;

  /// The commits that `tips` bring and that were not judged as strictly before, oldest first. What only unprotected
  /// references hold is new to a protected one.
  std::vector<model::ObjectId> new_commits(const std::vector<model::ObjectId>& tips, const Lane& lane) const;

 private:
  std::optional<model::ObjectId> reference(std::string_view ref) const;
  std::vector<git::Reference> references() const;
  PolicyBase base_at(const std::optional<model::ObjectId>& commit) const;
  std::vector<model::ObjectId> protected_tips(const PolicyBase& policy) const;

  const git::Repository& repository_;
  PolicySource& policies_;
  std::map<std::string, RefUpdate, std::less<>> updates_;
  bool moved_ = false;  ///< the references of the push are where it puts them already
  std::string head_branch_;
  std::string default_branch_;
  std::optional<model::ObjectId> default_tip_;
  std::vector<text::Glob> protected_branches_;
  std::vector<text::Glob> protected_refs_;
};

}  // namespace tollbar::gate
