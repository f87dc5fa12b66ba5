// Rules as they are listed and explained.
#pragma once

#include <iosfwd>
#include <vector>

#include "gate/policy.h"
#include "report/format.h"
#include "rule/rule.h"

namespace tollbar::report {

/// One line a rule: id, decision, risk, trigger, title.
void write_rules_text(std::ostream& out, const std::vector<rule::Rule>& rules);
/// `{"version":1,"rules":[{id, title, trigger, decision, risk, message, remedy, catalogue}]}`
void write_rules_json(std::ostream& out, const std::vector<rule::Rule>& rules);
/// The rule reference: a table of contents by family and a section a rule. Wants rules read with their documentation.
void write_rules_markdown(std::ostream& out, const std::vector<rule::Rule>& rules);
/// All that a rule's file says to people. Wants a rule read with its documentation.
void write_rule(std::ostream& out, const rule::Rule& rule, const Style& style);
/// A policy as YAML that read_policy reads back. `rules`, where given, add the decision that each rule ends up with.
void write_policy(std::ostream& out, const gate::Policy& policy, const std::vector<rule::Rule>* rules);

}  // namespace tollbar::report
