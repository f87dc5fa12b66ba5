// One pass over the bytes finds the lines; only those are taken apart.
#include "text/disguise.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace tollbar::text {
namespace {

constexpr std::size_t shortest_code = 24;   ///< characters of base 64 that could hold a key
constexpr std::size_t longest_seam = 80;    ///< bytes between two literals that are put together
constexpr std::size_t longest_text = 4096;  ///< bytes of one line that are joined

constexpr std::uint8_t no_digit = 64;

constexpr std::array<std::uint8_t, 256> digits() {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = no_digit;
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  values['-'] = values['+'];
  values['_'] = values['/'];
  return values;
}
constexpr auto digit_of = digits();

std::uint8_t digit(char c) {
  return digit_of[static_cast<unsigned char>(c)];
}

bool is_printable(char c) {
  return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t';
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_printable(c); });
}

/// Behind the quote that ends a literal: how many bytes lie before the one of the same kind that begins the next; 0
/// where none does.
std::size_t seam_after(std::string_view text, std::size_t quote) {
  std::size_t signs = 0;
  for (auto at = quote + 1; at < text.size() && at - quote <= longest_seam; ++at) {
    const char c = text[at];
    if (c == text[quote]) return at - quote - 1;
    if (c == '+' || c == '.' || c == '&' || c == '~' || c == '\\') {
      if (++signs > 2) return 0;
    } else if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      return 0;
    }
  }
  return 0;
}

bool is_quote(char c) {
  return c == '"' || c == '\'' || c == '`';
}

/// Calls `use` with every stretch of base 64 that begins like printable text.
template <typename Use>
void each_code(std::string_view text, const Use& use) {
  for (std::size_t begin = 0; begin < text.size();) {
    auto end = begin;
    while (end < text.size() && digit(text[end]) != no_digit) ++end;
    if (end - begin >= shortest_code && is_printable(base64_decoded(text.substr(begin, shortest_code / 2))))
      use(begin, text.substr(begin, end - begin));
    begin = end + 1;
  }
}

std::string joined(std::string_view text) {
  std::string result;
  bool any = false;
  for (std::size_t at = 0; at < text.size() && text[at] != '\n' && result.size() < longest_text; ++at) {
    const auto seam = is_quote(text[at]) ? seam_after(text, at) : 0;
    if (seam == 0) {
      result += text[at];
    } else {
      at += seam + 1;
      any = true;
    }
  }
  return any ? result : std::string();
}

}  // namespace

std::vector<std::size_t> disguised_lines(std::string_view text) {
  std::vector<std::size_t> places;
  each_code(text, [&](std::size_t begin, std::string_view) { places.push_back(begin); });
  for (std::size_t at = text.find_first_of("\"'`"); at != std::string_view::npos;
       at = text.find_first_of("\"'`", at + 1))
    if (seam_after(text, at) != 0) places.push_back(at);
  std::sort(places.begin(), places.end());
  std::size_t line = 0, looked_at = 0;  // no byte is looked at twice, however many places a line has
  for (auto& place : places) {
    for (; looked_at < place; ++looked_at)
      if (text[looked_at] == '\n') line = looked_at + 1;
    place = line;
  }
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

std::vector<std::string> undisguised(std::string_view text) {
  std::vector<std::string> texts;
  if (auto together = joined(text); !together.empty()) texts.push_back(std::move(together));
  each_code(text.substr(0, text.find('\n')), [&](std::size_t, std::string_view code) {
    if (auto decoded = base64_decoded(code); is_printable(decoded)) texts.push_back(std::move(decoded));
  });
  return texts;
}

std::string base64_decoded(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = digit(c);
    if (value == no_digit) break;
    pending = (pending << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((pending >> bits) & 0xFFU);
  }
  return bytes;
}

}  // namespace tollbar::text
