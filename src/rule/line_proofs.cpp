// The table of proofs.
#include "rule/line_proofs.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <string>

#include "rule/placeholders.h"
#include "text/disguise.h"

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

/// What follows each letter in words: nearly every pair of letters in a word is one of these, of random pairs two in
/// five.
constexpr std::array<std::string_view, 26> followers = {"bcdgiklmnprstuvy",
                                                        "aeilorsuy",
                                                        "aehiklorstuy",
                                                        "adeiorsu",
                                                        "acdefilmnpqrstvwxy",
                                                        "aefilortu",
                                                        "aehilnorsu",
                                                        "aeiortuy",
                                                        "abcdefgklmnoprstvz",
                                                        "aeou",
                                                        "eins",
                                                        "adefiklmopstuvy",
                                                        "abeimopsuy",
                                                        "acdefgiknostuvy",
                                                        "abcdfgiklmnoprstuvw",
                                                        "aehiloprstu",
                                                        "u",
                                                        "acdegiklmnorstuvy",
                                                        "acehiklmopqstuwy",
                                                        "acehilorstuwy",
                                                        "abcdegilmnprst",
                                                        "aeio",
                                                        "aehinors",
                                                        "aceipt",
                                                        "eiost",
                                                        "aeioz"};

/// A run of small letters that could be (part of) a word of some language.
bool is_wordlike(std::string_view letters) {
  std::size_t common = 0;
  for (std::size_t i = 1; i < letters.size(); ++i)
    if (followers[static_cast<std::size_t>(letters[i - 1] - 'a')].find(letters[i]) != std::string_view::npos) ++common;
  return letters.size() < 2 || common * 4 >= (letters.size() - 1) * 3;
}

/// Random text changes between letters, digits and cases; words and identifiers hardly do.
bool is_no_words(std::string_view found);

/// Words in base 64 look like chance: what they decode to does not.
bool encodes_words(std::string_view found) {
  const auto decoded = text::base64_decoded(found);
  const bool printable = std::all_of(decoded.begin(), decoded.end(), [](char c) { return is(std::isprint, c); });
  return decoded.size() >= 8 && printable && !is_no_words(decoded);
}

bool is_no_words(std::string_view found) {
  if ((!has_digit_and_letter(found) && !is_shuffled(found)) || encodes_words(found)) return false;
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin < found.size();) {
    auto end = begin;
    while (end < found.size() && is(std::islower, found[end])) ++end;
    if (is_wordlike(found.substr(begin, end - begin))) longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  return longest < std::max<std::size_t>(7, found.size() / 3);
}

/// How often a text goes over from small letters to capitals, digits or signs and back.
std::size_t changes(std::string_view found) {
  const auto kind = [](char c) {
    return is(std::islower, c) ? 0 : is(std::isupper, c) ? 1 : is(std::isdigit, c) ? 2 : 3;
  };
  std::size_t count = 0;
  for (std::size_t i = 1; i < found.size(); ++i) count += kind(found[i]) != kind(found[i - 1]) ? 1U : 0U;
  return count;
}

/// What a generator of passwords makes: a short text must be more of a mixture than a long one.
bool is_random(std::string_view found) {
  constexpr std::size_t is_long = 16;
  return is_no_words(found) && (found.size() >= is_long || changes(found) * 5 >= found.size() * 2);
}

/// `user:password` in base 64, as the header of a basic login and the logins of docker hold it.
bool is_login(std::string_view found) {
  const auto decoded = text::base64_decoded(found);
  const auto colon = decoded.find(':');
  if (colon == std::string::npos || colon == 0 || decoded.size() > 512) return false;
  constexpr std::size_t shortest = 8;
  const auto password = std::string_view(decoded).substr(colon + 1);
  return password.size() >= shortest && is_random(password) &&
         std::all_of(decoded.begin(), decoded.end(), [](char c) { return is(std::isprint, c); });
}

bool is_object(std::string_view json) {
  return json.starts_with("{\"") && json.ends_with('}');
}

/// A signed token whose header and claims decode, and whose claims are not those of tutorials nor of an anonymous role.
bool is_signed_token(std::string_view found) {
  const auto first = found.find('.');
  const auto second = first == std::string_view::npos ? first : found.find('.', first + 1);
  if (second == std::string_view::npos) return false;
  const auto header = text::base64_decoded(found.substr(0, first));
  const auto claims = text::base64_decoded(found.substr(first + 1, second - first - 1));
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
constexpr std::array<Named, 7> proofs = {{
    {"crc62", has_crc62},
    {"mixed", is_mixed},
    {"alphanumeric", has_digit_and_letter},
    {"not-words", is_no_words},
    {"random", is_random},
    {"login", is_login},
    {"jwt", is_signed_token},
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
