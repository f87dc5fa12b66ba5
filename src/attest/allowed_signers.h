// Who may sign: the file that ssh-keygen(1) describes under ALLOWED SIGNERS, read strictly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attest/public_key.h"

namespace tollbar::attest {

/// One line: these people, with this key, for these purposes, in this time.
struct AllowedSigner {
  std::size_t line = 0;    ///< from 1
  std::string principals;  ///< a pattern list as the line has it, without quotes
  bool authority = false;  ///< `cert-authority`: the key signs certificates, and nothing else
  std::string namespaces;  ///< a pattern list
  std::optional<std::int64_t> valid_after, valid_before;  ///< seconds since 1970, UTC; both inclusive
  PublicKey key;
};

struct SignersProblem {
  enum class Kind {
    malformed,    ///< ssh-keygen would pass over the line in silence
    any_purpose,  ///< without `namespaces`, a key signs for every purpose
    shared_key,   ///< the same key stands for other people in another line
  };
  Kind kind = Kind::malformed;
  std::size_t line = 0;
  std::string text;  ///< without the line
};

struct AllowedSigners {
  std::vector<AllowedSigner> signers;
  std::vector<SignersProblem> problems;  ///< in order of lines
};

/// Reads on after a problem; a line with one gives no signer. Dates without `Z` are of the local time zone, as for
/// ssh-keygen.
AllowedSigners read_allowed_signers(std::string_view text);

}  // namespace tollbar::attest
