// What a command really runs: wrappers stripped, spelling made canonical, so that two ways to run a check compare
// equal.
#pragma once

#include <string>
#include <vector>

#include "document/shell.h"

namespace tollbar::document {

/// argv without what only wraps it: `sudo -u ci env CI=1 npx eslint .` gives `eslint .`. A wrapper that runs nothing
/// stays as it is.
std::vector<Word> essential(const Command& command);

/// A canonical text of what runs: the essential argv, its program by its common name (`./gradlew` is `gradle`), long
/// options sorted to the front with their values where their order means nothing. Redirections and assignments do not
/// count. Empty for a command without argv.
std::string identity(const Command& command);

/// False for commands that succeed whatever the repository holds: `true`, `echo`, `exit 0`, `tool --version`,
/// assignments. A shadowed command (see CommandContext) is judged by its name all the same.
bool can_fail(const Command& command);

}  // namespace tollbar::document
