// Seats and who takes them.
#include "approval/quorum.h"

#include <doctest/doctest.h>

namespace tollbar::approval {
namespace {

People people() {
  People people;
  for (const char* name : {"ada", "grace", "alan"}) {
    people.add({name, Kind::person, {}, {std::string(name) + "@example.com"}, {name}});
  }
  people.add({"builder", Kind::service, {}, {}, {"builder"}});
  people.add_team("platform", {"ada", "grace", "builder"});
  people.add_team("security", {"ada", "alan"});
  return people;
}

std::string missing(const Quorum& quorum, const std::vector<std::string>& names,
                    const std::set<std::string>& owners = {}) {
  const People all = people();
  std::vector<const Person*> agreeing;
  for (const std::string& name : names) {
    agreeing.push_back(all.named(name));
  }
  const Quorum empty = empty_seats(quorum, agreeing, all, owners);
  return empty.empty() ? "" : to_text(empty);
}

const Quorum two_and_one{{{"platform"}, false, 2}, {{"security"}, false, 1}};

}  // namespace

TEST_CASE("a quorum says how many of whom are missing") {
  CHECK(missing(two_and_one, {}) == "2 of platform and 1 of security");
  CHECK(missing(two_and_one, {"grace"}) == "1 of platform and 1 of security");
  CHECK(missing(two_and_one, {"ada", "grace", "alan"}).empty());
}

TEST_CASE("nobody takes two seats, and who could take several takes the one that helps") {
  const Quorum one_each{{{"platform"}, false, 1}, {{"security"}, false, 1}};
  CHECK(missing(one_each, {"ada"}) == "1 of security");
  CHECK(missing(one_each, {"ada", "grace"}).empty());
  CHECK(missing(one_each, {"ada", "alan"}).empty());
}

TEST_CASE("without a quorum one person is enough, and a service is nobody") {
  CHECK(missing({}, {}) == "1 person");
  CHECK(missing({}, {"alan"}).empty());
  CHECK(missing({}, {"builder"}) == "1 person");
  CHECK(missing({{{"platform"}, false, 1}}, {"builder"}) == "1 of platform");
}

TEST_CASE("owners are known by login, address and team") {
  const Quorum owner{{{}, true, 1}};
  CHECK(missing(owner, {"grace"}, {"@grace"}).empty());
  CHECK(missing(owner, {"grace"}, {"grace@example.com"}).empty());
  CHECK(missing(owner, {"grace"}, {"@example/platform"}).empty());
  CHECK(missing(owner, {"grace"}, {"@example/security", "@alan"}) == "1 of the owners");
  CHECK(missing(owner, {"grace"}, {}) == "1 of the owners");
}

TEST_CASE("any of several teams will do") {
  CHECK(missing({{{"platform", "security"}, false, 2}}, {"grace", "alan"}).empty());
}

}  // namespace tollbar::approval
