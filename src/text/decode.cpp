// Encodings told apart the way people and git do: BOM, zero bytes, well-formedness.
#include "text/decode.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tollbar::text {
namespace {

constexpr std::size_t sniffed_bytes = 8000;  // as git does for binary files
constexpr std::uint32_t replacement = 0xFFFD;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

bool is_surrogate(std::uint32_t code) {
  return code >= 0xD800 && code <= 0xDFFF;
}

void append_utf8(std::uint32_t code, std::string& text) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<std::uint8_t>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | code >> 6U);
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3FU));
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

/// How the units of an encoding lie in the bytes.
struct Units {
  std::size_t width = 2;
  bool big_endian = false;

  std::uint32_t at(std::string_view bytes, std::size_t offset) const {
    std::uint32_t unit = 0;
    for (std::size_t i = 0; i < width; ++i)
      unit |= std::uint32_t{byte_at(bytes, offset + i)} << (8U * (big_endian ? width - 1 - i : i));
    return unit;
  }
};

/// The code point at `offset`, which moves behind it; malformed units give U+FFFD.
std::uint32_t next_code(std::string_view bytes, Units units, std::size_t& offset) {
  if (bytes.size() - offset < units.width) {
    offset = bytes.size();
    return replacement;
  }
  const std::uint32_t unit = units.at(bytes, offset);
  offset += units.width;
  if (units.width == 4) return unit > 0x10FFFF || is_surrogate(unit) ? replacement : unit;
  if (!is_surrogate(unit)) return unit;
  if (unit >= 0xDC00 || bytes.size() - offset < 2) return replacement;
  const std::uint32_t low = units.at(bytes, offset);
  if (low < 0xDC00 || low > 0xDFFF) return replacement;
  offset += 2;
  return 0x10000 + ((unit - 0xD800) << 10U) + (low - 0xDC00);
}

std::string transcode(std::string_view bytes, Units units) {
  std::string text;
  text.reserve(bytes.size() / units.width + 16);
  for (std::size_t offset = 0; offset < bytes.size();) append_utf8(next_code(bytes, units, offset), text);
  return text;
}

/// Text without a BOM: at least half of it ASCII (that is the pattern of zeros), no control characters, nothing
/// malformed.
bool looks_like(std::string_view bytes, Units units) {
  const std::string_view sample = bytes.substr(0, std::min(bytes.size(), sniffed_bytes) / units.width * units.width);
  if (sample.empty() || bytes.size() % units.width != 0) return false;
  std::size_t codes = 0;
  std::size_t ascii = 0;
  for (std::size_t offset = 0; offset < sample.size(); ++codes) {
    const std::uint32_t code = next_code(sample, units, offset);
    const bool cut_pair = code == replacement && offset == sample.size() && sample.size() < bytes.size();
    if (code == replacement && !cut_pair) return false;
    if (code < 0x20 && (code < '\t' || code > '\r') && code != 0x1B) return false;
    if (code < 0x80) ++ascii;
  }
  return ascii * 2 >= codes;
}

struct Mark {
  std::string_view bytes;
  Encoding encoding;
};

// The longer marks first: that of UTF-32 begins with that of UTF-16.
constexpr Mark marks[] = {
    {std::string_view("\xFF\xFE\0\0", 4), Encoding::utf32le},  {std::string_view("\0\0\xFE\xFF", 4), Encoding::utf32be},
    {std::string_view("\xEF\xBB\xBF", 3), Encoding::utf8_bom}, {std::string_view("\xFF\xFE", 2), Encoding::utf16le},
    {std::string_view("\xFE\xFF", 2), Encoding::utf16be},
};

struct Wide {
  Encoding encoding;
  Units units;
};

constexpr Wide wide_encodings[] = {
    {Encoding::utf32le, {4, false}},
    {Encoding::utf32be, {4, true}},
    {Encoding::utf16le, {2, false}},
    {Encoding::utf16be, {2, true}},
};

/// The number of bytes of the well-formed sequence at `at` (a byte >= 0x80), 0 where there is none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const std::uint8_t lead = byte_at(text, at);
  const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() - at < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte_at(text, at + i) & 0xC0U) != 0x80U) return 0;
  const std::uint8_t second = byte_at(text, at + 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool out_of_range = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || out_of_range ? 0 : length;
}

/// The offset of the first byte >= 0x80 at or after `at`.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
  constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080U;
  for (std::uint64_t word = 0; text.size() - at >= sizeof word; at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & high_bits) != 0) break;
  }
  while (at < text.size() && byte_at(text, at) < 0x80) ++at;
  return at;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
    const std::size_t length = sequence_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

Decoded decode(std::string_view bytes) {
  const auto* mark = std::find_if(std::begin(marks), std::end(marks), [&](const Mark& candidate) {
    return bytes.substr(0, candidate.bytes.size()) == candidate.bytes;
  });
  const bool marked = mark != std::end(marks);
  for (const Wide& wide : wide_encodings)
    if (marked && mark->encoding == wide.encoding)
      return {wide.encoding, transcode(bytes.substr(mark->bytes.size()), wide.units)};

  const bool has_nul = bytes.substr(0, sniffed_bytes).find('\0') != std::string_view::npos;
  if (has_nul && !marked) {
    for (const Wide& wide : wide_encodings)
      if (looks_like(bytes, wide.units)) return {wide.encoding, transcode(bytes, wide.units)};
  }
  if (has_nul) return {Encoding::binary, {}};

  const std::string_view text = marked ? bytes.substr(mark->bytes.size()) : bytes;
  if (!is_valid_utf8(text)) return {Encoding::unknown_8bit, std::string(bytes)};
  return {marked ? Encoding::utf8_bom : Encoding::utf8, std::string(text)};
}

}  // namespace tollbar::text
