// Whose signatures count: read from where the policy comes from, never from what is judged.
#pragma once

#include <optional>
#include <string>

#include "attest/verifier.h"
#include "gate/policy.h"
#include "gate/policy_source.h"
#include "git/repository.h"

namespace tollbar::gate {

/// The allowed signers and revoked keys in the tree of `base`, where the policy says they lie, or the files that git's
/// configuration names as `tollbar.allowedSigners` and `tollbar.revoked`. Empty where there are no signers.
/// Throws util::Error where one of them cannot be read.
std::optional<attest::Verifier> trusted_verifier(const git::Repository& repository, const Policy& policy,
                                                 const PolicyBase& base);

}  // namespace tollbar::gate
