// What pre-receive reads.
#include "hook/ref_lines.h"

#include <doctest/doctest.h>

#include <sstream>

#include "util/error.h"

namespace tollbar::hook {
namespace {

const std::string zero(40, '0');
const std::string one(40, '1');
const std::string two(40, '2');

std::vector<gate::RefUpdate> read(const std::string& text) {
  std::istringstream in(text);
  return read_ref_lines(in);
}

}  // namespace

TEST_CASE("lines become updates in their order") {
  const auto updates = read(one + ' ' + two + " refs/heads/a b\n" + zero + ' ' + one + " refs/tags/v1\n");
  REQUIRE(updates.size() == 2);
  CHECK(updates[0].ref == "refs/heads/a b");
  CHECK(updates[0].before.hex() == one);
  CHECK(updates[0].after.hex() == two);
  CHECK(updates[1].creates());
  CHECK(read(one + ' ' + zero + " refs/heads/a\n").front().deletes());
}

TEST_CASE("ids may have 64 digits, both of them") {
  const std::string longer(64, '3');
  CHECK(read(std::string(64, '0') + ' ' + longer + " refs/heads/a\n").front().after.hex() == longer);
  CHECK_THROWS_AS(read(zero + ' ' + longer + " refs/heads/a\n"), util::Error);
}

TEST_CASE("anything else is refused") {
  for (const std::string& text : {
           std::string(),
           std::string("\n"),
           one + ' ' + two + " refs/heads/a",     // cut short
           one + ' ' + two + '\n',                // no reference
           one + ' ' + two + " heads/a\n",        // not a full name
           one + ' ' + one + " refs/heads/a\n",   // nothing happens
           one + "  " + two + " refs/heads/a\n",  // two blanks
           one + ' ' + two.substr(1) + " refs/heads/a\n",
           one + ' ' + std::string(40, 'A') + " refs/heads/a\n",
           one + ' ' + two + " refs/heads/a\n" + one + ' ' + zero + " refs/heads/a\n",
           one + ' ' + two + std::string(" refs/heads/a\0b\n", 16),
       }) {
    CAPTURE(text);
    CHECK_THROWS_AS(read(text), util::Error);
  }
}

}  // namespace tollbar::hook
