// Ranges as users write them.
#include "git/revisions.h"

#include <doctest/doctest.h>

#include "support/repository.h"
#include "util/error.h"

using namespace tollbar;
using git::all_commits;
using git::Repository;
using git::resolve_range;
using model::ObjectId;
using test::GitRepository;

namespace {

/// main: root, ahead. feature, from root: one, two.
struct Forked {
  GitRepository origin;
  ObjectId root = origin.commit({{"a", "1"}});
  ObjectId one = (origin.branch("feature"), origin.commit({{"b", "1"}}));
  ObjectId two = origin.commit({{"b", "2"}});
  ObjectId ahead = (origin.checkout("main"), origin.commit({{"a", "2"}}));
  Repository repository = Repository::open(origin.path());
};

}  // namespace

TEST_CASE("two dots: what the right side has and the left has not, oldest first") {
  const Forked forked;
  const auto range = resolve_range(forked.repository, "main..feature");
  CHECK(range.text == "main..feature");
  CHECK(range.commits == std::vector{forked.one, forked.two});
  CHECK(range.base == forked.ahead);
  CHECK(range.tip == forked.two);
  CHECK(resolve_range(forked.repository, "feature..").commits == std::vector{forked.ahead});
  CHECK(resolve_range(forked.repository, "..feature").commits.size() == 2);
  CHECK(resolve_range(forked.repository, "main..main").commits.empty());
}

TEST_CASE("three dots: the right side since the merge base") {
  const Forked forked;
  const auto range = resolve_range(forked.repository, "main...feature");
  CHECK(range.commits == std::vector{forked.one, forked.two});
  CHECK(range.base == forked.root);
  CHECK(range.tip == forked.two);
}

TEST_CASE("a branch is judged since it left the default branch, by any of its names") {
  const Forked forked;
  for (const char* name : {"feature", "refs/heads/feature"}) {
    const auto range = resolve_range(forked.repository, name);
    CHECK(range.text == "main..feature");
    CHECK(range.commits == std::vector{forked.one, forked.two});
    CHECK(range.base == forked.root);
  }
}

TEST_CASE("the default branch, a tag, an id and an expression are one commit") {
  const Forked forked;
  forked.origin.git({"tag", "v1", "feature"});
  const std::map<std::string, ObjectId> expected{{"main", forked.ahead},
                                                 {"v1", forked.two},
                                                 {forked.one.hex(), forked.one},
                                                 {"feature~1", forked.one},
                                                 {"refs/heads/feature~1", forked.one},
                                                 {"HEAD", forked.ahead}};
  for (const auto& example : expected) {
    CAPTURE(example.first);
    const auto range = resolve_range(forked.repository, example.first);
    CHECK(range.commits == std::vector{example.second});
    CHECK_FALSE(range.base);
    CHECK_FALSE(range.tip);
  }
}

TEST_CASE("nothing given: the current branch, the last commit of the default one, a detached head") {
  const Forked forked;
  CHECK(resolve_range(forked.repository, "").commits == std::vector{forked.ahead});
  forked.origin.checkout("feature");
  CHECK(resolve_range(forked.repository, "").commits == std::vector{forked.one, forked.two});
  forked.origin.git({"checkout", "-q", "--detach", "feature"});
  const auto detached = resolve_range(forked.repository, "");
  CHECK(detached.commits == std::vector{forked.one, forked.two});
  CHECK(detached.text == "main..HEAD");
}

TEST_CASE("on a clone's default branch: what is not yet pushed, else the last commit") {
  const Forked forked;
  forked.origin.git({"clone", "-q", forked.origin.path(), forked.origin.beside("clone")});
  const auto repository = Repository::open(forked.origin.beside("clone"));
  CHECK(resolve_range(repository, "").commits == std::vector{forked.ahead});
  for (int commit = 0; commit < 2; ++commit) {
    forked.origin.git({"commit", "-q", "--allow-empty", "-m", "x"}, {}, forked.origin.beside("clone"));
  }
  const auto range = resolve_range(repository, "");
  CHECK(range.commits.size() == 2);
  CHECK(range.base == forked.ahead);
}

TEST_CASE("an unrelated branch is judged whole") {
  GitRepository origin;
  origin.commit({{"a", "1"}});
  origin.git({"checkout", "-q", "--orphan", "other"});
  const auto commit = origin.commit({{"b", "1"}});
  const auto range = resolve_range(Repository::open(origin.path()), "other");
  CHECK(range.commits == std::vector{commit});
  CHECK_FALSE(range.base);
}

TEST_CASE("unknown revisions are named") {
  const Forked forked;
  for (const char* text : {"nowhere", "nowhere..main", "main...nowhere", "--all"}) {
    CHECK_THROWS_AS(resolve_range(forked.repository, text), util::UsageError);
  }
  CHECK_THROWS_WITH_AS(resolve_range(forked.repository, "main..nowhere"),
                       doctest::Contains("unknown revision: nowhere"), util::UsageError);
}

TEST_CASE("an empty repository has an empty range") {
  const GitRepository origin;
  const auto repository = Repository::open(origin.path());
  CHECK(resolve_range(repository, "").commits.empty());
  CHECK(all_commits(repository).commits.empty());
}

TEST_CASE("all: every commit of every reference, oldest first, whatever else tags name") {
  const Forked forked;
  forked.origin.git({"tag", "blob", "HEAD:a"});
  forked.origin.git({"symbolic-ref", "refs/heads/dangling", "refs/heads/nowhere"});
  CHECK(all_commits(forked.repository).commits == std::vector{forked.root, forked.one, forked.two, forked.ahead});
}
