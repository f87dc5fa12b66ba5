// Base64, strict: one text for one value, so that nothing can be changed in a record without being seen.
#include "attest/base64.h"

#include <array>
#include <cstdint>

namespace tollbar::attest {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t no_value = 0xFF;

/// By character.
constexpr std::array<std::uint8_t, 256> values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_value);
  for (std::size_t at = 0; at < alphabet.size(); ++at) {
    table[static_cast<unsigned char>(alphabet[at])] = static_cast<std::uint8_t>(at);
  }
  return table;
}();

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (i < group.size() ? static_cast<std::uint8_t>(group[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= group.size() ? alphabet[bits >> (18 - 6 * i) & 63] : '=';
    }
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const bool last = at + 4 == text.size();
    std::size_t digits = 4;
    while (last && digits > 2 && text[at + digits - 1] == '=') {
      --digits;
    }
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const std::uint32_t value = values[static_cast<unsigned char>(text[at + i])];
      if (value == no_value) {
        return std::nullopt;
      }
      bits |= value << (18 - 6 * i);
    }
    const std::uint32_t unsaid = digits == 4 ? 0 : digits == 3 ? 0xFF : 0xFFFF;
    if ((bits & unsaid) != 0) {
      return std::nullopt;
    }
    for (std::size_t i = 0; i + 1 < digits; ++i) {
      bytes += static_cast<char>(bits >> (16 - 8 * i) & 0xFF);
    }
  }
  return bytes;
}

}  // namespace tollbar::attest
