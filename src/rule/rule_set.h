// All rules and data that are compiled into the program, and what a policy makes of them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reach/knowledge.h"
#include "rule/kinds.h"
#include "rule/rule.h"

namespace tollbar::rule {

/// Immutable after loading; shared by threads.
struct RuleSet {
  Kinds kinds;
  reach::Knowledge knowledge;
  std::vector<Rule> rules;
  std::vector<std::string> agents;   ///< see rules/data/agents.yml

  const Rule* find(std::string_view id) const;
};

/// The built-in rules without documentation and examples: what a scan needs.
RuleSet load_builtin();
/// With documentation and examples: for `rules test`, `explain` and the reference.
RuleSet load_builtin_full();

/// Reads one rule file. Throws util::UsageError with `file:line: what is wrong` for unknown keys, a missing message or remedy, an
/// expression that does not compile, an unknown kind, fact, trigger, or no example that hits or none that misses.
Rule read_rule(const document::Document& document, std::string_view file, const Kinds& kinds, bool full);

/// The ids nearest to a misspelt one.
std::vector<std::string> suggestions(const RuleSet& rules, std::string_view id);

}  // namespace tollbar::rule
