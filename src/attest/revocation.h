// Keys that no longer sign: a list of public keys and fingerprints, or a binary KRL (OpenSSH's PROTOCOL.krl).
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "attest/public_key.h"

namespace tollbar::attest {

class RevocationList {
 public:
  RevocationList() = default;
  /// Throws util::Error with the problem where something in it cannot be read or is not known: a
  /// list that is understood in part would let a revoked key sign.
  static RevocationList read(std::string_view bytes);

  /// The key itself, or the authority of its certificate. Serial numbers and key ids of certificates, which only a KRL
  /// revokes, are left to ssh-keygen: see is_binary().
  bool revokes(const KeyOrCertificate& signer) const;
  bool is_binary() const { return binary_; }

 private:
  bool holds(std::string_view key_blob) const;
  void read_lines(std::string_view text);
  void read_krl(std::string_view bytes);

  std::set<std::string, std::less<>> keys_;     ///< blobs
  std::set<std::string, std::less<>> digests_;  ///< SHA-1 and SHA-256 of blobs
  bool binary_ = false;
};

}  // namespace tollbar::attest
