// Checks that may run although the tree does not show how.
#pragma once

#include <string>

#include "reach/execution.h"
#include "reach/inventory.h"
#include "rule/change.h"

namespace tollbar::rule {

/// Where the check may still run in the tree after a change that shows it no more: in a template that its job takes
/// from elsewhere, in a program that its job runs, as a hook of pre-commit in a pipeline that a job writes, or in
/// another tool whose settings the change extends. Empty where nothing says so.
std::string runs_unseen(const reach::Check& check, const reach::Execution& after, Change& change);

}  // namespace tollbar::rule
