// Proofs that a text really is a key: checksums and shapes that chance does not produce.
#pragma once

#include <string_view>

namespace tollbar::rule {

using LineProof = bool (*)(std::string_view found);

/// `crc62` (GitHub, npm: last six characters are the CRC-32 of the 30 before), `mixed` (digits and both cases),
/// `alphanumeric` (digits and letters), `not-words` (digits or shuffled cases, and no long runs of small letters that
/// could be words), `random` (the same, and short texts change often between kinds of characters), `login` (a user and
/// a password in base 64), `jwt` (header and claims decode, and the claims are no tutorial's); null for an unknown
/// name.
LineProof find_line_proof(std::string_view name);

/// Shannon entropy in bits a character.
double entropy(std::string_view text);

}  // namespace tollbar::rule
