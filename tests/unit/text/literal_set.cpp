// Aho-Corasick against a plain search for each literal.
#include "text/literal_set.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "text/ascii.h"

using tollbar::text::ascii_lower;
using tollbar::text::LiteralSet;

namespace {

std::vector<bool> found(const std::vector<std::string>& literals, std::string_view text) {
  std::vector<bool> hits(literals.size());
  const LiteralSet set(literals);
  for (const auto& [literal, end] : set.occurrences(text)) {
    const std::string& expected = literals[literal];
    CHECK(ascii_lower(text.substr(end - expected.size(), expected.size())) == ascii_lower(expected));
    hits[literal] = true;
  }
  CHECK(set.occurs_in(text) == (std::find(hits.begin(), hits.end(), true) != hits.end()));
  return hits;
}

}  // namespace

TEST_CASE("literals inside one another are all reported") {
  CHECK(found({"he", "she", "his", "hers"}, "uSHErs") == std::vector<bool>{true, true, false, true});
  CHECK(found({"abcd", "bc"}, "xabcx") == std::vector<bool>{false, true});
}

TEST_CASE("case, duplicates, empties") {
  CHECK(found({"Token", "token"}, "TOKEN") == std::vector<bool>{true, true});
  CHECK(found({"a"}, "") == std::vector<bool>{false});
  CHECK(found({}, "abc").empty());
  CHECK(found({"\xc3\x84"}, "\xc3\xa4") == std::vector<bool>{false});  // ASCII folding only
  CHECK(found({"[", "{"}, "{") == std::vector<bool>{false, true});
}

TEST_CASE("every occurrence is told, by its end") {
  std::string seen;
  for (const auto& [literal, end] : LiteralSet({"aa", "ab"}).occurrences("aaab"))
    seen += std::to_string(literal) + "@" + std::to_string(end) + " ";
  CHECK(seen == "0@2 0@3 1@4 ");
}

TEST_CASE("every byte value can be a literal") {
  std::vector<std::string> literals;
  std::string text;
  for (int c = 0; c < 256; ++c) literals.emplace_back(3, static_cast<char>(c));
  for (int c = 255; c >= 0; --c) text += std::string(3, static_cast<char>(c));
  CHECK(found(literals, text) == std::vector<bool>(256, true));
}

TEST_CASE("random texts agree with a plain search") {
  std::mt19937 random(7);
  const auto word = [&](std::size_t longest) {
    std::string text(1 + random() % longest, 'a');
    for (char& c : text) c = "aAbBc\xff"[random() % 6];
    return text;
  };
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> literals;
    for (std::size_t i = 0; i < 1 + random() % 12; ++i) literals.push_back(word(6));
    const std::string text = word(40);
    std::vector<bool> expected;
    for (const auto& literal : literals)
      expected.push_back(ascii_lower(text).find(ascii_lower(literal)) != std::string::npos);
    CHECK(found(literals, text) == expected);
  }
}
