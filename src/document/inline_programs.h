// Programs that are written into the call of their interpreter: `python -c '...'`, `node -e '...'`, `ruby <<EOF`.
#pragma once

#include <vector>

#include "document/shell.h"

namespace tollbar::document {

/// What such a program starts, sends and reads, as program_commands() finds it, with the lines of the script. Empty for
/// every other command.
std::vector<Command> inline_commands(const Command& command);

}  // namespace tollbar::document
