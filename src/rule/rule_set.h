// All rules and data that are compiled into the program, and what a policy makes of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reach/knowledge.h"
#include "rule/agents.h"
#include "rule/kinds.h"
#include "rule/line_literals.h"
#include "rule/rule.h"

namespace tollbar::rule {

/// Immutable after loading; shared by threads.
struct RuleSet {
  Kinds kinds;
  reach::Knowledge knowledge;
  std::vector<Rule> rules;
  std::vector<Agent> agents;
  document::Node default_policy;  ///< rules/policy/default.yml: what holds where a policy is silent
  /// Made beforehand for just these rules; empty: whoever needs them derives them.
  std::optional<LineLiterals> literals{};

  const Rule* find(std::string_view id) const;
};

/// The built-in rules without documentation and examples: what a scan needs.
RuleSet load_builtin();
/// With documentation and examples: for `rules test`, `explain` and the reference.
RuleSet load_builtin_full();

/// How much of a rule file is wanted.
enum class Reading : std::uint8_t {
  matchers,  ///< what a scan needs; expressions are compiled when first used
  full,      ///< documentation and examples too, everything checked
};

/// Reads one rule file. Throws util::UsageError with `file:line: what is wrong` for unknown keys, a missing message or
/// remedy, an unknown kind, fact or trigger; in a full reading also for an expression that does not compile and for no
/// example that hits or none that misses.
Rule read_rule(const document::Node& root, std::string_view file, const Kinds& kinds, Reading reading);

/// The ids nearest to a misspelt one.
std::vector<std::string> suggestions(const RuleSet& rules, std::string_view id);

}  // namespace tollbar::rule
