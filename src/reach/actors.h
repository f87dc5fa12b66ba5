// Who can start a pipeline, told from its events.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pipeline/model.h"
#include "reach/action_map.h"

namespace tollbar::reach {

/// The events of the workflows of a tree, by path and by name: what `workflow_run` follows.
using WorkflowEvents = std::map<std::string, std::vector<pipeline::Event>>;

/// What is known of the place whose actors are asked for.
struct StartedPlace {
  pipeline::System system = pipeline::System::github;
  std::vector<std::string> conditions;  ///< of GitHub: all must hold; events that one of them excludes are left out
  bool power = false;                   ///< it holds secrets or a token that writes, which runs for forks do not get
  const WorkflowEvents* workflows = nullptr;
};

/// Who causes each of the events, in the order in which they are written; events that nobody triggers by itself
/// (`workflow_call`) are left out where there are others.
std::vector<Actor> actors_of(const std::vector<pipeline::Event>& happening, const StartedPlace& place);

}  // namespace tollbar::reach
