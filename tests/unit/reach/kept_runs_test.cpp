// What is kept of runs, and for how long.
#include "reach/kept_runs.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

#include "fixture.h"

using namespace tollbar;
using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

struct Small {
  int number = 0;
  std::size_t commands = 1;
  Dependence dependence;
};
const Dependence& dependence_of(const Small& run) {
  return run.dependence;
}
std::size_t commands_of(const Small& run) {
  return run.commands;
}

/// Runs that looked at the file `a`.
struct Kept {
  model::MemoryTree tree = tree_of({{"a", "1"}, {"b/c", "1"}});
  ScriptCache scripts;
  KeptRuns<Small> runs;

  explicit Kept(Limits limits) : runs(limits) {}
  void keep(const std::string& key, int number, std::size_t commands = 1) {
    Small run{number, commands, {}};
    run.dependence.consulted = {"a"};
    runs.keep(key, std::make_shared<const Small>(std::move(run)), tree, scripts);
  }
  int find(const std::string& key, model::MemoryTree& in) {
    const auto run = runs.find(key, in, scripts, [](const Small&) { return true; });
    return run == nullptr ? 0 : run->number;
  }
  int find(const std::string& key) { return find(key, tree); }
};

}  // namespace

TEST_CASE("the newest run that fits and agrees with the tree is found") {
  Kept kept({4, 10, 100});
  kept.keep("x", 1);
  kept.keep("x", 2);
  CHECK(kept.find("x") == 2);
  CHECK(kept.find("y") == 0);
  const auto odd = kept.runs.find("x", kept.tree, kept.scripts, [](const Small& run) { return run.number == 1; });
  REQUIRE(odd != nullptr);
  CHECK(odd->number == 1);
  auto other = tree_of({{"a", "2"}});
  CHECK(kept.find("x", other) == 0);
  auto beside = tree_of({{"a", "1"}, {"d", "1"}});
  CHECK(kept.find("x", beside) == 2);
}

TEST_CASE("the run that was used longest ago goes first, and the oldest of a key") {
  Kept kept({2, 3, 100});
  for (int number = 1; number <= 3; ++number) kept.keep("x", number);
  CHECK(kept.runs.find("x", kept.tree, kept.scripts, [](const Small& run) { return run.number == 1; }) == nullptr);
  kept.keep("y", 4);
  CHECK(kept.runs.find("x", kept.tree, kept.scripts, [](const Small& run) { return run.number == 2; }) != nullptr);
  kept.keep("z", 5);  // 3 was used longest ago
  CHECK(kept.find("x") == 2);
  CHECK(kept.find("y") == 4);
}

TEST_CASE("large runs make room for each other") {
  Kept kept({4, 10, 100});
  kept.keep("x", 1, 60);
  kept.keep("y", 2, 60);
  CHECK(kept.find("x") == 0);
  CHECK(kept.find("y") == 2);
  kept.keep("z", 3, 1000);  // alone it is kept
  CHECK(kept.find("z") == 3);
}

TEST_CASE("beside a tree that agrees only what differs is looked at") {
  ScriptCache scripts;
  auto before = tree_of({{"a", "1"}, {"b/c", "1"}});
  Dependence dependence;
  dependence.consulted = {"a", "b", "missing"};
  dependence.sought = {"b/c", "d"};
  dependence.listed = {"b", "."};
  const auto its = footprint(dependence, before, scripts);
  const auto agree = [&](const Files& files) {
    auto after = tree_of(files);
    std::size_t doubt = 0;
    const bool all = agrees(its, doubt, after, scripts);
    CHECK(still_agrees(its, model::diff(before, after), after, scripts) == all);
    CHECK(agrees(its, doubt, after, scripts) == all);  // asked again, from the doubt on
    return all;
  };
  CHECK(agree({{"a", "1"}, {"b/c", "1"}}));
  CHECK(agree({{"a", "1"}, {"b/c", "2"}}));  // only that it is there counts
  CHECK_FALSE(agree({{"a", "2"}, {"b/c", "1"}}));
  CHECK_FALSE(agree({{"a", "1"}, {"b/c", "1"}, {"b/d", "1"}}));
  CHECK_FALSE(agree({{"a", "1"}, {"b/c", "1"}, {"d/e/f", "1"}}));
  CHECK_FALSE(agree({{"a", "1"}, {"b/c", "1"}, {"missing/x", "1"}}));
  CHECK_FALSE(agree({{"a", "1"}, {"b/c/d", "1"}}));
  CHECK_FALSE(agree({{"a", "1"}, {"b", "1"}}));
  CHECK_FALSE(agree({{"a", "1"}}));
}
