// Who can make a pipeline run, told from its events.
#pragma once

#include <string>
#include <vector>

#include "pipeline/model.h"
#include "reach/action_map.h"

namespace tollbar::reach {

/// In the order in which they are written, without those under which a condition (of GitHub's language) never holds;
/// events that nobody triggers by itself (`workflow_call`) are left out where there are others.
std::vector<Actor> actors_of(const std::vector<pipeline::Event>& events, const std::vector<std::string>& conditions);

}  // namespace tollbar::reach
