// Decodes UTF-8 by hand, as bytes that are none must be shown and not dropped.
#include "report/escape.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <utility>

namespace tollbar::report {
namespace {

struct Character {
  std::uint32_t value = 0;
  std::size_t size = 0;  ///< bytes; 0 where there is no well-formed character
};

Character decode_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) {
    return {lead, 1};
  }
  const std::size_t size = lead >= 0xF0 && lead < 0xF5   ? 4
                           : lead >= 0xE0 && lead < 0xF0 ? 3
                           : lead >= 0xC2 && lead < 0xE0 ? 2
                                                         : 0;
  if (size == 0 || text.size() < size) {
    return {};
  }
  std::uint32_t value = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) {
      return {};
    }
    value = value << 6 | (byte(i) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  return value < smallest[size] || surrogate || value > 0x10FFFF ? Character{} : Character{value, size};
}

/// Not shown by a terminal, or changing how others are shown.
bool is_deceptive(std::uint32_t character) {
  constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 12> ranges{{
      {0x00, 0x1F},        // C0 controls
      {0x7F, 0x9F},        // delete and C1 controls
      {0xAD, 0xAD},        // soft hyphen
      {0x061C, 0x061C},    // Arabic letter mark
      {0x180E, 0x180E},    // Mongolian vowel separator
      {0x200B, 0x200F},    // zero width, direction marks
      {0x2028, 0x202E},    // separators, embeddings, overrides
      {0x2060, 0x206F},    // invisible operators, isolates
      {0xFEFF, 0xFEFF},    // byte order mark
      {0xFFF9, 0xFFFB},    // interlinear annotation
      {0xE0000, 0xE007F},  // tags
      {0xE0100, 0xE01EF},  // variation selectors, which can carry hidden data
  }};
  for (const auto& [first, last] : ranges) {
    if (character >= first && character <= last) {
      return true;
    }
  }
  return false;
}

std::string escaped(std::uint32_t character) {
  switch (character) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return character < 0x80 ? fmt::format("\\x{:02x}", character) : fmt::format("\\u{{{:x}}}", character);
  }
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const Character character = decode_character(text);
    const std::size_t size = character.size == 0 ? 1 : character.size;
    if (character.size == 0) {
      safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    } else if (is_deceptive(character.value)) {
      safe += escaped(character.value);
    } else {
      safe += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return safe;
}

std::size_t columns(std::string_view escaped_text) {
  std::size_t count = 0;
  for (const char c : escaped_text) {
    count += continues(c) ? 0U : 1U;
  }
  return count;
}

std::size_t offset_of_column(std::string_view escaped_text, std::size_t column) {
  for (std::size_t offset = 0; offset < escaped_text.size(); ++offset) {
    if (!continues(escaped_text[offset]) && column-- == 0) {
      return offset;
    }
  }
  return escaped_text.size();
}

}  // namespace tollbar::report
