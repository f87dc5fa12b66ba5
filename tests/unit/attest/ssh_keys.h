// Keys and signatures made by ssh-keygen, and what ssh-keygen says of them: the oracle of our own verification.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "attest/verifier.h"
#include "support/repository.h"
#include "util/process.h"

namespace tollbar::attest {

/// 2026-06-15, 12:00 UTC.
inline constexpr std::int64_t noon = 1'781'524'800;

/// What is signed, by whom it may be, and when somebody asks.
struct Question {
  std::string message = "what was approved";
  std::string signature;
  std::string signers;
  std::optional<std::string> revoked{};
  std::int64_t now = noon;
};

/// A folder of keys; made once a test program, as RSA keys take their time.
class SshKeys {
 public:
  SshKeys();
  static const SshKeys& shared();

  /// The public key `TYPE BASE64` of a key that ssh-keygen made: `ed25519`, `other`, `ecdsa256`, `ecdsa384`,
  /// `ecdsa521`, `rsa`, `authority`; certificates by the authority: `certified`, `certified-rsa`, `expired`.
  std::string public_key(const std::string& name) const;
  std::string fingerprint(const std::string& name) const;
  std::string path(const std::string& name) const { return directory_ / name; }
  std::string sign(const std::string& name, const std::string& message,
                   const std::string& name_space = "tollbar") const;
  /// A binary KRL; `specification` as ssh-keygen(1) has it under KEY REVOCATION LISTS.
  std::string krl(const std::string& specification) const;

  /// Whether `ssh-keygen -Y verify` takes it as a signature of `principal`, in this process's time zone.
  bool verified_by_ssh_keygen(const Question& question, const std::string& principal) const;

  std::string run(const std::vector<std::string>& words, std::string_view input = {}) const;

 private:
  void make(const std::string& name, const std::vector<std::string>& options) const;
  void certify(const std::string& name, const std::string& key, const std::vector<std::string>& options) const;

  test::TemporaryDirectory directory_;
};

Verification verified_by_us(const Question& question);

/// A signature by a security key, which only OpenSSL can play here.
struct HardwareSignature {
  std::string public_key;  ///< `TYPE BASE64`
  std::string signature;
};
enum class HardwareKind { ed25519, ecdsa };
HardwareSignature sign_with_hardware(HardwareKind kind, const std::string& message, bool touched);

}  // namespace tollbar::attest
