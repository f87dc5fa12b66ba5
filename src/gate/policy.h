// The policy: what a team wants from the rules, read from `.tollbar.yml` or the server's configuration.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "approval/glass_records.h"
#include "approval/people.h"
#include "approval/quorum.h"
#include "document/node.h"
#include "gate/date.h"
#include "model/decision.h"
#include "model/finding.h"
#include "rule/change.h"
#include "rule/rule_set.h"
#include "text/glob.h"
#include "util/instant.h"

namespace tollbar::gate {

struct Waiver {
  std::string rule;  ///< id or glob (`checks/*`)
  text::Glob path{"**"};
  std::string reason, owner;
  Date expires;  ///< the last day on which it counts
  std::uint32_t line = 0;
};

struct RuleSetting {
  std::optional<model::Decision> decision;
  std::optional<model::Risk> risk;
  approval::Quorum quorum;  ///< empty: not said
};

/// Who must approve besides those whom the rule names.
struct Demand {
  std::optional<text::Glob> path;  ///< of the finding; empty: any
  std::optional<text::Glob> ref;   ///< full name of the reference, or what stands after refs/heads/; empty: any
  approval::Quorum quorum;
};

/// What every approval must fulfil.
struct ApprovalTerms {
  util::Instant longest = 0;                                 ///< seconds that an approval may hold; 0: any
  bool touch = false;                                        ///< only security keys that were touched
  std::string allowed_signers = ".tollbar/allowed_signers";  ///< a path in the tree that the policy comes from
  std::string revoked;                                       ///< as above; empty: .tollbar/revoked if it is there
  std::vector<Demand> also;
};

/// What becomes of a commit that needs approval before it leaves the developer's machine.
enum class LocalApproval {
  mark,    ///< it is marked and let through: the server or CI asks for the approval
  refuse,  ///< the local hooks refuse it
};

struct Policy {
  std::string source;                        ///< where it was read: a path, `.tollbar.yml`, `built-in`
  std::string digest;                        ///< SHA-256 over its bytes, hex; of the built-in text where built-in
  std::map<std::string, RuleSetting> rules;  ///< by id or glob; the exact id wins, then the longest glob
  std::map<model::Trigger, RuleSetting> triggers;
  /// What findings in commits of an agent (by its name or a glob) are decided at least.
  std::map<std::string, std::map<model::Trigger, model::Decision>> agents;
  std::vector<text::Glob> ignored_paths;
  std::vector<Waiver> waivers;
  LocalApproval local_approval = LocalApproval::mark;
  std::string repository;  ///< what approvals call this repository; empty: see approval_repository()
  approval::People people;
  ApprovalTerms approvals;
  approval::GlassTerms break_glass;
  rule::PolicyView view;

  /// What the policy says about a finding of `rule`, each part from the nearest place that says it: the rule's id, a
  /// glob over ids, the trigger.
  RuleSetting setting(std::string_view rule, model::Trigger trigger) const;
  /// Who must approve a finding that goes to `ref`.
  approval::Quorum quorum(const model::Finding& finding, std::string_view ref) const;
  /// The least that a finding is decided in a commit that claims to come from these agents.
  model::Decision least(const std::vector<std::string>& agents, model::Trigger trigger) const;
};

/// Reads a policy text (YAML or JSON). Throws util::UsageError whose message is one `file:line: problem` a line, all
/// problems at once. Credentials whose registration ended before `today` are left out of the view.
Policy read_policy(std::string_view text, std::string_view source, const rule::RuleSet& rules,
                   Date today = Date::today());
const Policy& builtin_policy(const rule::RuleSet& rules);
/// The built-in policy as it stands in rules/policy/default.yml.
std::string_view builtin_policy_text();
/// The JSON Schema (draft 7) of a policy file, as text.
std::string_view policy_schema();

/// A key that a policy may hold; `inside` is the key it stands below (`waivers`), empty for the first level.
struct PolicyKey {
  std::string_view inside;
  std::string_view name;
};
/// Every key that read_policy accepts, apart from names that the user chooses.
std::vector<PolicyKey> policy_keys();

/// `id` is what `pattern`, a rule id or a glob over rule ids, names.
bool names_rule(std::string_view pattern, std::string_view id);

}  // namespace tollbar::gate
