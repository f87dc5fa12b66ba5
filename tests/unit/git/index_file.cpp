// The index read from its file: the same tree as git's own, whatever its cache of trees knows, and nobody else's index.
#include "git/index_file.h"

#include <doctest/doctest.h>

#include <random>

#include "git/repository.h"
#include "support/repository.h"

using namespace tollbar;
using git::Repository;
using test::GitRepository;

namespace {

/// What the reader makes of the index of a repository; empty where it leaves that to others.
std::optional<model::ObjectId> root_of(const GitRepository& origin, const std::string& bytes, git::Overlay& overlay) {
  const auto repository = Repository::open(origin.path());
  const auto has_tree = [&](const model::ObjectId& id) { return repository.header(id).has_value(); };
  return git::staged_root(bytes, 20, has_tree, overlay);
}

std::string root_hex(const GitRepository& origin) {
  git::Overlay overlay;
  const auto root = root_of(origin, test::read_file(origin.file(".git/index")), overlay);
  return root ? root->hex() : "";
}

}  // namespace

TEST_CASE("the tree of an index whose cache knows all, some or nothing") {
  GitRepository origin;
  origin.commit({{"a", "1"}, {"a.b", "2"}, {"a-c/x", "3"}, {"d/e/f", "4"}, {"d/e.f", "5"}, {"d/g/h/i", "6"}});
  CHECK(root_hex(origin) == origin.id("HEAD^{tree}").hex());
  origin.write("d/e/f", "changed");
  origin.write("d/e/new", "7");
  origin.git({"add", "--all"});
  CHECK(root_hex(origin) == origin.git({"write-tree"}));
  origin.git({"rm", "-q", "-r", "d/g", "a-c"});
  origin.git({"update-index", "--chmod=+x", "a"});
  CHECK(root_hex(origin) == origin.git({"write-tree"}));
  origin.git({"read-tree", "--empty"});
  origin.git({"add", "--all"});  // an index without a cache
  CHECK(root_hex(origin) == origin.git({"write-tree"}));
}

TEST_CASE("only what is new is made; what the cache knows stays where it is") {
  GitRepository origin;
  origin.commit({{"kept/a", "1"}, {"kept/b/c", "2"}, {"touched/a", "3"}});
  origin.write("touched/a", "4");
  origin.git({"add", "touched/a"});
  git::Overlay overlay;
  const auto root = root_of(origin, test::read_file(origin.file(".git/index")), overlay);
  REQUIRE(root.has_value());
  CHECK(overlay.find(*root) != nullptr);
  CHECK(overlay.find(origin.id("HEAD:kept")) == nullptr);
  CHECK(overlay.find(origin.id("HEAD:kept/b")) == nullptr);
}

TEST_CASE("a cached tree that the object database lost is made again") {
  GitRepository origin;
  origin.commit({{"kept/a", "1"}, {"touched/a", "3"}});
  const auto kept = origin.id("HEAD:kept");
  origin.write("touched/a", "4");
  origin.git({"add", "touched/a"});
  std::filesystem::remove(origin.loose_object(kept));
  git::Overlay overlay;
  const auto root = root_of(origin, test::read_file(origin.file(".git/index")), overlay);
  CHECK(overlay.find(kept) != nullptr);
  CHECK(root->hex() == origin.git({"write-tree"}));
}

TEST_CASE("many shapes of trees, with every kind of change between two commits") {
  GitRepository origin;
  std::mt19937 random(7);
  const auto number = [&](int most) { return std::to_string(random() % static_cast<unsigned>(most)); };
  for (int round = 0; round < 25; ++round) {
    for (int i = 0; i < 12; ++i) {
      const std::string path = "d" + number(3) + (random() % 2 == 0 ? "/e" + number(3) : ".x") + "/f" + number(4);
      if (random() % 4 == 0) {
        std::filesystem::remove(origin.file(path));
      } else {
        origin.write(path, number(1000));
      }
    }
    origin.git({"add", "--all"});
    CHECK(root_hex(origin) == origin.git({"write-tree"}));
    if (random() % 2 == 0) {
      origin.commit_staged();
    }
  }
}

TEST_CASE("a name too long for its field, and one intended to be added") {
  GitRepository origin;
  const std::string directory(250, 'd');
  std::string path;
  for (int i = 0; i < 17; ++i) {
    path += directory + '/';
  }
  const auto blob = origin.store("blob", "1").hex();
  origin.git({"update-index", "--add", "--cacheinfo", "100644," + blob + "," + path + "x"});
  origin.git({"update-index", "--add", "--cacheinfo", "100644," + blob + ",z"});
  CHECK(root_hex(origin) == origin.git({"write-tree"}));
  origin.write("only/intended", "2");
  origin.git({"add", "--intent-to-add", "only/intended"});
  CHECK(root_hex(origin) == origin.git({"write-tree"}));
}

TEST_CASE("other kinds of indexes are left to others, and still read") {
  for (const auto& change :
       {std::vector<std::string>{"update-index", "--index-version", "4"}, {"update-index", "--split-index"}}) {
    CAPTURE(change.back());
    GitRepository origin;
    origin.commit({{"a", "1"}, {"b/c", "2"}});
    origin.git(change);
    origin.write("b/c", "3");
    origin.git({"add", "--all"});
    CHECK(root_hex(origin).empty());
    CHECK(Repository::open(origin.path()).staged_tree().hex() == origin.git({"write-tree"}));
  }
}

TEST_CASE("a conflict is left to those who name it") {
  GitRepository origin;
  origin.commit({{"a", "1"}});
  origin.branch("side");
  origin.commit({{"a", "2"}});
  origin.checkout("main");
  origin.commit({{"a", "3"}});
  CHECK_FALSE(origin.try_git({"merge", "side"}).succeeded());
  CHECK(root_hex(origin).empty());
}

TEST_CASE("damaged bytes are left to others, wherever they are damaged") {
  GitRepository origin;
  origin.commit({{"a", "1"}, {"b/c", "2"}, {"b/d/e", "3"}});
  origin.write("b/c", "4");
  origin.git({"add", "--all"});
  const std::string whole = test::read_file(origin.file(".git/index"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    git::Overlay overlay;
    static_cast<void>(root_of(origin, whole.substr(0, size), overlay));
  }
  std::mt19937 random(11);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = whole;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    git::Overlay overlay;
    try {
      static_cast<void>(root_of(origin, bytes, overlay));
    } catch (const std::exception&) {  // names and ids can be anything: making trees of them may fail
    }
  }
  CHECK_FALSE(root_of(origin, "", *std::make_unique<git::Overlay>()).has_value());
  CHECK_FALSE(root_of(origin, "DIRC", *std::make_unique<git::Overlay>()).has_value());
}
