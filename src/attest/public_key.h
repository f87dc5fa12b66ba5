// SSH public keys and certificates as `ssh-keygen` writes them: a type, and a blob that says it again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::attest {

/// What kinds of keys may sign.
enum class KeyKind { ed25519, ecdsa, rsa, sk_ed25519, sk_ecdsa };

struct PublicKey {
  std::string type;  ///< `ssh-ed25519`; a certificate's is that of its key
  KeyKind kind = KeyKind::ed25519;
  std::string blob;         ///< on the wire; of a certificate that of its key alone
  std::string point;        ///< the raw key of Ed25519, the uncompressed point of ECDSA; empty for RSA
  std::string curve;        ///< `nistp256`; empty where it is no ECDSA
  std::string application;  ///< of a security key: `ssh:`

  bool hardware() const { return kind == KeyKind::sk_ed25519 || kind == KeyKind::sk_ecdsa; }
};

/// What a certificate adds to its key.
struct Certificate {
  std::string authority;                ///< blob of the key that signed it
  std::vector<std::string> principals;  ///< empty: it holds for everybody, which no signature may
  bool for_user = false;
};

struct KeyOrCertificate {
  PublicKey key;
  std::optional<Certificate> certificate;  ///< not verified
};

/// Empty where `blob` is none that is known, or holds more or less than one key.
std::optional<KeyOrCertificate> read_key_blob(std::string_view blob);
/// A word such as `ssh-ed25519` or `ecdsa-sha2-nistp256-cert-v01@openssh.com`.
bool is_key_type(std::string_view word);
/// The words `TYPE BASE64` of a key file. Empty where they are no key, or one of another type.
std::optional<KeyOrCertificate> read_key_words(std::string_view type, std::string_view base64);

/// `SHA256:...` as `ssh-keygen -l` shows it.
std::string fingerprint_of(std::string_view key_blob);

}  // namespace tollbar::attest
