// Bytes of a blob to text that rules can read: encodings recognised, binary told apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tollbar::text {

enum class Encoding { utf8, utf8_bom, utf16le, utf16be, utf32le, utf32be, unknown_8bit, binary };

struct Decoded {
  Encoding encoding = Encoding::utf8;
  /// Text in UTF-8 without BOM; for unknown_8bit the bytes as they are; empty for binary. Line ends are kept.
  std::string text;
};

/// Recognises a BOM, UTF-16/32 without one (by the pattern of zero bytes), valid UTF-8, other 8-bit text, and binary
/// (a NUL in the first 8,000 bytes that is no UTF-16/32).
Decoded decode(std::string_view bytes);

/// True where every byte sequence is well-formed UTF-8 (no surrogates, no overlong forms).
bool is_valid_utf8(std::string_view);

}  // namespace tollbar::text
