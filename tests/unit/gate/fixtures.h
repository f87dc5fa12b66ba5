// A small rule set and findings for the tests of the gate.
#pragma once

#include <string>
#include <utility>

#include "document/formats.h"
#include "model/finding.h"
#include "rule/rule_set.h"

namespace tollbar::gate {

/// Ids only: reading a policy and deciding look at nothing else.
inline rule::RuleSet rule_set() {
  rule::RuleSet rules{rule::Kinds(document::Node{}), {}, {}, {}, {}};
  for (const char* id : {"checks/neutered", "checks/removed", "workflow/runner-changed", "workflow/action-bump"}) {
    rule::Rule rule;
    rule.id = id;
    rules.rules.push_back(std::move(rule));
  }
  return rules;
}

inline const rule::RuleSet& rules() {
  static const rule::RuleSet set = rule_set();
  return set;
}

inline model::Finding finding(std::string rule, std::string path, model::Decision decision = model::Decision::block) {
  model::Finding finding;
  finding.rule = std::move(rule);
  finding.trigger = model::Trigger::disabled_check;
  finding.path = std::move(path);
  finding.decision = decision;
  finding.subject = "job test";
  finding.message = "It happened.";
  return finding;
}

}  // namespace tollbar::gate
