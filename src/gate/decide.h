// From findings to a verdict: what policy and waivers make of what the rules found. Pure.
#pragma once

#include <vector>

#include "gate/policy.h"
#include "gate/verdict.h"
#include "model/finding.h"

namespace tollbar::gate {

/// Applies the policy's settings, ignored paths and waivers to `findings`, and sets findings (fingerprinted, strongest
/// first), decision, status and the reason of an undecided one. A waived or ignored finding stays in the verdict
/// without counting.
void decide(Verdict& verdict, std::vector<model::Finding> findings, const Policy& policy, Date today);

/// Sets decision, status and reason anew from the findings, which decide() prepared.
void weigh(Verdict& verdict);

/// Sets what a verdict that could not be reached looks like: it refuses.
void give_up(Verdict& verdict, std::string_view reason);

/// What of a merge is its own doing: findings that appear against every parent (same rule, path, subject and state
/// after). The first parent's wording is kept.
std::vector<model::Finding> common_findings(std::vector<std::vector<model::Finding>> by_parent);

}  // namespace tollbar::gate
