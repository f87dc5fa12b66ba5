// What a program takes for granted where its environment does not say. Internal to src/document.
#pragma once

#include <optional>

#include "document/failing_ends.h"
#include "document/program_outline.h"

namespace tollbar::document {

/// A default that says the opposite now, so that a branch which checks something is left out: `RUN=${RUN:-true}` became
/// `RUN=${RUN:-false}`.
std::optional<LostVerdict> turned_default(const ProgramOutline& before, const ProgramOutline& after);

}  // namespace tollbar::document
