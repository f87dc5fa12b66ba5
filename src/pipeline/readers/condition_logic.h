// The logic in which Buildkite, Cirrus CI and Travis CI write conditions: comparisons of names with values, joined by
// `&&`, `||`, `!` or `and`, `or`, `not`.
#pragma once

#include <string_view>

#include "pipeline/model.h"

namespace tollbar::pipeline {

/// What a condition amounts to without a run: constants and comparisons of constants are computed, a conjunction that
/// no value can meet is never true, the rest depends. So does text that is no such condition.
Truth fold_logic(std::string_view condition);

}  // namespace tollbar::pipeline
