// The rules and data that the build put into the program.
#include <fmt/format.h>

#include "document/formats.h"
#include "rule/rule_set.h"
#include "util/error.h"

namespace tollbar::rule {

/// Written at build time by embed_rules: JSON {"kinds": [...], "agents": {...}, "policy": {...}, "knowledge": [...],
/// "rules": [{"file", "rule"}]}.
extern const std::string_view builtin_rules;
extern const std::string_view builtin_rules_full;

namespace {

RuleSet load(std::string_view text, Reading reading) {
  const auto document = document::read_json(text);
  if (!document.problems.empty())
    throw util::Error(fmt::format("read the built-in rules: {}", document.problems.front().message));
  const auto& root = document.root();
  RuleSet set{Kinds(*root.get("kinds")), {}, {}, read_agents(*root.get("agents")), *root.get("policy")};
  for (const auto& node : root.get("knowledge")->items) reach::read_knowledge(node, set.knowledge);
  set.knowledge.index_tools();
  for (const auto& entry : root.get("rules")->items)
    set.rules.push_back(read_rule(*entry.get("rule"), entry.get("file")->text(), set.kinds, reading));
  return set;
}

}  // namespace

RuleSet load_builtin() {
  return load(builtin_rules, Reading::matchers);
}
RuleSet load_builtin_full() {
  return load(builtin_rules_full, Reading::full);
}

}  // namespace tollbar::rule
