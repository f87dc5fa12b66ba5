// Commands that a variable of the environment holds whole, or that a function is handed. Internal to src/reach.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "document/handed_on.h"
#include "document/shell.h"

namespace tollbar::reach {

/// The command with the words of the value in the place of `$TEST_COMMAND`, `${TEST_COMMAND}` or
/// `${{ env.TEST_COMMAND }}`, where it begins with one and the value is a single plain command; else nothing.
std::optional<document::Command> held_command(const document::Command& command,
                                              const std::map<std::string, std::string>& environment);

/// The command that a function of the script is handed to run: `npm publish` of `dry_run npm publish`, where
/// `dry_run() { "$@"; }`; else nothing.
std::optional<document::Command> handed_by_function(const document::Command& command,
                                                    const document::HandingFunctions& functions);

}  // namespace tollbar::reach
