// Big-endian numbers and strings with their length in front.
#include "attest/wire.h"

namespace tollbar::attest {

std::string_view WireReader::fixed(std::size_t size) {
  if (broken_ || size > rest_.size()) {
    broken_ = true;
    return {};
  }
  const std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

std::uint64_t WireReader::number(std::size_t size) {
  std::uint64_t value = 0;
  for (const char byte : fixed(size)) {
    value = value << 8 | static_cast<std::uint8_t>(byte);
  }
  return value;
}

std::uint8_t WireReader::byte() {
  return static_cast<std::uint8_t>(number(1));
}

std::uint32_t WireReader::uint32() {
  return static_cast<std::uint32_t>(number(4));
}

std::uint64_t WireReader::uint64() {
  return number(8);
}

std::string_view WireReader::text() {
  return fixed(uint32());
}

std::string_view WireReader::positive_integer() {
  const std::string_view bytes = text();
  const auto is_high = [&](std::size_t at) { return at < bytes.size() && (bytes[at] & 0x80) != 0; };
  const bool padded = bytes.starts_with('\0');
  if (is_high(0) || (padded && !is_high(1))) {
    broken_ = true;
    return {};
  }
  return bytes.substr(padded ? 1 : 0);
}

std::string wire_uint32(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(number >> shift & 0xFF);
  }
  return bytes;
}

std::string wire_text(std::string_view bytes) {
  return wire_uint32(static_cast<std::uint32_t>(bytes.size())).append(bytes);
}

}  // namespace tollbar::attest
