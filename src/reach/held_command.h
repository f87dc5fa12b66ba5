// Commands that a variable of the environment holds whole. Internal to src/reach.
#pragma once

#include <map>
#include <string>

#include "document/shell.h"

namespace tollbar::reach {

/// Puts the words of the value in the place of `$TEST_COMMAND`, `${TEST_COMMAND}` or `${{ env.TEST_COMMAND }}` where
/// the command begins with one and the value is a single plain command.
void fill_held_command(document::Command& command, const std::map<std::string, std::string>& environment);

}  // namespace tollbar::reach
