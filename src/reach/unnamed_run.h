// What a required check ran, where it runs on under a name that nobody requires.
#pragma once

#include <optional>

#include "reach/execution.h"
#include "reach/inventory.h"

namespace tollbar::reach {

/// A run of the check's very command or action whose failure still holds a change back, in whatever job; nothing where
/// there is none.
std::optional<Check> unnamed_run(const Execution& execution, const Check& required);

}  // namespace tollbar::reach
