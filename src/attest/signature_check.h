// The arithmetic of signatures, over OpenSSL: Ed25519, ECDSA and their security keys.
#pragma once

#include <string_view>

#include "attest/ssh_signature.h"

namespace tollbar::attest {

/// Whether fits() can tell: not for RSA, nor for certificates, which ssh-keygen judges.
bool is_checked_natively(const SshSignature& signature);

/// Whether the signature's key signed `message` in the signature's namespace. Who that key is and whether it may is
/// another question. Throws util::Error where OpenSSL lacks an algorithm.
bool fits(const SshSignature& signature, std::string_view message);

}  // namespace tollbar::attest
