// The part of a policy that facts depend on, read without the checks that the policy reader makes.
#pragma once

#include "document/node.h"
#include "rule/change.h"

namespace tollbar::rule {

/// The defaults where `policy` is null; keys that are no part of the view are left to the policy reader.
PolicyView read_policy_view(const document::Node& policy);

}  // namespace tollbar::rule
