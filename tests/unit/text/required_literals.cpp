// Required literals: what is derived, and that no match ever lacks them.
#include "text/required_literals.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "text/literal_set.h"
#include "text/pattern.h"

using tollbar::text::LiteralSet;
using tollbar::text::Pattern;
using tollbar::text::required_literals;
using Literals = std::vector<std::string>;

TEST_CASE("plain text and anchors") {
  CHECK(required_literals("^curl\\b") == Literals{"curl"});
  CHECK(required_literals("GITHUB_TOKEN") == Literals{"github_token"});
  CHECK(required_literals("permissions:\\s*write-all") == Literals{"permissions:"});
  CHECK(required_literals("\\Qa.b*c\\E+d") == Literals{"a.b*c"});
  CHECK(required_literals("npm(?=x) run") == Literals{"npm run"});
}

TEST_CASE("alternatives all count") {
  CHECK(required_literals("(?:foo|bar)_key") == Literals{"bar_key", "foo_key"});
  CHECK(required_literals("foobar|\\w+bazqux|(quux){2}") == Literals{"bazqux", "foobar", "quuxquux"});
  CHECK(required_literals("keys?x") == Literals{"keysx", "keyx"});
  CHECK(required_literals("ab[cd]e") == Literals{"abce", "abde"});
  CHECK(required_literals("[a-c]xyz") == Literals{"axyz", "bxyz", "cxyz"});
}

TEST_CASE("nothing where a branch, an option or a class leaves a way round") {
  for (const char* expression :
       {"foo|ba", "foo|", "(foo)?", "(foo)*", "foo{0,3}x", "[a-z]+", "ab", "", "(?!foo)", "(?<=foo)b", "(foo|\\d)x",
        "(?(1)foo|bar)", "(?x) f o", "(*COMMIT)foo", "(?R)?", "(?#foo)"})
    CHECK_MESSAGE(required_literals(expression).empty(), expression);
}

TEST_CASE("repetition") {
  CHECK(required_literals("abcd+e") == Literals{"abcd"});
  CHECK(required_literals("a{3}b") == Literals{"aaab"});
  CHECK(required_literals("x{a}yz") == Literals{"x{a}yz"});
  CHECK(required_literals("ab?cdef") == Literals{"abcdef", "acdef"});
}

TEST_CASE("case folding of Unicode reaches ASCII letters") {
  CHECK(required_literals("(?i)curl") == Literals{"curl"});
  const Pattern kelvin("(?i)token");
  const std::string line =
      "to\xE2\x84\xAA"
      "en";
  REQUIRE(kelvin.matches(line));
  const Literals literals = kelvin.required_literals();
  CHECK(std::any_of(literals.begin(), literals.end(),
                    [&](const auto& one) { return line.find(one) != std::string::npos; }));
  CHECK(required_literals("(?i:abc)def") == Literals{"abcdef"});
  CHECK(required_literals("(?i)\xc3\xa4") == Literals{});
}

