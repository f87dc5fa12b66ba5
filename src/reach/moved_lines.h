// A step that stands on other lines of its file than where it was followed, and otherwise as it stood. Internal to
// src/reach.
#pragma once

#include <memory>

#include "document/shell.h"
#include "pipeline/model.h"
#include "reach/runs.h"

namespace tollbar::reach {

/// The run is that of a step whose lines, and those of its script, are all as many lines above or below these.
bool stands_elsewhere(const StepRun& run, const pipeline::Step& step);

/// The run on the lines of the step; `script` is that of the step.
StepRun moved_to(const pipeline::Step& step, const std::shared_ptr<const document::Script>& script, const StepRun& run);

}  // namespace tollbar::reach
