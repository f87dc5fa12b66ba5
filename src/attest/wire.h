// SSH's data types (RFC 4251, section 5) in bytes that anybody may have written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tollbar::attest {

/// Reads one value after the other. From the first one that is not there on, everything reads as empty and the reader
/// is broken, so that a caller need look once, at the end.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  std::string_view fixed(std::size_t size);
  std::uint8_t byte();
  std::uint32_t uint32();
  std::uint64_t uint64();
  /// A `string`: its length, its bytes. A view into what is read.
  std::string_view text();
  /// An `mpint` that is not negative, without the zero byte in front; broken where it is negative or longer than it
  /// must be.
  std::string_view positive_integer();
  /// Says that a value which was there is none that may be.
  void refuse() { broken_ = true; }

  bool broken() const { return broken_; }
  /// Nothing is left, and all was there.
  bool done() const { return !broken_ && rest_.empty(); }
  bool has_more() const { return !broken_ && !rest_.empty(); }

 private:
  std::uint64_t number(std::size_t size);

  std::string_view rest_;
  bool broken_ = false;
};

std::string wire_uint32(std::uint32_t number);
/// A `string` as the reader reads it.
std::string wire_text(std::string_view bytes);

}  // namespace tollbar::attest
