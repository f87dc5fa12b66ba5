// What takes the place of a program and runs nothing: `npm() { :; }` before `npm test`. Internal to src/reach.
#pragma once

#include <string_view>
#include <vector>

#include "reach/execution.h"

namespace tollbar::reach {

/// Switches off what a step runs by way of a program in whose place something stands that runs nothing: a function or
/// an alias of its scripts, a file before it in PATH. `commands` are those of one step, in the order they were
/// followed.
void switch_off_taken(std::vector<ExecutedCommand>& commands);

/// The text of a program that stands before `program` in PATH names that program, or runs what it is handed.
bool hands_on_to(std::string_view text, std::string_view program);

}  // namespace tollbar::reach
