// DSSE: a payload, its type and signatures over both (https://github.com/secure-systems-lab/dsse).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tollbar::attest {

/// The payload type of everything that tollbar signs.
inline constexpr std::string_view in_toto_type = "application/vnd.in-toto+json";

struct EnvelopeSignature {
  std::string keyid;  ///< a hint for people: `SHA256:...`; never trusted
  std::string bytes;  ///< an SSHSIG as `ssh-keygen -Y sign` prints it, armour included; or a detached OpenPGP signature
};

struct Envelope {
  std::string payload_type;
  std::string payload;  ///< bytes, decoded
  std::vector<EnvelopeSignature> signatures;
};

/// What is signed: `DSSEv1 LENGTH TYPE LENGTH PAYLOAD`.
std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload);

/// One line of canonical JSON with a line feed.
std::string write_envelope(const Envelope& envelope);
/// Throws util::Error naming `source` and what is wrong: no JSON, a missing or unknown member, no base64. Texts that
/// write_envelope() would not write (other order, white space) are refused too, so that every byte counts.
Envelope read_envelope(std::string_view text, std::string_view source);

}  // namespace tollbar::attest
