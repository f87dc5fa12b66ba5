// Checks of reusable workflows, as far as who calls them decides about their force. Internal to src/reach.
#pragma once

#include <vector>

#include "reach/inventory.h"

namespace tollbar::reach {

/// The checks after a change. A reusable workflow that lost its last caller is not one that serves other repositories,
/// and one that served them before still does when a pipeline of its own tree calls it too.
std::vector<Check> with_calls_settled(const std::vector<Check>& before, std::vector<Check> after);

}  // namespace tollbar::reach
