// Whose signatures count: the files that the server's configuration names, else those that a policy names in the tree
// that it comes from.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "attest/verifier.h"
#include "gate/policy.h"
#include "gate/policy_source.h"
#include "git/repository.h"
#include "model/tree.h"

namespace tollbar::gate {

/// Where revoked keys stand unless the policy names another file.
inline constexpr std::string_view default_revoked = ".tollbar/revoked";

/// Whose OpenPGP keys sign, where somebody's do.
inline constexpr std::string_view openpgp_keys_path = ".tollbar/openpgp_keys";

/// Files outside of the repository that the server's configuration names in place of those of the tree.
struct ServerFiles {
  std::optional<std::string> allowed_signers{}, revoked{}, openpgp_keys{};  ///< paths
};
/// `tollbar.allowedSigners`, `tollbar.revoked` and `tollbar.openpgpKeys`.
ServerFiles server_files(const git::Repository& repository);

/// The bytes of the files; `place` stands before paths in the tree where messages name them: `1a2b3c4d5e6f:`. Throws
/// util::UsageError where a named file is missing or cannot be read: without it nobody's signature counts.
attest::TrustAnchors read_anchors(const ServerFiles& server, model::Tree& tree, const ApprovalTerms& terms,
                                  std::string_view place);

/// Whether signers_of() would take OpenPGP signatures where no push says otherwise: on the default branch, else at
/// HEAD.
bool trusts_openpgp(const git::Repository& repository);

/// Whose signatures count for what `policy`, read at `base`, judges; empty where there are no signers. Throws as
/// read_anchors() does.
std::optional<attest::Verifier> signers_of(const git::Repository& repository, const Policy& policy,
                                           const PolicyBase& base);

/// Where trust comes from outside a push: the default branch, else HEAD, with the policy there or the named one.
struct TrustedPlace {
  std::string name;  ///< as read_anchors() wants it: `1a2b3c4d5e6f:`
  model::ObjectId tree;
  std::shared_ptr<const LoadedPolicy> policy;  ///< it may hold problems
};
/// Empty where there is no commit yet.
std::optional<TrustedPlace> trusted_place(const git::Repository& repository, PolicySource& policies);

/// The signers that a server would ask where no push says otherwise: those of the trusted
/// place. Throws util::UsageError with every problem of the policy and of the files.
attest::Verifier default_signers(const git::Repository& repository, PolicySource& policies);

}  // namespace tollbar::gate
