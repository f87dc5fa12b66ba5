// Commands that a command has run for it elsewhere: on another host, in a running container, by a service.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "document/shell.h"

namespace tollbar::document {

/// The name under which commands carry where they run, as if it were a variable set for them alone.
constexpr std::string_view standing_place = "@";

/// The place behind words (separated by blanks) that follow the program in this order, perhaps among others; 0 where
/// they do not.
std::size_t behind_words(const std::vector<Word>& argv, std::string_view words);

/// `dropdb orders` of `ssh db1 'sudo dropdb orders'`, `env` of `docker exec api env`. Each carries where it runs, so
/// that what it acts on can still be told. Texts that a shell is given by `-c` are no concern of it: parse_shell lists
/// their commands itself.
std::vector<Command> far_commands(const Command& command);

}  // namespace tollbar::document
