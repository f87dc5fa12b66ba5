// Texts whose disguise is taken off.
#include "text/disguise.h"

#include <doctest/doctest.h>

#include <string_view>

using namespace tollbar::text;

TEST_CASE("literals that are put together are one") {
  for (const std::string_view text : {R"(k = "ab" + "cd")", R"(k = "ab" "cd")", R"(k = "ab" . "cd")",
                                      R"(k = "ab"+"cd")", "k = \"ab\" +\n    \"cd\"", "k = \"ab\" \\\n    \"cd\""}) {
    const auto plain = undisguised(text);
    REQUIRE_MESSAGE(plain.size() == 1, text);
    CHECK(plain[0] == R"(k = "abcd")");
    CHECK(disguised_lines(text) == std::vector<std::size_t>{0});
  }
}

TEST_CASE("base 64 of a text is that text") {
  const auto plain = undisguised("echo VGhlIHF1aWNrIGJyb3duIGZveA== | base64 -d");
  REQUIRE(plain.size() == 1);
  CHECK(plain[0] == "The quick brown fox");
  CHECK(disguised_lines("a\nb VGhlIHF1aWNrIGJyb3duIGZveA==\nc") == std::vector<std::size_t>{2});
}

TEST_CASE("ordinary lines are not looked at twice") {
  for (const std::string_view text :
       {R"(f("a", "b"))", R"({"a": "b"})", "return a + b;", "a/long/path/of/some/folder/file.txt",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", R"(x = "")"}) {
    CHECK_MESSAGE(disguised_lines(text).empty(), text);
    CHECK_MESSAGE(undisguised(text).empty(), text);
  }
}
