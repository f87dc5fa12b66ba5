// The staged tree is the one that git would commit, and writing nothing proves it.
#include <doctest/doctest.h>

#include "git/repository.h"
#include "support/repository.h"
#include "util/error.h"

using namespace tollbar;
using git::Repository;
using test::GitRepository;

namespace {

std::string object_count(const GitRepository& origin) {
  return origin.git({"count-objects"});
}

}  // namespace

TEST_CASE("the staged tree has the id that git would write, and can be read before it is written") {
  GitRepository origin;
  origin.commit({{"a", "1"}, {"a.b", "2"}, {"a-c/x", "3"}, {"d/e/f", "4"}, {"d/g", "5"}, {"z", "6"}});
  origin.write("d/e/f", "changed");
  origin.write("new/deep/file", "7");
  origin.git({"rm", "-q", "z"});
  origin.git({"add", "--all"});
  origin.git({"update-index", "--chmod=+x", "a"});
  origin.write("d/g", "not staged");
  const std::string before = object_count(origin);
  const auto repository = Repository::open(origin.path());
  const auto staged = repository.staged_tree();
  CHECK(object_count(origin) == before);
  const auto head = repository.commit(origin.id("HEAD")).tree;
  std::string paths;
  for (const auto& delta : git::diff_trees(repository, head, staged)) {
    paths += delta.path + ' ';
  }
  CHECK(paths == "a d/e/f new/deep/file z ");
  const auto second = repository.reopen();
  git::RepositoryTree tree(second, staged);
  CHECK(*tree.read(*tree.find("new/deep/file")).bytes == "7");
  CHECK(staged.hex() == origin.git({"write-tree"}));
}

TEST_CASE("an empty index is the empty tree") {
  const GitRepository origin;
  const auto repository = Repository::open(origin.path());
  CHECK(repository.staged_tree() == repository.empty_tree());
  CHECK(repository.empty_tree().hex() == "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
}

TEST_CASE("intent-to-add entries are not staged") {
  GitRepository origin;
  const auto commit = origin.commit({{"a", "1"}});
  origin.write("intended", "2");
  origin.git({"add", "--intent-to-add", "intended"});
  const auto repository = Repository::open(origin.path());
  CHECK(repository.staged_tree() == repository.commit(commit).tree);
}

TEST_CASE("an unmerged index is an error that names the path") {
  GitRepository origin;
  origin.commit({{"a", "1"}});
  origin.branch("other");
  origin.commit({{"a", "2"}});
  origin.checkout("main");
  origin.commit({{"a", "3"}});
  CHECK_FALSE(origin.try_git({"merge", "other"}).succeeded());
  CHECK_THROWS_WITH_AS(Repository::open(origin.path()).staged_tree(), doctest::Contains("a is unmerged"), util::Error);
}

TEST_CASE("the index that git names to its hooks is the one that counts") {
  GitRepository origin;
  const auto commit = origin.commit({{"a", "1"}});
  std::filesystem::copy_file(origin.file(".git/index"), origin.file(".git/other-index"));
  std::string expected;
  {
    const test::ScopedVariable index("GIT_INDEX_FILE", origin.file(".git/other-index"));
    origin.write("a", "2");
    origin.git({"add", "a"});
    expected = origin.git({"write-tree"});
    CHECK(Repository::open(origin.path(), {true, false}).staged_tree().hex() == expected);
  }
  const auto repository = Repository::open(origin.path());
  CHECK(repository.staged_tree() == repository.commit(commit).tree);
  CHECK(repository.staged_tree().hex() != expected);
}

TEST_CASE("split and sparse indexes, which libgit2 does not know") {
  GitRepository origin;
  origin.commit({{"a", "1"}, {"d/b", "2"}, {"e/f/c", "3"}});
  SUBCASE("split") {
    origin.git({"update-index", "--split-index"});
  }
  SUBCASE("sparse") {
    origin.git({"sparse-checkout", "init", "--cone", "--sparse-index"});
    origin.git({"sparse-checkout", "set", "d"});
  }
  SUBCASE("version 4") {
    origin.git({"update-index", "--index-version", "4"});
  }
  origin.write("a", "changed");
  origin.git({"add", "a"});
  origin.write("intended", "2");
  origin.git({"add", "--intent-to-add", "--sparse", "intended"});
  const auto repository = Repository::open(origin.path());
  const auto staged = repository.staged_tree();
  const auto deltas = git::diff_trees(repository, repository.commit(origin.id("HEAD")).tree, staged);
  REQUIRE(deltas.size() == 1);
  CHECK(deltas[0].path == "a");
  CHECK(staged.hex() == origin.git({"write-tree"}));
}
