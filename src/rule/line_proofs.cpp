// The table of proofs.
#include "rule/line_proofs.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstddef>

#include "rule/placeholders.h"

namespace tollbar::rule {
namespace {

bool is(int (*test)(int), char c) { return test(static_cast<unsigned char>(c)) != 0; }

bool has_crc62(std::string_view found) {
  const auto start = found.rfind('_');
  const auto body = start == std::string_view::npos ? found : found.substr(start + 1);
  return body.size() == 36 && crc62(body.substr(0, 30)) == body.substr(30);
}

bool is_mixed(std::string_view found) {
  const auto any = [&](int (*test)(int)) { return std::any_of(found.begin(), found.end(), [&](char c) { return is(test, c); }); };
  return any(std::isdigit) && any(std::isupper) && any(std::islower);
}

bool has_digit_and_letter(std::string_view found) {
  return std::any_of(found.begin(), found.end(), [](char c) { return is(std::isdigit, c); }) &&
         std::any_of(found.begin(), found.end(), [](char c) { return is(std::isalpha, c); });
}

/// Random text changes between letters, digits and cases; words and identifiers hardly do.
bool is_no_words(std::string_view found) {
  if (!has_digit_and_letter(found)) return false;
  std::size_t run = 0, longest = 0;
  for (const char c : found) {
    run = is(std::islower, c) ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest < std::max<std::size_t>(7, found.size() / 3);
}

struct Named {
  std::string_view name;
  LineProof proof;
};
constexpr std::array<Named, 4> proofs = {{
    {"crc62", has_crc62},
    {"mixed", is_mixed},
    {"alphanumeric", has_digit_and_letter},
    {"not-words", is_no_words},
}};

}  // namespace

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
