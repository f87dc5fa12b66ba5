// Whose signatures count: the files that a policy names, in the tree that the policy comes from.
#pragma once

#include <string_view>

#include "attest/verifier.h"
#include "gate/policy.h"
#include "gate/policy_source.h"
#include "git/repository.h"
#include "model/tree.h"

namespace tollbar::gate {

/// Where revoked keys stand unless the policy names another file.
inline constexpr std::string_view default_revoked = ".tollbar/revoked";

/// The bytes of the files; `place` stands before their paths in messages: `1a2b3c4d5e6f:`. Throws util::UsageError
/// where a named file is missing or cannot be read: without it nobody's signature counts.
attest::TrustAnchors read_anchors(model::Tree& tree, const ApprovalTerms& terms, std::string_view place);

/// The signers that a server would ask where no push says otherwise: those of the default branch, else of HEAD, by the
/// policy there or the named one. Throws util::UsageError with every problem of the policy and of the files.
attest::Verifier default_signers(const git::Repository& repository, PolicySource& policies);

}  // namespace tollbar::gate
