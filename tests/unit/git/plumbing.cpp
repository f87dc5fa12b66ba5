// Repositories that only git itself can open: the same answers through its plumbing.
#include <doctest/doctest.h>

#include "git/repository.h"
#include "git/revisions.h"
#include "support/repository.h"
#include "util/error.h"

using namespace tollbar;
using git::Repository;
using model::ContentState;
using test::GitRepository;

TEST_CASE("a SHA-256 repository is read in every respect") {
  GitRepository origin({"--object-format=sha256"});
  const auto first = origin.commit({{"a", "1"}, {"d/b", "2"}}, "first");
  origin.branch("feature");
  const auto second = origin.commit({{"d/b", "3"}}, "second");
  origin.git({"tag", "-a", "-m", "x", "v1"});
  origin.git({"tag", "blob", "HEAD:a"});
  origin.git({"symbolic-ref", "refs/heads/dangling", "refs/heads/nowhere"});
  origin.git({"config", "tollbar.policy", "here"});
  const auto repository = Repository::open(origin.path());
  CHECK(first.size == 32);
  CHECK_FALSE(repository.is_bare());
  CHECK_FALSE(repository.is_empty());
  CHECK(repository.git_directory() == std::filesystem::canonical(origin.file(".git")).string());
  CHECK(repository.work_directory() == std::filesystem::canonical(origin.path()).string());
  CHECK(repository.config("tollbar.policy") == "here");
  CHECK_FALSE(repository.config("tollbar.absent"));
  CHECK(repository.head_branch() == "refs/heads/feature");
  CHECK(repository.default_branch() == "refs/heads/main");
  CHECK(repository.references().size() == 4);
  CHECK(repository.reference("refs/heads/main") == first);
  CHECK_FALSE(repository.reference("refs/heads/feature~1"));
  CHECK_FALSE(repository.reference("refs/heads/dangling"));
  CHECK(repository.resolve_commit("v1") == second);
  CHECK(repository.resolve_commit("HEAD~1") == first);
  CHECK_FALSE(repository.resolve_commit("nowhere"));
  CHECK(repository.merge_base(first, second) == first);
  CHECK(repository.commits({second}, {first}) == std::vector{second});
  CHECK(repository.commit(second).subject() == "second");
  CHECK(repository.peel_to_commit(origin.id("v1")) == second);
  CHECK_FALSE(repository.peel_to_commit(origin.id("blob")));
  const auto deltas = git::diff_trees(repository, repository.commit(first).tree, repository.commit(second).tree);
  REQUIRE(deltas.size() == 1);
  CHECK(deltas[0].path == "d/b");
  git::RepositoryTree tree(repository, repository.commit(second).tree);
  CHECK(*tree.read(*deltas[0].after).bytes == "3");
  CHECK_FALSE(repository.header(model::ObjectId::from_hex(std::string(40, '1')).value()));
  CHECK_THROWS_AS(repository.commit(model::ObjectId::from_hex(std::string(64, '1')).value()), util::Error);
  CHECK(git::resolve_range(repository, "").commits == std::vector{second});
}

TEST_CASE("the staged tree of a SHA-256 repository") {
  GitRepository origin({"--object-format=sha256"});
  const auto commit = origin.commit({{"a", "1"}, {"d/b", "2"}});
  origin.write("d/b", "3");
  origin.git({"add", "d/b"});
  const auto repository = Repository::open(origin.path());
  const auto staged = repository.staged_tree();
  CHECK(git::diff_trees(repository, repository.commit(commit).tree, staged).size() == 1);
  CHECK(staged.hex() == origin.git({"write-tree"}));
  CHECK(repository.empty_tree().hex() == "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321");
  CHECK(git::diff_trees(repository, repository.empty_tree(), staged).size() == 2);
}

TEST_CASE("an empty SHA-256 repository") {
  const GitRepository origin({"--object-format=sha256"});
  const auto repository = Repository::open(origin.path());
  CHECK(repository.is_empty());
  CHECK(repository.references().empty());
  CHECK(repository.default_branch().empty());
  CHECK_FALSE(repository.resolve_commit("HEAD"));
  CHECK(repository.staged_tree() == repository.empty_tree());
}

TEST_CASE("corrupt objects are errors, and reading goes on after them") {
  GitRepository origin({"--object-format=sha256"});
  const auto commit = origin.commit({{"corrupt", std::string(1000, 'c')}, {"good", "g"}});
  const std::string corrupt = origin.loose_object(origin.id("HEAD:corrupt"));
  std::string bytes = test::read_file(corrupt);
  bytes.replace(8, 8, "garbage!");
  std::filesystem::remove(corrupt);
  test::write_file(corrupt, bytes);
  const auto repository = Repository::open(origin.path());
  git::RepositoryTree tree(repository, repository.commit(commit).tree);
  CHECK_THROWS_WITH_AS(tree.read(*tree.find("corrupt")), doctest::Contains("read object"), util::Error);
  CHECK(*tree.read(*tree.find("good")).bytes == "g");
}

TEST_CASE("a partial clone: absent blobs are missing and nothing is fetched") {
  GitRepository origin;
  const auto commit = origin.commit({{"a", "1"}, {"d/b", "2"}});
  origin.git({"config", "uploadpack.allowFilter", "true"});
  origin.git(
      {"clone", "-q", "--filter=blob:none", "--no-checkout", "file://" + origin.path(), origin.beside("partial")});
  const auto repository = Repository::open(origin.beside("partial"));
  git::RepositoryTree tree(repository, repository.commit(commit).tree);
  const auto entry = tree.find("d/b");
  REQUIRE(entry);
  CHECK(tree.read(*entry).state == ContentState::missing);
  CHECK(git::diff_trees(repository, repository.empty_tree(), tree.id()).size() == 2);
  CHECK(repository.commits({commit}, {}) == std::vector{commit});
}

TEST_CASE("a partial clone without trees: what cannot be compared is an error") {
  GitRepository origin;
  const auto commit = origin.commit({{"a", "1"}});
  origin.git({"config", "uploadpack.allowFilter", "true"});
  origin.git({"clone", "-q", "--filter=tree:0", "--no-checkout", "file://" + origin.path(), origin.beside("partial")});
  const auto repository = Repository::open(origin.beside("partial"));
  const auto tree = repository.commit(commit).tree;
  CHECK_THROWS_WITH_AS(git::diff_trees(repository, repository.empty_tree(), tree), doctest::Contains("missing"),
                       util::Error);
}

TEST_CASE("a shallow partial clone does not pretend that its boundary is a root") {
  GitRepository origin;
  for (const char* content : {"1", "2", "3"}) {
    origin.commit({{"a", content}});
  }
  origin.git({"config", "uploadpack.allowFilter", "true"});
  origin.git({"clone", "-q", "--filter=blob:none", "--no-checkout", "--depth=2", "file://" + origin.path(),
              origin.beside("partial")});
  const auto repository = Repository::open(origin.beside("partial"));
  CHECK(repository.commits({origin.id("HEAD")}, {origin.id("HEAD~1")}).size() == 1);
  CHECK_THROWS_WITH_AS(repository.commits({origin.id("HEAD")}, {}), doctest::Contains("cut short"), util::Error);
}

TEST_CASE("a format that neither can read is an error with its reason") {
  GitRepository origin;
  origin.commit({{"a", "1"}});
  origin.git({"config", "core.repositoryFormatVersion", "1"});
  origin.git({"config", "extensions.fromTheFuture", "true"});
  CHECK_THROWS_WITH_AS(Repository::open(origin.path()), doctest::Contains("fromthefuture"), util::Error);
}
