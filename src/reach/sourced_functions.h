// Functions that a sourced file puts in the places of programs.
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>

#include "document/shell.h"
#include "reach/execution.h"

namespace tollbar::reach {

/// The functions and aliases that the commands of the step from a place on define, but those that hand on to the
/// program of their name: `go() { command go "$@"; }`.
std::set<std::string> functions_defined(const StepItems& step, std::size_t from);

/// The command where its program is a function.
std::shared_ptr<const document::Command> as_redefined(document::Command command);

}  // namespace tollbar::reach
