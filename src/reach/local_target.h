// Whether a command plainly acts on the machine it runs on, and so on nothing that is shared.
#pragma once

#include <string>
#include <vector>

#include "document/shell.h"

namespace tollbar::reach {

/// A database client without host, or with this machine as its host; a cluster or registry of this machine. A host or a
/// connection that is not known (`$DATABASE_URL`) is not this machine.
bool targets_this_machine(const document::Command& command, const std::vector<std::string>& words);

}  // namespace tollbar::reach
