// Walking history: order, hiding, merges, and where it is cut short.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "git/repository.h"
#include "support/repository.h"
#include "util/error.h"

using namespace tollbar;
using git::Repository;
using model::ObjectId;
using test::GitRepository;

namespace {

std::vector<ObjectId> rev_list(const GitRepository& origin, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"rev-list", "--date-order"});
  std::istringstream lines(origin.git(arguments));
  std::vector<ObjectId> commits;
  for (std::string line; std::getline(lines, line);) {
    commits.push_back(ObjectId::from_hex(line).value());
  }
  return commits;
}

/// A history of `count` commits with random parents and dates; marks are branches b1, b2, ...
void random_history(const GitRepository& origin, unsigned count, unsigned seed, bool skewed) {
  std::mt19937 random(seed);
  std::string stream;
  for (unsigned commit = 1; commit <= count; ++commit) {
    const unsigned time = skewed && random() % 10 == 0 ? static_cast<unsigned>(random() % 100'000) : commit * 60;
    stream += "commit refs/heads/b" + std::to_string(commit) + "\nmark :" + std::to_string(commit) +
              "\ncommitter Ada <ada@example.org> " + std::to_string(1'700'000'000 + time) + " +0000\ndata 1\nx\n";
    const char* keyword = "from :";
    for (unsigned parents = commit == 1 ? 0 : 1 + static_cast<unsigned>(random() % 3); parents > 0; --parents) {
      const auto parent = commit - 1 - static_cast<unsigned>(random() % std::min(commit - 1, 6u));
      stream += keyword + std::to_string(parent) + '\n';
      keyword = "merge :";
    }
    stream += "M 644 inline file\ndata 1\n" + std::to_string(commit % 10) + "\n\n";
  }
  origin.git({"fast-import", "--quiet"}, stream);
}

}  // namespace

TEST_CASE("newest first, a merge before its parents, an octopus too") {
  GitRepository origin;
  const auto root = origin.commit({{"a", "1"}});
  origin.branch("left");
  const auto left = origin.commit({{"left", "1"}});
  origin.checkout("main");
  origin.branch("right");
  const auto right = origin.commit({{"right", "1"}});
  origin.checkout("main");
  const auto main = origin.commit({{"main", "1"}});
  const auto merge = origin.merge({"left", "right"});
  const auto repository = Repository::open(origin.path());
  CHECK(repository.commit(merge).parents == std::vector{main, left, right});
  CHECK(repository.commits({merge}, {}) == std::vector{merge, main, right, left, root});
  CHECK(repository.commits({merge}, {left, main}) == std::vector{merge, right});
  CHECK(repository.commits({merge}, {merge}).empty());
  CHECK(repository.commits({}, {merge}).empty());
  CHECK(repository.merge_base(left, right) == root);
  CHECK(repository.merge_base(left, merge) == left);
}

TEST_CASE("a parent with a younger date still comes after its children") {
  const GitRepository origin;
  origin.git({"fast-import", "--quiet"},
             "commit refs/heads/main\nmark :1\ncommitter A <a@b> 2000000000 +0000\ndata 1\nx\n"
             "commit refs/heads/main\nmark :2\ncommitter A <a@b> 1000000000 +0000\ndata 1\nx\nfrom :1\n");
  CHECK(Repository::open(origin.path()).commits({origin.id("main")}, {}) ==
        std::vector{origin.id("main"), origin.id("main~1")});
}

TEST_CASE("the same commits as git rev-list on random histories, also with wrong clocks") {
  for (const bool skewed : {false, true}) {
    GitRepository origin;
    random_history(origin, 120, skewed ? 7 : 5, skewed);
    const auto repository = Repository::open(origin.path());
    std::mt19937 random(3);
    for (int round = 0; round < 25; ++round) {
      const std::string include = "b" + std::to_string(1 + random() % 120);
      const std::string exclude = "b" + std::to_string(1 + random() % 120);
      CAPTURE(include);
      CAPTURE(exclude);
      auto ours = repository.commits({origin.id(include)}, {origin.id(exclude)});
      auto theirs = rev_list(origin, {include, "^" + exclude});
      if (!skewed) {
        // Every commit has its own date here, so that the order is determined.
        REQUIRE(ours == theirs);
      }
      std::sort(ours.begin(), ours.end());
      std::sort(theirs.begin(), theirs.end());
      REQUIRE(ours == theirs);
    }
  }
}

TEST_CASE("unrelated histories have no merge base") {
  GitRepository origin;
  const auto first = origin.commit({{"a", "1"}});
  origin.git({"checkout", "-q", "--orphan", "other"});
  CHECK_FALSE(Repository::open(origin.path()).merge_base(first, origin.commit({{"b", "1"}})));
}

TEST_CASE("tags lead to their commits, other objects and missing ones nowhere") {
  GitRepository origin;
  const auto commit = origin.commit({{"a", "1"}});
  origin.git({"tag", "-a", "-m", "x", "v1"});
  const auto repository = Repository::open(origin.path());
  CHECK(repository.commits({origin.id("v1")}, {}) == std::vector{commit});
  CHECK_THROWS_AS(repository.commits({origin.id("HEAD:a")}, {}), util::Error);
  CHECK_THROWS_AS(repository.commits({commit}, {ObjectId::from_hex(std::string(40, '1')).value()}), util::Error);
}

TEST_CASE("a shallow clone: what lies above the boundary is known, what needs more is an error") {
  GitRepository origin;
  for (const char* content : {"1", "2", "3", "4", "5"}) {
    origin.commit({{"a", content}});
  }
  origin.git({"clone", "-q", "--depth=3", "file://" + origin.path(), origin.beside("shallow")});
  const auto repository = Repository::open(origin.beside("shallow"));
  const auto tip = origin.id("HEAD");
  CHECK(repository.commits({tip}, {origin.id("HEAD~1")}) == std::vector{tip});
  CHECK(repository.commits({tip}, {origin.id("HEAD~2")}).size() == 2);
  CHECK_THROWS_WITH_AS(repository.commits({tip}, {}), doctest::Contains("cut short"), util::Error);
  CHECK_THROWS_AS(repository.commits({tip}, {origin.id("HEAD~4")}), util::Error);
}
