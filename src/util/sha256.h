// SHA-256 (FIPS 180-4): the names of objects in newer repositories, and the fingerprints of facts.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tollbar::util {

using Sha256Digest = std::array<std::uint8_t, 32>;

/// A digest over bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view bytes);
  /// The digest of all that was added. Nothing may be added after it.
  Sha256Digest finish();

 private:
  std::array<std::uint32_t, 8> state_;
  std::uint64_t total_ = 0;
  std::string pending_;  ///< the start of a block
};

Sha256Digest sha256(std::string_view bytes);
/// The same as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace tollbar::util
