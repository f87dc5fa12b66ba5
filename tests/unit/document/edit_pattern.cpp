// Path patterns and the places they select.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "document/edit.h"

using namespace tollbar::document;

namespace {

NodePath path(std::initializer_list<const char*> segments) {
  NodePath result;
  for (const char* segment : segments) result.push_back({segment, false});
  return result;
}

bool matches(std::string_view pattern, std::initializer_list<const char*> segments) {
  return PathPattern(pattern).matches(path(segments));
}

bool below(std::string_view pattern, std::initializer_list<const char*> segments) {
  return PathPattern(pattern).could_match_below(path(segments));
}

}  // namespace

TEST_CASE("keys, stars and globs within a segment") {
  CHECK(matches("jobs.*.runs-on", {"jobs", "test", "runs-on"}));
  CHECK_FALSE(matches("jobs.*.runs-on", {"jobs", "runs-on"}));
  CHECK_FALSE(matches("jobs.*.runs-on", {"jobs", "a", "b", "runs-on"}));
  CHECK_FALSE(matches("jobs", {"Jobs"}));
  CHECK(matches("scripts.pre*", {"scripts", "prepare"}));
  CHECK(matches("scripts.*a*e", {"scripts", "prepare"}));
  CHECK_FALSE(matches("scripts.pre*", {"scripts", "postpre"}));
}

TEST_CASE("** stands for any number of segments") {
  CHECK(matches("**.run", {"run"}));
  CHECK(matches("**.run", {"jobs", "a", "steps", "x", "run"}));
  CHECK_FALSE(matches("**.run", {"run", "shell"}));
  CHECK(matches("a.**.b", {"a", "b"}));
  CHECK(matches("a.**", {"a"}));
  CHECK(matches("**", {}));
  CHECK(matches("**.x.**.y", {"x", "x", "p", "y"}));
}

TEST_CASE("alternatives and escapes") {
  CHECK(matches("{on,true}.push", {"true", "push"}));
  CHECK(matches("jobs.*.{steps.*.run,container}", {"jobs", "a", "steps", "b", "run"}));
  CHECK(matches("jobs.*.{steps.*.run,container}", {"jobs", "a", "container"}));
  CHECK_FALSE(matches("jobs.*.{steps.*.run,container}", {"jobs", "a", "services"}));
  CHECK(matches("app\\.io/name", {"app.io/name"}));
  CHECK_FALSE(matches("a\\*", {"ab"}));
  CHECK(matches("\\*", {"*"}));
  CHECK(matches("", {}));
  CHECK_FALSE(matches("", {"a"}));
}

TEST_CASE("could match below") {
  CHECK(below("jobs.*.run", {}));
  CHECK(below("jobs.*.run", {"jobs", "a"}));
  CHECK(below("jobs.*.run", {"jobs", "a", "run"}));
  CHECK_FALSE(below("jobs.*.run", {"jobs", "a", "run", "x"}));
  CHECK_FALSE(below("jobs.*.run", {"on"}));
  CHECK(below("**.run", {"anything", "at", "all"}));
}

TEST_CASE("hostile patterns stay cheap") {
  std::string pattern;
  NodePath deep;
  for (int i = 0; i < 60; ++i) pattern += "**.a.";
  for (int i = 0; i < 200; ++i) deep.push_back({"a", false});
  CHECK_FALSE(PathPattern(pattern + "b").matches(deep));
}

TEST_CASE("find_all gives every place with its path") {
  const auto text = [](const char* value) {
    Node node;
    node.kind = NodeKind::scalar;
    node.scalar = value;
    return node;
  };
  Node step;
  step.kind = NodeKind::mapping;
  step.members = {{text("name"), text("Lint")}, {text("run"), text("make lint")}};
  Node steps;
  steps.kind = NodeKind::sequence;
  steps.items = {step, text("checkout")};
  Node root;
  root.kind = NodeKind::mapping;
  root.members = {{text("steps"), steps}, {text("run"), text("other")}};

  const std::vector<Place> places = find_all(root, PathPattern("**.run"));
  REQUIRE(places.size() == 2);
  CHECK(to_string(places[0].path) == "steps[Lint].run");
  CHECK(places[0].node == &root.members[0].value.items[0].members[1].value);
  CHECK(to_string(places[1].path) == "run");
  CHECK(find_all(root, PathPattern("steps.checkout")).size() == 1);
  CHECK(find_all(root, PathPattern("steps.Lint.*")).size() == 2);
  CHECK(find_all(root, PathPattern("nothing")).empty());
  CHECK(find_all(root, PathPattern("")).size() == 1);
}
