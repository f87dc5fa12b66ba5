// Which policy judges a change: the one that was named, else the one in the tree that the change starts from, else the
// built-in one.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gate/policy.h"
#include "git/repository.h"
#include "model/tree.h"

namespace tollbar::gate {

/// A policy, or why there is none: a policy of a tree that cannot be read leaves what it would judge undecided.
struct LoadedPolicy {
  Policy policy;
  std::string problems;  ///< `.tollbar.yml:3: ...`, one a line; empty where the policy can be used
};

/// Where a policy comes from: a commit's tree. The name goes into messages.
struct PolicyBase {
  model::ObjectId commit;
  model::ObjectId tree;
};

/// Shared by threads; every policy file is read once.
class PolicySource {
 public:
  /// The places in a tree where a policy is looked for, in order.
  static constexpr std::string_view tree_paths[] = {".tollbar.yml", ".github/tollbar.yml"};

  /// Reads `file`, or what git's configuration names as `tollbar.policy`. Throws util::UsageError where that cannot be
  /// read.
  PolicySource(const git::Repository& repository, const rule::RuleSet& rules, const std::optional<std::string>& file);

  /// The policy that judges everything because it was named; null where trees are asked.
  const std::shared_ptr<const LoadedPolicy>& named() const { return named_; }
  /// The policy of a tree, the built-in one where it has none. Throws util::Error where the tree cannot be read.
  std::shared_ptr<const LoadedPolicy> of_tree(model::Tree& tree);
  std::shared_ptr<const LoadedPolicy> builtin() const { return builtin_; }
  /// How reports call a policy that judges: `1a2b3c4d5e6f:.tollbar.yml` where it stands in the tree of `base`.
  std::string title(const std::shared_ptr<const LoadedPolicy>& policy, const PolicyBase& base) const;

 private:
  std::shared_ptr<const LoadedPolicy> load(model::Tree& tree, const model::FileEntry& entry, std::string_view path);

  const rule::RuleSet& rules_;
  std::shared_ptr<const LoadedPolicy> named_;
  std::shared_ptr<const LoadedPolicy> builtin_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const LoadedPolicy>> by_blob_;  // mode, path and blob id
};

/// What judges a change that starts from HEAD: it may hold problems. Throws util::Error where HEAD cannot be read.
std::shared_ptr<const LoadedPolicy> current_policy(const git::Repository& repository, PolicySource& policies);

/// The bytes of a file named by the user. Throws util::UsageError where it cannot be read.
std::string read_policy_file(const std::string& path);

}  // namespace tollbar::gate
