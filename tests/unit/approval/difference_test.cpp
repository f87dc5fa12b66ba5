// What died is shown with the part that differs.
#include "approval/difference.h"

#include <doctest/doctest.h>

namespace tollbar::approval {
namespace {

Fact fact() {
  return {"acme/shop", "refs/heads/main", "a.yml",       "workflow/runner-changed",
          "job test",  "ubuntu-24.04",    "self-hosted", ""};
}

std::string difference_of_contexts(const std::string& was, const std::string& is) {
  Fact before = fact(), after = fact();
  before.context = was;
  after.context = is;
  return difference(before, after);
}

}  // namespace

TEST_CASE("members that differ are named with both values") {
  Fact other = fact();
  CHECK(difference(fact(), other).empty());
  other.after = "macos";
  other.subject = "";
  CHECK(difference(fact(), other) == "place was `job test`, is nothing; after was `self-hosted`, is `macos`");
}

TEST_CASE("of a context only the parts that differ are shown") {
  CHECK(difference_of_contexts("events: push; permissions: contents=read; credentials: A",
                               "events: push pull_request; permissions: contents=read") ==
        "context credentials was `A`, is nothing; context events was `push`, is `push pull_request`");
  CHECK(difference_of_contexts("", "environment: production") == "context environment was nothing, is `production`");
  CHECK(difference_of_contexts("a: 1; b", "b; a: 1") != "");
}

TEST_CASE("long values are shown where they part, in whole characters") {
  Fact before = fact(), after = fact();
  before.after = std::string(300, 'x') + "\xC3\xA9" + std::string(15, 'y') + "one";
  after.after = std::string(300, 'x') + "\xC3\xA9" + std::string(15, 'y') + "two";
  const std::string shown = difference(before, after);
  CHECK(shown.find("one`, is `...") != std::string::npos);
  CHECK(shown.find("two`") != std::string::npos);
  CHECK(shown.size() < 120);
}

TEST_CASE("near is another change of the same place, or the same change of another one") {
  const auto changed = [](auto change) {
    Fact other = fact();
    change(other);
    return other;
  };
  CHECK_FALSE(is_near(fact(), fact()));
  CHECK(is_near(fact(), changed([](Fact& other) { other.after = "macos"; })));
  CHECK(is_near(fact(), changed([](Fact& other) { other.subject = "job lint"; })));
  CHECK(is_near(fact(), changed([](Fact& other) { other.path = "b.yml"; })));
  CHECK(is_near(fact(), changed([](Fact& other) { other.ref = "refs/heads/release"; })));
  CHECK(is_near(fact(), changed([](Fact& other) { other.context = "events: push"; })));
  CHECK_FALSE(is_near(fact(), changed([](Fact& other) { other.rule = "workflow/changed"; })));
  CHECK_FALSE(is_near(fact(), changed([](Fact& other) { other.path = "b.yml", other.subject = "job lint"; })));
  CHECK_FALSE(is_near(fact(), changed([](Fact& other) { other.subject = "job lint", other.after = "macos"; })));
  // A step without a name is called by what it runs.
  Fact step = fact();
  step.subject = "jobs.test.steps[./deploy a]";
  step.after = "{run: ./deploy a}";
  Fact other = step;
  other.subject = "jobs.test.steps[./deploy b]";
  other.after = "{run: ./deploy b}";
  CHECK(is_near(step, other));
}

}  // namespace tollbar::approval
