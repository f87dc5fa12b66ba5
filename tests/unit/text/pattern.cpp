// Expressions: results, errors, limits.
#include "text/pattern.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "util/error.h"

using tollbar::text::Pattern;

TEST_CASE("the first match and its groups") {
  const Pattern pattern("(k)(x)?(v+)");
  const auto match = pattern.find("--kvv kv");
  REQUIRE(match);
  CHECK(match->begin == 2);
  CHECK(match->end == 5);
  REQUIRE(match->groups.size() == 4);
  CHECK(match->groups[0] == "kvv");
  CHECK_FALSE(match->groups[2].has_value());
  CHECK(match->groups[3] == "vv");
  const auto second = pattern.find("--kvv kv", 3);
  REQUIRE(second);
  CHECK(second->begin == 6);
  CHECK_FALSE(pattern.find("--kvv kv", 99));
}

TEST_CASE("no match, empty subjects, empty matches") {
  CHECK_FALSE(Pattern("a").matches(""));
  CHECK(Pattern("^$").matches(""));
  CHECK(Pattern("^$").matches(std::string_view()));
  CHECK(Pattern("x*").find("abc", 3)->begin == 3);
}

TEST_CASE("bytes that are no UTF-8 neither match nor fail") {
  const Pattern pattern("key=.+");
  CHECK(pattern.matches("\xff\xfe key=1 \xc3"));
  CHECK(Pattern("\xc3\xa4").matches("\xff\xc3\xa4"));
  CHECK_FALSE(Pattern("^.$").matches("\xff"));
  CHECK(
      Pattern("b").find("\xc3\xa4"
                        "b",
                        1));  // from inside a character
}

TEST_CASE("a bad expression is the user's error, named with its place") {
  const Pattern pattern("a(b");
  CHECK_THROWS_AS(pattern.check(), tollbar::util::UsageError);
  CHECK_THROWS_WITH(pattern.check(), doctest::Contains("a(b"));
  CHECK_THROWS_WITH(pattern.matches("x"), doctest::Contains("offset 3"));
}

TEST_CASE("the match limit is an error, never a missing match") {
  const Pattern pattern("^(a|aa|a*b?)+$");
  const std::string subject = std::string(200, 'a') + "c";
  CHECK_THROWS_WITH_AS(pattern.matches(subject), doctest::Contains("match limit"), tollbar::util::Error);
  CHECK(pattern.matches("aab"));
}

TEST_CASE("one pattern, several threads") {
  const Pattern pattern("(t)(o)(k)en=\\w{4}");
  std::vector<std::thread> threads;
  std::vector<int> found(4);
  for (auto& count : found)
    threads.emplace_back([&pattern, &count] {
      for (int i = 0; i < 500; ++i) count += pattern.find("x token=abcd")->begin == 2 ? 1 : 0;
    });
  for (auto& thread : threads) thread.join();
  CHECK(found == std::vector<int>(4, 500));
}

TEST_CASE("a moved pattern still matches") {
  Pattern first("abc");
  CHECK(first.matches("abc"));
  const Pattern second = std::move(first);
  CHECK(second.matches("xabc"));
  CHECK(second.expression() == "abc");
}
