// From the words of a command line to an exit status.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"

namespace tollbar::cli {

/// Exit statuses, the same for every command and format.
enum ExitStatus : int {
  exit_allowed = 0,
  exit_blocked = 1,
  exit_usage = 2,
  exit_needs_approval = 3,
  exit_undecided = 4,
};

/// Runs one command; `words` without the program's name. Errors are told on `console.err`.
int run(const std::vector<std::string>& words, Console& console);

}  // namespace tollbar::cli