namespace {

const std::vector<std::string> expressions = {"(?i)\\b(?:secret|token)s?\\b\\s*[:=]",
                                              "curl\\s+[^|]*\\|\\s*(?:ba|z)?sh",
                                              "(?i)aws_(?:secret|access)_key",
                                              "AKIA[0-9A-Z]{4}",
                                              "if:\\s*(?:false|\\$\\{\\{\\s*false)",
                                              "(?:npm|pnpm|yarn)\\s+publish",
                                              "rm\\s+-(?:rf|fr)\\s+/",
                                              "a(?i)b|cde",
                                              "(a(?i)bc|def)ghi",
                                              "(?i:x)yzw(?-i)k",
                                              "foo(?:bar)?baz",
                                              "foo(?:bar|)baz",
                                              "(?:ab|cd){2,3}ef",
                                              "(?:abc)+def",
                                              "a+b+c+",
                                              "\\Qa|b\\E|cdef",
                                              "[ab]{2}cde",
                                              "[^a]bcd",
                                              "[\\]a]bcd",
                                              "[]a]bcd",
                                              "[a\\-c]bcd",
                                              "[[:alpha:]]bcd",
                                              "x(?=abc)\\w+",
                                              "x(?!abc)[a-d]+",
                                              "(?<=foo)bar",
                                              "(?<n>foo)\\k<n>",
                                              "(foo)\\1bar",
                                              "(?P<n>foo|ba)rr",
                                              "(?'n'abc)d",
                                              "(?>abc|ab)c",
                                              "(?|abc|def)g",
                                              "ab\\x63d",
                                              "ab\\x{64}e",
                                              "\\x41bc",
                                              "ab\\tcd",
                                              "(?s)abc.def",
                                              "(?m)^abc$",
                                              "(?x) a b c # comment |\n d",
                                              "(?x)a b c\\ d | e f g",
                                              "(?xi) tok en +",
                                              "abc{2}",
                                              "abc{2,}d",
                                              "abc{,2}d",
                                              "abc*?d",
                                              "abc++d",
                                              "abc?+d",
                                              "(?:)abc",
                                              "()abc",
                                              "(abc|(def|(gh|ij)k)l)m",
                                              "\\babc\\B",
                                              "abc\\Kdef",
                                              "(?i)k[ks]s",
                                              "(?i)[k]ey[s]et",
                                              "(?i)passwo?rd",
                                              "s\\E+cde",
                                              "a\\Q\\E+bcd",
                                              "\\Qab\\E+cd",
                                              "ab|cd|abc",
                                              "abcd|abc|xbcd",
                                              "[a-d]bcd|e[f]gh",
                                              "ab[c-c]d",
                                              "(?i)abc[X-Z]def",
                                              "(?:a|bcd)(?:efg|h)",
                                              "\\d+abc|abc\\d+",
                                              "(?i)\xc3\xa4"
                                              "abc",
                                              "\xc3\xa4+abc",
                                              "caf\xc3\xa9?s",
                                              "(?:a{0}bcd)",
                                              "(?:abc){0,1}def",
                                              "(?U)abc+?d",
                                              "(?:(?i)a)bcd",
                                              "(?:(?i)abc|def)ghi",
                                              "(?s-i:ab)cd",
                                              "(?i)(?-i)abc",
                                              "(?:x|(?i)y)kks",
                                              "\\Ga?bc.d",
                                              "a\\.b\\.c",
                                              "\\(abc\\)",
                                              "ab\\/cd",
                                              "[\\d]abc",
                                              "[a[:digit:]]bcd",
                                              "[\\x61]bcd",
                                              "[\\x{61}-d]bcd",
                                              "[a-]bcd",
                                              "[-a]bcd",
                                              "[^]a]bcd",
                                              "(?:[a-d]){3}",
                                              "([ab][cd]){2}e",
                                              "\\p{L}bcd",
                                              "\\pLbcd",
                                              "\\Nabc",
                                              "a\\Rbcd",
                                              "(?(?=a)abc|def)",
                                              "(abc)?(?(1)d|e)fgh",
                                              "(a|b(?1)c)def",
                                              "(?&n)(?<n>abc)",
                                              "abc(*ACCEPT)def",
                                              "(?C1)abc",
                                              "(?:a|b|c|d|e|f)(?:a|b|c|d|e|f)(?:a|b|c|d)",
                                              "(?i)ssskkk",
                                              "(?i)sesskey",
                                              "\\101bc",
                                              "(a)\\g{-1}?bcd",
                                              "(a)\\g1bc",
                                              "(?^)abc",
                                              "(?i)(?^:k)bc",
                                              "(?=.*abc)def",
                                              "(?x:a b)c d",
                                              "(?x)ab(?-x) c d"};

/// Strings made of pieces that the expressions are made of.
class Lines {
 public:
  std::string next(const std::string& expression) {
    std::string line;
    const std::size_t parts = random_() % 7;
    for (std::size_t i = 0; i < parts; ++i) line += piece(expression);
    for (char& c : line)
      if (random_() % 12 == 0) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c >= 'A' && c <= 'Z' ? c + 32 : c);
    return line;
  }

 private:
  std::string piece(const std::string& expression) {
    static const std::vector<std::string> extras = {
        "\xC5\xBF", "\xE2\x84\xAA", " ", "1", "\xff", "\n", "a", "b", "c", "d", "s", "k", "abc", "def", "foo"};
    if (random_() % 5 == 0) return extras[random_() % extras.size()];
    std::string part = expression.substr(random_() % expression.size(), 1 + random_() % 8);
    if (random_() % 3 != 0)
      part.erase(
          std::remove_if(part.begin(), part.end(),
                         [](char c) { return std::string_view("()[]{}?*+|\\^$:.").find(c) != std::string_view::npos; }),
          part.end());
    if (random_() % 9 == 0) {
      for (const auto& [plain, folded] : {std::pair{'s', "\xC5\xBF"}, std::pair{'k', "\xE2\x84\xAA"}})
        if (const auto at = part.find(plain); at != std::string::npos) part.replace(at, 1, folded);
    }
    return part;
  }

  std::mt19937 random_{20240607};
};

}  // namespace

TEST_CASE("no expression matches a line that holds none of its literals") {
  Lines lines;
  std::size_t matched = 0;
  std::size_t derived = 0;
  for (const auto& expression : expressions) {
    const Pattern pattern(expression);
    REQUIRE_NOTHROW(pattern.check());
    const Literals literals = pattern.required_literals();
    if (literals.empty()) continue;
    ++derived;
    for (const auto& literal : literals) CHECK(literal.size() >= 3);
    const LiteralSet set(literals);
    for (int i = 0; i < 3000; ++i) {
      const std::string line = lines.next(expression);
      if (!pattern.matches(line)) continue;
      ++matched;
      if (!set.occurs_in(line)) FAIL("expression " << expression << " matches without a literal: " << line);
    }
  }
  CHECK(derived > expressions.size() / 2);
  CHECK(matched > 1000);
}
