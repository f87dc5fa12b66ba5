// Commands that run what they get from the network.
#pragma once

#include <vector>

#include "reach/execution.h"

namespace tollbar::reach {

/// Adds those of the step: `curl ... | sh`.
void add_fetched(const ExecutedStep& step, std::vector<UnknownCall>& fetched);

}  // namespace tollbar::reach
