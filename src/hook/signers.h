// The allowed signers of approvals (ssh-keygen(1), ALLOWED SIGNERS), as far as a doctor can tell what is wrong with
// them.
#pragma once

#include <string>
#include <vector>

#include "hook/doctor.h"

namespace tollbar::hook {

/// ssh-keygen passes over lines that it cannot read, and a key without `namespaces` signs for every purpose: both are
/// told with their line.
std::vector<Diagnosis> examine_signers(const std::string& path);

}  // namespace tollbar::hook
