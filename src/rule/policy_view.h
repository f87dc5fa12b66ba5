// The part of a policy that facts depend on, read without the checks that the policy reader makes.
#pragma once

#include "document/node.h"
#include "rule/change.h"

namespace tollbar::rule {

/// What `policy` says and, where it is silent, `defaults` (RuleSet::default_policy); keys that are no part of the view
/// are left to the policy reader.
PolicyView read_policy_view(const document::Node& policy, const document::Node& defaults);

}  // namespace tollbar::rule
