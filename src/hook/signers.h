// Whose signatures count here, as far as a doctor can tell what is wrong with that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/repository.h"
#include "hook/doctor.h"

namespace tollbar::hook {

/// The files that git's own settings name: lines that ssh-keygen would pass over in silence, keys that sign for every
/// purpose, a list of revoked keys that cannot be read.
std::vector<Diagnosis> examine_git_signers();

/// The files on the default branch that approvals are verified with, by the policy there or in `policy_file`, and
/// whether what git signs with here can be one of them. Nothing where there are no such files and nobody is named who
/// approves.
std::vector<Diagnosis> examine_trusted_signers(const git::Repository& repository,
                                               const std::optional<std::string>& policy_file);

}  // namespace tollbar::hook
