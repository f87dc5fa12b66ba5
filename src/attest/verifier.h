// Whose signature stands under a text: SSHSIG against allowed signers and a revocation list, both from a trusted place.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attest/envelope.h"
#include "attest/ssh_signature.h"

namespace tollbar::attest {

/// Who may sign, as bytes that were read from the trusted place, never from what is judged.
struct TrustAnchors {
  std::string allowed_signers;         ///< ssh-keygen(1), ALLOWED SIGNERS
  std::string allowed_signers_source;  ///< how messages call it: `.tollbar/allowed_signers` or a path
  std::optional<std::string> revoked;  ///< a KRL or a list of public keys
  std::string revoked_source;
  std::optional<std::string> openpgp{};  ///< see read_openpgp_keys(); empty: OpenPGP signatures count for nothing
  std::string openpgp_source{};
};

struct Signer {
  std::string principal;                ///< the first of `principals`: how messages call the signer
  std::vector<std::string> principals;  ///< all names of this one person: those that the key's line, or its
                                        ///< certificate, spells out; never a pattern
  std::string key;                      ///< `SHA256:...` of the public key (of the certificate's key); `OpenPGP:...`
  bool hardware = false;                ///< a security key (`sk-...`)
  bool touched = false;                 ///< whose user touched it for this signature
};

struct Verification {
  std::optional<Signer> signer;
  std::string problem;  ///< one sentence for people where there is no signer: which rule it breaks, and where
};

/// Thread-safe once made.
class Verifier {
 public:
  /// Throws util::UsageError with one `source:line: problem` a line for signers or revocations that cannot be read
  /// whole: ssh-keygen would pass over such a line in silence.
  explicit Verifier(TrustAnchors anchors);
  Verifier(Verifier&&) noexcept;
  Verifier& operator=(Verifier&&) noexcept;
  ~Verifier();

  /// ed25519, ECDSA and their sk- kinds natively, OpenPGP by gpg, everything else by `ssh-keygen -Y verify`. `now`
  /// (seconds since 1970, UTC) bounds the validity of keys: the verifier's own clock, never a date that a signer wrote.
  Verification verify(std::string_view message, std::string_view armoured_signature, std::int64_t now) const;
  /// The same for an envelope of tollbar: an in-toto statement under exactly one signature.
  Verification verify(const Envelope& envelope, std::int64_t now) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tollbar::attest
