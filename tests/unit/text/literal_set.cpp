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
  const bool any = LiteralSet(literals).search(text, hits);
  CHECK(any == (std::find(hits.begin(), hits.end(), true) != hits.end()));
  return hits;
}

}  // namespace

TEST_CASE("literals inside one another are all reported") {
  CHECK(found({"he", "she", "his", "hers"}, "uSHErs") == std::vector<bool>{true, true, false, true});
  CHECK(found({"abcd", "bc"}, "xabcx") == std::vector<bool>{false, true});
}

TEST_CASE("case, duplicates, empties") {
  CHECK(found({"Token", "token"}, "TOKEN") == std::vector<bool>{true, true});
  CHECK(found({"", "a"}, "") == std::vector<bool>{true, false});
  CHECK(found({}, "abc").empty());
  CHECK(found({"\xc3\x84"}, "\xc3\xa4") == std::vector<bool>{false});  // ASCII folding only
  CHECK(found({"[", "{"}, "{") == std::vector<bool>{false, true});
}

TEST_CASE("hits add to those that are set") {
  const LiteralSet set({"one", "two"});
  std::vector<bool> hits = {true, false};
  CHECK(set.search("two", hits));
  CHECK(hits == std::vector<bool>{true, true});
  CHECK(set.size() == 2);
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
