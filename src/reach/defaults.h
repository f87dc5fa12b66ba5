// Assignments that leave a variable alone which its job has set: defaults of a script for other callers.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "document/shell.h"

namespace tollbar::reach {

/// The variable whose being empty or unset the command asks for: `[ -z "$NAME" ]`, `test ! "$NAME"`. Empty for others.
std::string asked_unset(const document::Command& command);

/// The text behind a variable's own default: `lint` of `NAME=${NAME:-lint}`.
std::optional<std::string> own_default(const document::Assignment& assignment);

/// `$NAME`, `${NAME:-}`: the variable is given what it holds already.
bool is_itself(std::string_view name, std::string_view text);

/// Whether the assignment is a default: it names its own, or it is made only where the variable was found to be
/// `asked` for in vain.
bool is_default(const document::Assignment& assignment, const document::Command& command,
                const std::set<std::string>& asked);

}  // namespace tollbar::reach
