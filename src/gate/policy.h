// The policy: what a team wants from the rules, read from `.tollbar.yml` or the server's configuration.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "model/decision.h"
#include "rule/change.h"
#include "rule/rule_set.h"
#include "text/glob.h"

namespace tollbar::gate {

/// A day of the calendar, UTC.
struct Date {
  int year = 0, month = 0, day = 0;
  auto operator<=>(const Date&) const = default;
  static std::optional<Date> parse(std::string_view text);  ///< `2027-01-31`
  static Date today();
  std::string text() const;
};

struct Waiver {
  std::string rule;          ///< id or glob (`checks/*`)
  text::Glob path{"**"};
  std::string reason, owner;
  Date expires;
  std::uint32_t line = 0;
};

struct RuleSetting {
  std::optional<model::Decision> decision;
  std::optional<model::Risk> risk;
  std::vector<std::string> approver_teams;
  int approver_count = 0;
};

struct Policy {
  std::string source;                 ///< where it was read: a path, `main:.tollbar.yml`, `built-in`
  std::string digest;                 ///< SHA-256 over its bytes, hex; of the built-in text where built-in
  std::map<std::string, RuleSetting> rules;  ///< by id or glob; the longest match wins
  std::map<model::Trigger, RuleSetting> triggers;
  std::vector<text::Glob> ignored_paths;
  std::vector<Waiver> waivers;
  rule::PolicyView view;
};

/// Reads a policy text (YAML or JSON). Throws util::UsageError whose message is one `file:line: problem` a line, all problems at once.
Policy read_policy(std::string_view text, std::string_view source, const rule::RuleSet& rules);
const Policy& builtin_policy(const rule::RuleSet& rules);
/// The JSON Schema (draft 7) of a policy file, as text.
std::string_view policy_schema();

}  // namespace tollbar::gate
