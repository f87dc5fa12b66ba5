// Help, written from the table of commands.
#pragma once

#include <iosfwd>

#include "cli/arguments.h"

namespace tollbar::cli {

/// Help on the command that was typed, on its group, or on everything.
void write_help(std::ostream& out, const Arguments& arguments);

}  // namespace tollbar::cli
