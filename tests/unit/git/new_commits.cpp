// What a push brings: commits that no reference of some namespaces has.
#include <doctest/doctest.h>

#include "git/repository.h"
#include "support/repository.h"
#include "util/error.h"

namespace tollbar::git {
namespace {

TEST_CASE("references below a namespace hide what they reach, others do not") {
  test::GitRepository work;
  work.commit({{"a", "1"}});
  work.branch("feature");
  const auto first = work.commit({{"a", "2"}});
  const auto second = work.commit({{"a", "3"}});
  work.git({"tag", "-a", "-m", "t", "v1", first.hex()});
  work.git({"update-ref", "refs/headship/x", second.hex()});
  work.checkout("main");
  work.git({"branch", "-D", "feature"});
  const Repository repository = Repository::open(work.path());

  CHECK(repository.commits({second}, {}, {"refs/heads"}) == std::vector{second, first});
  CHECK(repository.commits({second}, {}, {"refs/heads", "refs/tags"}) == std::vector{second});
  CHECK(repository.commits({second}, {second}, {"refs/heads"}).empty());
}

TEST_CASE("tags of trees and blobs hide nothing and stop nothing") {
  test::GitRepository work;
  const auto commit = work.commit({{"a", "1"}});
  work.git({"tag", "-a", "-m", "t", "tree", "HEAD^{tree}"});
  work.git({"tag", "-a", "-m", "t", "blob", "HEAD:a"});
  work.git({"tag", "plain", "HEAD:a"});
  const Repository repository = Repository::open(work.path());
  CHECK(repository.commits({commit}, {}, {"refs/tags"}) == std::vector{commit});
}

TEST_CASE("replace references do not change what a push brings") {
  test::GitRepository work;
  const auto base = work.commit({{"a", "1"}});
  const auto tip = work.commit({{"a", "2"}});
  work.git({"replace", tip.hex(), base.hex()});
  work.git({"update-ref", "refs/heads/main", base.hex()});
  const Repository repository = Repository::open(work.path());
  CHECK(repository.commits({tip}, {}, {"refs/heads"}) == std::vector{tip});
}

TEST_CASE("a boundary of a shallow history is refused, not taken for the beginning") {
  test::GitRepository work;
  work.commit({{"a", "1"}});
  work.commit({{"a", "2"}});
  const auto tip = work.commit({{"a", "3"}});
  work.git({"clone", "--quiet", "--depth=1", "file://" + work.path(), work.beside("shallow")});
  const Repository repository = Repository::open(work.beside("shallow"));
  CHECK_THROWS_AS(repository.commits({tip}, {}, {"refs/tags"}), util::Error);
}

TEST_CASE("a tip that is missing is an error") {
  test::GitRepository work;
  work.commit({{"a", "1"}});
  const Repository repository = Repository::open(work.path());
  const auto missing = model::ObjectId::from_hex("00000000000000000000000000000000000000ff").value();
  CHECK_THROWS_AS(repository.commits({missing}, {}, {"refs/heads"}), util::Error);
}

}  // namespace
}  // namespace tollbar::git
