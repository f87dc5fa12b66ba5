// OpenPGP signatures, for those whose git signs with gpg: whose keys count, and whether gpg stands by a signature.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "attest/allowed_signers.h"

namespace tollbar::attest {

/// One line: these names of one person, with this key.
struct OpenPgpOwner {
  std::size_t line = 0;                 ///< from 1
  std::vector<std::string> principals;  ///< no patterns
  std::string fingerprint;              ///< of the primary key: 40 or 64 hexadecimal digits, upper case
};

/// A text of lines `NAME[,NAME...] FINGERPRINT`, the armoured public keys themselves, blank lines and `#` comments.
struct OpenPgpKeys {
  std::vector<OpenPgpOwner> owners;
  std::string blocks;                    ///< the armoured keys
  std::vector<SignersProblem> problems;  ///< in order of lines
};
OpenPgpKeys read_openpgp_keys(std::string_view text);

/// What gpg says of a detached signature: the key that made it, or why it counts for nothing.
struct OpenPgpVerdict {
  std::string fingerprint;  ///< of the primary key, upper case
  std::string problem;      ///< one sentence; empty where the signature is good
};

/// Asks gpg, in a private directory that holds nothing but `blocks`. Expired and revoked keys, keys that cannot be
/// read, several signatures and SHA-1 are problems. Throws util::Error where gpg cannot be run.
OpenPgpVerdict ask_gpg(std::string_view message, std::string_view armoured_signature, std::string_view blocks);

}  // namespace tollbar::attest
