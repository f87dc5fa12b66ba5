// From the words of a command line to an exit status.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "gate/exit_status.h"

namespace tollbar::cli {

using enum gate::ExitStatus;

/// Runs one command; `words` without the program's name. Errors are told on `console.err`.
int run(const std::vector<std::string>& words, Console& console);

}  // namespace tollbar::cli
