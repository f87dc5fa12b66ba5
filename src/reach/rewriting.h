// A formatter that rewrites the tree judges it all the same where the job then fails on what git sees changed.
#pragma once

#include <cstddef>
#include <vector>

#include "reach/command_lookup.h"
#include "reach/execution.h"

namespace tollbar::reach {

/// A command that judges although it only rewrites: `prettier --write . && git diff --exit-code`.
struct RewritingCheck {
  std::size_t step, command;  ///< where it stands in the steps
  const CheckTool* tool;
};

/// All of a pipeline; the comparison stands in the same step or in a later one of the same job.
std::vector<RewritingCheck> rewriting_checks(const std::vector<ExecutedStep>& steps, CommandLookup& commands);

}  // namespace tollbar::reach
