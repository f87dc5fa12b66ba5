// What was entered before decides a part of a way as far as the part asks for it.
#include "reach/visited.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace tollbar::reach;

TEST_CASE("a part fits where it would get the same answers") {
  Visited first;
  first.add("before");
  first.add("never asked for");
  first.begin();
  CHECK(first.holds("before"));
  CHECK_FALSE(first.holds("absent"));
  CHECK_FALSE(first.holds("own"));
  first.add("own");
  CHECK(first.holds("own"));
  const auto part = first.end();
  CHECK(part.there == std::set<std::string>{"before"});
  CHECK(part.absent == std::set<std::string>{"absent", "own"});
  CHECK(part.entered == std::set<std::string>{"own"});
  Visited second;
  CHECK_FALSE(second.fits(part));
  second.add("before");
  CHECK(second.fits(part));
  second.take(part);
  CHECK(second.holds("own"));
  CHECK_FALSE(second.holds("absent"));
  CHECK_FALSE(second.fits(part));  // it entered `own`
}

TEST_CASE("a part that was taken counts for the parts round it as if it had been gone") {
  Visited origin;
  origin.add("a");
  origin.begin();
  origin.holds("a");
  origin.holds("b");
  origin.add("b");
  const auto inner = origin.end();
  Visited visited;
  visited.begin();
  visited.add("a");
  visited.take(inner);
  const auto outer = visited.end();
  CHECK(outer.there.empty());
  CHECK(outer.absent == std::set<std::string>{"b"});
  CHECK(outer.entered == std::set<std::string>{"a", "b"});
}
