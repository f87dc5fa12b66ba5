// What tools do because their own configuration says so.
#pragma once

#include "model/tree.h"
#include "pipeline/readers.h"
#include "reach/execution.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

/// Fills `configured` from the configurations among the files that the step runs, where it really acts with their tool.
void add_configured_acts(ExecutedStep& step, model::Tree& tree, pipeline::DocumentCache& documents,
                         const Knowledge& knowledge);

}  // namespace tollbar::reach
