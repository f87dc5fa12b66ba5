// The table of proofs.
#include "rule/line_proofs.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include "rule/placeholders.h"

namespace tollbar::rule {
namespace {

bool is(int (*test)(int), char c) {
  return test(static_cast<unsigned char>(c)) != 0;
}

bool has_crc62(std::string_view found) {
  const auto start = found.rfind('_');
  const auto body = start == std::string_view::npos ? found : found.substr(start + 1);
  return body.size() == 36 && crc62(body.substr(0, 30)) == body.substr(30);
}

bool has_any(std::string_view found, int (*test)(int)) {
  return std::any_of(found.begin(), found.end(), [&](char c) { return is(test, c); });
}

bool is_mixed_case(std::string_view found) {
  return has_any(found, std::isupper) && has_any(found, std::islower);
}

bool is_mixed(std::string_view found) {
  return has_any(found, std::isdigit) && is_mixed_case(found);
}

bool has_digit_and_letter(std::string_view found) {
  return has_any(found, std::isdigit) && has_any(found, std::isalpha);
}

/// Letters alone that no words make: capitals make up about half of random text, and little of any identifier.
bool is_shuffled(std::string_view found) {
  const auto capitals =
      static_cast<std::size_t>(std::count_if(found.begin(), found.end(), [](char c) { return is(std::isupper, c); }));
  return found.size() >= 16 && capitals * 10 >= found.size() * 3 && capitals * 10 <= found.size() * 7 &&
         is_mixed_case(found);
}

/// Random text changes between letters, digits and cases; words and identifiers hardly do.
bool is_no_words(std::string_view found);

/// Words in base 64 look like chance: what they decode to does not.
bool encodes_words(std::string_view found) {
  const auto decoded = base64_decoded(found);
  const bool printable = std::all_of(decoded.begin(), decoded.end(), [](char c) { return is(std::isprint, c); });
  return decoded.size() >= 8 && printable && !is_no_words(decoded);
}

bool is_no_words(std::string_view found) {
  if ((!has_digit_and_letter(found) && !is_shuffled(found)) || encodes_words(found)) return false;
  std::size_t run = 0, longest = 0;
  for (const char c : found) {
    run = is(std::islower, c) ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest < std::max<std::size_t>(7, found.size() / 3);
}

bool is_object(std::string_view json) {
  return json.starts_with("{\"") && json.ends_with('}');
}

/// A signed token whose header and claims decode, and whose claims are not those of tutorials nor of an anonymous role.
bool is_signed_token(std::string_view found) {
  const auto first = found.find('.');
  const auto second = first == std::string_view::npos ? first : found.find('.', first + 1);
  if (second == std::string_view::npos) return false;
  const auto header = base64_decoded(found.substr(0, first));
  const auto claims = base64_decoded(found.substr(first + 1, second - first - 1));
  if (!is_object(header) || !is_object(claims) || header.find("\"alg\"") == std::string::npos) return false;
  constexpr std::array<std::string_view, 6> harmless = {"John Doe", "Jane Doe",      "example",
                                                        "\"anon\"", "supabase-demo", "joe\""};
  return std::none_of(harmless.begin(), harmless.end(),
                      [&](std::string_view word) { return claims.find(word) != std::string::npos; });
}

struct Named {
  std::string_view name;
  LineProof proof;
};
constexpr std::array<Named, 5> proofs = {{
    {"crc62", has_crc62},
    {"mixed", is_mixed},
    {"alphanumeric", has_digit_and_letter},
    {"not-words", is_no_words},
    {"jwt", is_signed_token},
}};

}  // namespace

std::string base64_decoded(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c == '-' ? '+' : c == '_' ? '/' : c);
    if (value == std::string_view::npos) break;
    pending = (pending << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((pending >> bits) & 0xFFU);
  }
  return bytes;
}

LineProof find_line_proof(std::string_view name) {
  for (const auto& entry : proofs)
    if (entry.name == name) return entry.proof;
  return nullptr;
}

double entropy(std::string_view text) {
  if (text.empty()) return 0;
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const auto count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

}  // namespace tollbar::rule
