// Did-you-mean: near words are offered, far ones are not.
#include "util/spelling.h"

#include <doctest/doctest.h>

namespace tollbar::util {
namespace {

TEST_CASE("edit distance counts a swap of neighbours as one") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("scan", "") == 4);
  CHECK(edit_distance("scan", "scna") == 1);
  CHECK(edit_distance("scan", "scans") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest candidate, or none") {
  const std::vector<std::string> commands{"scan", "rules", "explain", "policy"};
  CHECK(nearest("scna", commands) == "scan");
  CHECK(nearest("polcy", commands) == "policy");
  CHECK(nearest("sacn", commands) == "scan");
  CHECK(!nearest("deploy", commands));
  CHECK(!nearest("x", commands));
  CHECK(!nearest(std::string(100'000, 's'), commands));
  CHECK(did_you_mean("rulse", commands) == "; did you mean `rules`?");
  CHECK(did_you_mean("zzzzzz", commands).empty());
}

}  // namespace
}  // namespace tollbar::util
