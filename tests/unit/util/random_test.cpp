// What nobody can guess is as long as asked for and never the same.
#include "util/random.h"

#include <doctest/doctest.h>

#include <set>

namespace tollbar::util {
namespace {

TEST_CASE("random numbers are hexadecimal, as long as asked for, and differ") {
  std::set<std::string> drawn;
  for (int round = 0; round < 1000; ++round) {
    const std::string number = random_hex(16);
    CHECK(number.size() == 32);
    CHECK(number.find_first_not_of("0123456789abcdef") == std::string::npos);
    drawn.insert(number);
  }
  CHECK(drawn.size() == 1000);
  CHECK(random_hex(0).empty());
}

}  // namespace
}  // namespace tollbar::util
