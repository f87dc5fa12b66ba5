// Wrappers: programs that run the rest of their words as a command of its own.
#pragma once

#include <cstddef>
#include <vector>

#include "document/shell.h"

namespace tollbar::document {

/// Where the command begins that `argv` wraps: 1 for `nohup ./x`, 3 for `timeout -k 5 60 ./x`; argv.size() where it
/// wraps none. What closes the wrapped command (`:::` of parallel, `;` of find) is taken off the end.
std::size_t next_command(std::vector<Word>& argv);

}  // namespace tollbar::document
