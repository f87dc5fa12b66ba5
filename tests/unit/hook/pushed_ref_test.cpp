// What git tells pre-push, with its traps.
#include "hook/pushed_ref.h"

#include <doctest/doctest.h>

#include <sstream>

#include "support/repository.h"
#include "util/error.h"

namespace tollbar::hook {
namespace {

const std::string some(40, 'a');
const std::string zero(40, '0');

std::vector<PushedRef> read(const std::string& text) {
  std::istringstream in(text);
  return read_pushed_refs(in);
}

TEST_CASE("one line a ref; the local name may hold spaces") {
  const auto refs = read("refs/heads/main " + some + " refs/heads/main " + zero + "\n@{1 day ago} " + some +
                         " refs/heads/x " + some + "\n");
  REQUIRE(refs.size() == 2);
  CHECK(refs[0].local_ref == "refs/heads/main");
  CHECK(refs[0].local.hex() == some);
  CHECK(refs[0].remote_ref == "refs/heads/main");
  CHECK(refs[0].remote.is_zero());
  CHECK_FALSE(refs[0].deletes());
  CHECK(refs[1].local_ref == "@{1 day ago}");
  CHECK(refs[1].remote_ref == "refs/heads/x");
}

TEST_CASE("a deletion has no local id; SHA-256 has longer ones") {
  const auto refs = read("(delete) " + zero + " refs/heads/gone " + some + "\n");
  REQUIRE(refs.size() == 1);
  CHECK(refs.front().deletes());
  const std::string long_zero(64, '0');
  CHECK(read("(delete) " + long_zero + " refs/heads/gone " + long_zero + "\n").front().deletes());
}

TEST_CASE("nothing is pushed, nothing is read") {
  CHECK(read("").empty());
}

TEST_CASE("a line that is no ref update is an error, wherever it breaks off") {
  const std::string whole = "main " + some + " refs/heads/main " + zero;
  for (const std::string& line : {std::string(), some, "main " + some, "main " + some + " refs/heads/main", whole + "0",
                                  some + " refs/heads/main " + zero, whole + " "}) {
    CAPTURE(line);
    CHECK_THROWS_AS(read(line + "\n"), util::Error);
  }
}

TEST_CASE("new commits are those that neither the ref nor the remote's branches have") {
  test::GitRepository origin;
  const auto first = origin.commit({{"a", "1"}}, "first");
  const auto second = origin.commit({{"a", "2"}}, "second");
  origin.branch("side");
  const auto third = origin.commit({{"a", "3"}}, "third");
  origin.git({"update-ref", "refs/remotes/origin/main", first.hex()});
  origin.git({"update-ref", "refs/remotes/fork/main", second.hex()});
  const auto repository = git::Repository::open(origin.path());
  const PushedRef fresh{"side", third, "refs/heads/side", {}};

  CHECK(known_namespace(repository, "origin") == "refs/remotes/origin");
  CHECK(known_namespace(repository, "orig") == "refs/remotes");
  CHECK(known_namespace(repository, "https://example.org/x.git") == "refs/remotes");

  const auto to_origin = new_commits(repository, fresh, "refs/remotes/origin", {});
  CHECK(to_origin.commits == std::vector{second, third});  // oldest first
  CHECK(to_origin.base == first);
  CHECK(new_commits(repository, fresh, "refs/remotes/fork", {}).commits == std::vector{third});
  CHECK(new_commits(repository, fresh, "refs/remotes", {}).commits == std::vector{third});
  CHECK(new_commits(repository, fresh, "refs/remotes/origin", {second}).commits == std::vector{third});
  const PushedRef moved{"side", third, "refs/heads/side", second};
  CHECK(new_commits(repository, moved, "refs/remotes/none", {}).base == second);
}

TEST_CASE("an old value that is not known here, a root, and what is no commit") {
  test::GitRepository origin;
  const auto root = origin.commit({{"a", "1"}});
  const auto repository = git::Repository::open(origin.path());
  const auto unknown = *model::ObjectId::from_hex(some);
  const auto range = new_commits(repository, {"main", root, "refs/heads/main", unknown}, "refs/remotes", {});
  CHECK(range.commits == std::vector{root});
  CHECK_FALSE(range.base.has_value());
  const auto blob = new_commits(repository, {"v1", origin.id("HEAD:a"), "refs/tags/v1", {}}, "refs/remotes", {});
  CHECK_FALSE(blob.tip.has_value());
  CHECK(blob.commits.empty());
}

}  // namespace
}  // namespace tollbar::hook
