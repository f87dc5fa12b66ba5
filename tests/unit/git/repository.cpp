// Opening repositories of every shape, and reading their objects, references and configuration.
#include "git/repository.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "support/repository.h"
#include "util/error.h"

using namespace tollbar;
using git::ObjectType;
using git::Repository;
using model::ContentState;
using test::GitRepository;

namespace {

std::string content_of(const Repository& repository, const model::ObjectId& commit, const std::string& path) {
  git::RepositoryTree tree(repository, repository.commit(commit).tree);
  const auto entry = tree.find(path);
  REQUIRE(entry);
  const auto content = tree.read(*entry);
  REQUIRE(content.state == ContentState::present);
  return *content.bytes;
}

}  // namespace

TEST_CASE("a commit is read in full") {
  GitRepository origin;
  const auto first = origin.commit({{"a", "1"}}, "Subject\n\nBody");
  const auto second = origin.commit({{"a", "2"}}, "Second");
  const auto repository = Repository::open(origin.path());
  const auto commit = repository.commit(first);
  CHECK(commit.id == first);
  CHECK(commit.parents.empty());
  CHECK(commit.author.name == "Ada");
  CHECK(commit.author.email == "ada@example.org");
  CHECK(commit.committer.time == 1'700'000'060);
  CHECK(commit.committer.offset_minutes == 60);
  CHECK(commit.subject() == "Subject");
  CHECK(commit.message == "Subject\n\nBody\n");
  CHECK(repository.commit(second).parents == std::vector{first});
}

TEST_CASE("odd but readable commits: no date, brackets in names, signatures, an offset west") {
  GitRepository origin;
  origin.commit({});
  const std::string tree = "tree " + origin.id("HEAD^{tree}").hex() + '\n';
  const auto repository = Repository::open(origin.path());
  const auto odd = repository.commit(origin.store("commit", tree + "author A <B> C <x@y> 12 -0530\ncommitter nobody\n"
                                                                   "gpgsig -----BEGIN\n \n -----END\n\nmessage \xe9"));
  CHECK(odd.author.time == 12);
  CHECK(odd.author.offset_minutes == -330);
  CHECK(odd.committer.name == "nobody");
  CHECK(odd.committer.time == 0);
  CHECK(odd.message == "message \xe9");
  CHECK(repository.commit(origin.store("commit", tree + "author a <> 1 +0000\ncommitter c <> 1 +0000\n"))
            .message.empty());
}

TEST_CASE("what is no commit is an error that names it") {
  GitRepository origin;
  const auto head = origin.commit({{"a", "1"}});
  const auto repository = Repository::open(origin.path());
  const auto tree = repository.commit(head).tree;
  const auto missing = model::ObjectId::from_hex(std::string(40, '1')).value();
  CHECK_THROWS_WITH_AS(repository.commit(tree), doctest::Contains(tree.hex().c_str()), util::Error);
  CHECK_THROWS_WITH_AS(repository.commit(missing), doctest::Contains("missing"), util::Error);
  for (const char* bytes : {"", "tree 12\n", "author a <> 1 +0000\n", "parent x\n"}) {
    CHECK_THROWS_WITH_AS(repository.commit(origin.store("commit", bytes)), doctest::Contains("malformed"), util::Error);
  }
}

TEST_CASE("objects of each type, headers, and what is not there") {
  GitRepository origin;
  const auto commit = origin.commit({{"a", "123"}});
  origin.git({"tag", "-a", "-m", "x", "v1"});
  const auto repository = Repository::open(origin.path());
  CHECK(repository.header(commit)->type == ObjectType::commit);
  CHECK(repository.header(origin.id("HEAD:a"))->size == 3);
  CHECK(repository.object(origin.id("HEAD:a"))->data == "123");
  CHECK(repository.object(origin.id("HEAD^{tree}"))->type == ObjectType::tree);
  CHECK(repository.object(origin.id("v1"))->type == ObjectType::tag);
  CHECK(repository.peel_to_commit(origin.id("v1")) == commit);
  CHECK(repository.object(repository.empty_tree())->data.empty());
  for (const std::size_t digits : {40u, 64u}) {
    for (const char digit : {'0', '1'}) {
      const auto nothing = model::ObjectId::from_hex(std::string(digits, digit)).value();
      CHECK_FALSE(repository.header(nothing));
      CHECK_FALSE(repository.object(nothing));
    }
  }
}

TEST_CASE("a tree finds files, links and directories, and keeps to its blob limit") {
  GitRepository origin;
  const auto commit = origin.commit({{"a", "1"}, {"a.b", "2"}, {"d/x", "12345"}, {"d.e", ""}, {"d/f/g", "3"}});
  const auto repository = Repository::open(origin.path());
  git::RepositoryTree tree(repository, repository.commit(commit).tree, 4);
  CHECK(tree.find("d")->mode == model::FileMode::directory);
  CHECK(tree.find("d/f/g"));
  CHECK_FALSE(tree.find("d/f/g/h"));
  CHECK_FALSE(tree.find("d/nothing"));
  CHECK_FALSE(tree.find("e"));
  CHECK(tree.find("")->id == tree.id());
  CHECK(tree.find("d/")->mode == model::FileMode::directory);
  for (const auto* odd : {"/", "/a", "d//x", "d/f//", "a/", "a.b/x", "e/x"}) {
    INFO(odd);
    CHECK(tree.find(odd).has_value() == (std::string_view(odd) == "a/"));
  }
  std::string names;
  for (const auto& entry : tree.list("")) {
    names += entry.name + ' ';
  }
  CHECK(names == "a a.b d.e d ");
  CHECK(tree.list("a").empty());
  CHECK(tree.list("d/f").size() == 1);
  const auto large = tree.read(*tree.find("d/x"));
  CHECK(large.state == ContentState::too_large);
  CHECK(large.size == 5);
  CHECK(*tree.read(*tree.find("a.b")).bytes == "2");
}

TEST_CASE("a missing blob is missing, a corrupt one an error") {
  GitRepository origin;
  const auto commit = origin.commit({{"corrupt", std::string(1000, 'c')}, {"missing", "m"}});
  std::filesystem::remove(origin.loose_object(origin.id("HEAD:missing")));
  const std::string corrupt = origin.loose_object(origin.id("HEAD:corrupt"));
  std::string bytes = test::read_file(corrupt);
  bytes.replace(8, 8, "garbage!");
  std::filesystem::remove(corrupt);
  test::write_file(corrupt, bytes);
  const auto repository = Repository::open(origin.path());
  git::RepositoryTree tree(repository, repository.commit(commit).tree);
  CHECK(tree.read(*tree.find("missing")).state == ContentState::missing);
  const auto entry = *tree.find("corrupt");
  CHECK_THROWS_WITH_AS(tree.read(entry), doctest::Contains(("read object " + entry.id.hex()).c_str()), util::Error);
}

TEST_CASE("no repository is a mistake of the user") {
  const test::TemporaryDirectory nowhere;
  test::scrub_environment(nowhere.path());
  CHECK_THROWS_WITH_AS(Repository::open(nowhere.path()), doctest::Contains("no git repository"), util::UsageError);
  CHECK_THROWS_AS(Repository::open(nowhere / "absent"), util::UsageError);
}

TEST_CASE("an empty repository, bare or not") {
  const GitRepository work;
  const GitRepository bare({"--bare"});
  const auto repository = Repository::open(work.path());
  CHECK(repository.is_empty());
  CHECK_FALSE(repository.is_bare());
  CHECK(repository.work_directory() == std::filesystem::canonical(work.path()).string());
  CHECK(repository.git_directory() == repository.work_directory() + "/.git");
  CHECK(repository.head_branch() == "refs/heads/main");
  CHECK(repository.default_branch().empty());
  CHECK(repository.references().empty());
  CHECK_FALSE(repository.resolve_commit("HEAD"));
  CHECK(Repository::open(bare.path()).is_bare());
  CHECK(Repository::open(bare.path()).work_directory().empty());
  CHECK(Repository::open(bare.path()).is_empty());
}

TEST_CASE("a repository is found from below, from a linked worktree, through alternates, and bare") {
  GitRepository origin;
  const auto commit = origin.commit({{"d/a", "1"}});
  origin.git({"worktree", "add", "-q", "-b", "other", origin.beside("linked")});
  origin.git({"clone", "-q", "--shared", origin.path(), origin.beside("shared")});
  origin.git({"clone", "-q", "--bare", origin.path(), origin.beside("bare")});
  for (const std::string& path :
       {origin.file("d"), origin.beside("linked"), origin.beside("shared"), origin.beside("bare")}) {
    CAPTURE(path);
    CHECK(content_of(Repository::open(path), commit, "d/a") == "1");
  }
  CHECK(Repository::open(origin.beside("linked")).head_branch() == "refs/heads/other");
}

TEST_CASE("references: tags unpeeled, tags of blobs, symbolic and dangling ones") {
  GitRepository origin;
  const auto commit = origin.commit({{"a", "1"}});
  origin.git({"tag", "-a", "-m", "x", "annotated"});
  origin.git({"tag", "blob", "HEAD:a"});
  origin.git({"tag", "tree", "HEAD^{tree}"});
  origin.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  origin.git({"symbolic-ref", "refs/heads/dangling", "refs/heads/nowhere"});
  const auto repository = Repository::open(origin.path());
  std::map<std::string, model::ObjectId> references;
  for (const auto& reference : repository.references()) {
    references.emplace(reference.name, reference.id);
  }
  CHECK(references.size() == 5);
  CHECK(references.at("refs/heads/main") == commit);
  CHECK(references.at("refs/heads/alias") == commit);
  CHECK(references.at("refs/tags/annotated") == origin.id("annotated"));
  CHECK(references.at("refs/tags/blob") == origin.id("HEAD:a"));
  CHECK_FALSE(repository.peel_to_commit(references.at("refs/tags/blob")));
  CHECK_FALSE(repository.is_empty());
  CHECK(repository.reference("refs/heads/alias") == commit);
  CHECK_FALSE(repository.reference("refs/heads/dangling"));
  CHECK_FALSE(repository.reference("refs/heads/main~0"));
  CHECK_FALSE(repository.reference("refs/heads/nowhere"));
}

TEST_CASE("another user's repository is refused, unless git trusts it or we are told to") {
  GitRepository origin;
  const auto commit = origin.commit({{"a", "1"}});
  constexpr uid_t somebody = 12345;
  if (::geteuid() != 0 || ::chown(origin.path().c_str(), somebody, somebody) != 0 ||
      ::chown(origin.file(".git").c_str(), somebody, somebody) != 0) {
    return;  // only root can give files away
  }
  CHECK_THROWS_WITH_AS(Repository::open(origin.path()), doctest::Contains("safe.directory"), util::Error);
  CHECK(Repository::open(origin.path(), {false, true}).header(commit));
  CHECK_THROWS_AS(Repository::open(origin.path()), util::Error);
  origin.git({"config", "--global", "safe.directory", "*"});
  CHECK(Repository::open(origin.path()).header(commit));
}

TEST_CASE("revisions: as git understands them, and unknown ones") {
  GitRepository origin;
  const auto first = origin.commit({}, "first");
  const auto second = origin.commit({}, "second");
  origin.git({"tag", "-a", "-m", "x", "v1"});
  const auto repository = Repository::open(origin.path());
  CHECK(repository.resolve_commit("HEAD~1") == first);
  CHECK(repository.resolve_commit("v1") == second);
  CHECK(repository.resolve_commit(second.hex()) == second);
  CHECK(repository.resolve_commit(second.short_hex(8)) == second);
  CHECK(repository.resolve_commit(":/first") == first);
  CHECK(repository.resolve_commit("main@{0}") == second);
  for (const char* unknown :
       {"", "nowhere", "HEAD~9", "--all", "HEAD^{tree}", "0000000000000000000000000000000000000000"}) {
    CAPTURE(unknown);
    CHECK_FALSE(repository.resolve_commit(unknown));
  }
}

TEST_CASE("replace refs are ignored") {
  GitRepository origin;
  const auto first = origin.commit({{"a", "true"}});
  const auto second = origin.commit({{"a", "false"}});
  origin.git({"replace", first.hex(), second.hex()});
  CHECK(content_of(Repository::open(origin.path()), first, "a") == "true");
}

TEST_CASE("configuration: the last value, and none") {
  const GitRepository origin;
  origin.git({"config", "--add", "tollbar.policy", "one"});
  origin.git({"config", "--add", "tollbar.policy", "two"});
  const auto repository = Repository::open(origin.path());
  CHECK(repository.config("tollbar.policy") == "two");
  CHECK_FALSE(repository.config("tollbar.absent"));
}

TEST_CASE("the default branch: origin's, the configured one, main, master") {
  GitRepository origin({"--initial-branch=trunk"});
  origin.commit({{"a", "1"}});
  CHECK(Repository::open(origin.path()).default_branch().empty());
  origin.git({"branch", "master"});
  CHECK(Repository::open(origin.path()).default_branch() == "refs/heads/master");
  origin.git({"branch", "main"});
  CHECK(Repository::open(origin.path()).default_branch() == "refs/heads/main");
  origin.git({"config", "init.defaultBranch", "trunk"});
  CHECK(Repository::open(origin.path()).default_branch() == "refs/heads/trunk");
  origin.git({"clone", "-q", origin.path(), origin.beside("clone")});
  CHECK(Repository::open(origin.beside("clone")).default_branch() == "refs/remotes/origin/trunk");
}

TEST_CASE("the environment of hooks is obeyed only when asked") {
  GitRepository origin;
  const auto known = origin.commit({{"a", "1"}});
  GitRepository other;
  other.commit({{"b", "2"}});
  const test::ScopedVariable directory("GIT_DIR", origin.file(".git"));
  CHECK_FALSE(Repository::open(other.path()).header(known));
  const auto hooked = Repository::open(other.path(), {true, false});
  CHECK(hooked.header(known));
  const test::ScopedVariable work_tree("GIT_WORK_TREE", other.path());
  CHECK(Repository::open(origin.path(), {true, false}).work_directory() ==
        std::filesystem::canonical(other.path()).string());
}

TEST_CASE("quarantined objects are seen, also where the path of the main ones must be quoted") {
  GitRepository origin;
  const auto old = origin.commit({{"a", "1"}});
  const std::string quarantine = origin.beside("odd:\"name");
  std::filesystem::create_directory(quarantine);
  model::ObjectId pushed;
  {
    const test::ScopedVariable objects("GIT_OBJECT_DIRECTORY", quarantine);
    const test::ScopedVariable alternates("GIT_ALTERNATE_OBJECT_DIRECTORIES", origin.file(".git/objects"));
    pushed = origin.store("blob", "pushed");
    const auto hooked = Repository::open(origin.path(), {true, false});
    CHECK(hooked.header(pushed));
    CHECK(hooked.header(old));
  }
  CHECK_FALSE(Repository::open(origin.path()).header(pushed));
  const test::ScopedVariable quoted("GIT_ALTERNATE_OBJECT_DIRECTORIES", '"' + origin.beside("odd:\\\"name") + '"');
  CHECK(Repository::open(origin.path(), {true, false}).header(pushed));
}

TEST_CASE("a reopened repository reads the same") {
  GitRepository origin;
  const auto commit = origin.commit({{"a", "1"}});
  const auto repository = Repository::open(origin.path());
  const auto second = repository.reopen();
  CHECK(second.commit(commit).tree == repository.commit(commit).tree);
}
