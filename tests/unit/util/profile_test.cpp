// Time is counted once, for the innermost part that it was spent in.
#include "util/profile.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace tollbar::util {
namespace {

/// Keeps the processor busy until a part of the profile took some time.
void work(Profile& profile, const std::string& part) {
  const auto before = profile.times()[part];
  while (profile.times()[part] <= before) {
  }
}

std::vector<std::string> parts(const Profile::Times& times) {
  std::vector<std::string> names;
  for (const auto& [name, time] : times) names.push_back(name);
  return names;
}

}  // namespace

TEST_CASE("a profile counts a part that runs inside another for itself alone") {
  Profile profile;
  profile.start("other");
  Profile::Times at_inner;
  {
    const Profile::Part outer(profile, "outer");
    work(profile, "outer");
    {
      const Profile::Part inner(profile, "inner");
      work(profile, "inner");
      at_inner = profile.times();
      work(profile, "inner");
      CHECK(profile.times()["outer"] == at_inner["outer"]);
    }
    work(profile, "outer");
    CHECK(profile.times()["outer"] > at_inner["outer"]);
  }
  const auto times = profile.times();
  work(profile, "other");
  CHECK(profile.times()["outer"] == times.at("outer"));
  CHECK(parts(profile.times()) == std::vector<std::string>{"inner", "other", "outer"});
}

TEST_CASE("a profile that was not started measures nothing") {
  Profile profile;
  { const Profile::Part part(profile, "part"); }
  CHECK(profile.times().empty());
}

TEST_CASE("times of threads are added part by part") {
  using std::chrono::nanoseconds;
  Profile::Times sum{{"a", nanoseconds(1)}};
  add(sum, {{"a", nanoseconds(2)}, {"b", nanoseconds(3)}});
  CHECK(sum == Profile::Times{{"a", nanoseconds(3)}, {"b", nanoseconds(3)}});
}

}  // namespace tollbar::util
