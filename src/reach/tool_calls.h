// Which files the build tools run that find theirs by name: images, Go and Rust programs, tasks of build files.
#pragma once

#include <string>
#include <vector>

#include "reach/calls.h"

namespace tollbar::reach {

/// Every call that the essential words `argv` (literal(), never empty) make of such a tool.
std::vector<Call> tool_calls(const std::vector<std::string>& argv);

}  // namespace tollbar::reach
