// SSHSIG: what `ssh-keygen -Y sign` writes (OpenSSH's PROTOCOL.sshsig).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "attest/public_key.h"

namespace tollbar::attest {

/// The only namespace in which tollbar signs and verifies.
inline constexpr std::string_view signature_namespace = "tollbar";

/// A signature taken apart, whole and in the one form that says the same; nothing in it is verified.
struct SshSignature {
  KeyOrCertificate signer;
  std::string key_blob;     ///< as it lies in the signature: the certificate's, where it is one
  std::string name_space;   ///< what it was made for
  std::string hash;         ///< `sha256` or `sha512`
  std::string algorithm;    ///< `ssh-ed25519`, `rsa-sha2-512`
  std::string bytes;        ///< of the algorithm's own form
  std::uint8_t flags = 0;   ///< of a security key
  std::uint32_t count = 0;  ///< of a security key

  /// The user touched the security key.
  bool touched() const { return signer.key.hardware() && (flags & 1U) != 0; }
};

/// Throws util::Error saying what is wrong: the armour, the magic, the version, something reserved, missing or too
/// much, a kind of key that is not known.
SshSignature parse_ssh_signature(std::string_view armoured);

/// The armour around SSHSIG bytes, in lines of 70 characters as ssh-keygen has them.
std::string armour_ssh_signature(std::string_view bytes);

/// What the signer's key signed, `message_digest` being the digest that `signature.hash` names.
std::string signed_bytes(const SshSignature& signature, std::string_view message_digest);

}  // namespace tollbar::attest
