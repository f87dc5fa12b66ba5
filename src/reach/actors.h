// Who can make a pipeline run, told from its events.
#pragma once

#include <vector>

#include "pipeline/model.h"
#include "reach/action_map.h"

namespace tollbar::reach {

/// In the order in which they are written; events that nobody triggers by itself (`workflow_call`) are left out where
/// there are others.
std::vector<Actor> actors_of(const std::vector<pipeline::Event>& events);

}  // namespace tollbar::reach
