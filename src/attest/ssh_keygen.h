// Signatures that only ssh-keygen judges: RSA, and certificates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "attest/allowed_signers.h"

namespace tollbar::attest {

/// Runs `ssh-keygen -Y verify` in a private directory with `signer`'s line alone, whose own dates are not looked at
/// again. `krl`: a binary revocation list, or empty. Empty where the signature is one of `principal` at `now` (seconds
/// since 1970); else what is wrong, for people. Throws util::Error where ssh-keygen cannot be run.
std::optional<std::string> problem_by_ssh_keygen(std::string_view message, std::string_view armoured_signature,
                                                 const AllowedSigner& signer, const std::string& principal,
                                                 std::string_view krl, std::int64_t now);

}  // namespace tollbar::attest
