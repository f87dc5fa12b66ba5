#include "text/replaced.h"

#include <doctest/doctest.h>

using namespace tollbar::text;

TEST_CASE("every match gives way, and what lies between stays") {
  const Pattern version(R"(\d+(?:\.\d+)+)");
  CHECK(replaced("a-1.2.jar, b-3.4.5", version, "@") == "a-@.jar, b-@");
  CHECK(replaced("1.2", version, "") == "");
  CHECK(replaced("no number", version, "@") == "no number");
}

TEST_CASE("what stands in place of a match is not looked at again") {
  CHECK(replaced("aaa", Pattern("a"), "aa") == "aaaaaa");
}
