// The difference of two trees: against expectations, against git itself, and against malformed trees.
#include <doctest/doctest.h>

#include <random>

#include "git/repository.h"
#include "support/repository.h"
#include "util/error.h"

using namespace tollbar;
using git::diff_trees;
using git::Repository;
using model::FileMode;
using test::GitRepository;

namespace {

std::vector<model::FileDelta> delta_of(const Repository& repository, const model::ObjectId& commit) {
  const auto read = repository.commit(commit);
  const auto before = read.parents.empty() ? repository.empty_tree() : repository.commit(read.parents[0]).tree;
  return diff_trees(repository, before, read.tree);
}

std::string side(const std::optional<model::FileEntry>& entry) {
  static const std::map<FileMode, std::string> modes{{FileMode::regular, "100644"},
                                                     {FileMode::executable, "100755"},
                                                     {FileMode::symlink, "120000"},
                                                     {FileMode::submodule, "160000"}};
  return entry ? modes.at(entry->mode) + ' ' + entry->id.hex() : "-";
}

/// `path: before -> after` of each delta, one a line.
std::string text_of(const std::vector<model::FileDelta>& deltas) {
  std::string text;
  for (const auto& delta : deltas) {
    text += delta.path + ": " + side(delta.before) + " -> " + side(delta.after) + '\n';
  }
  return text;
}

std::string letters(const std::vector<model::FileDelta>& deltas) {
  std::string text;
  for (const auto& delta : deltas) {
    text += (delta.added() ? "A " : delta.removed() ? "D " : delta.mode_only() ? "m " : "M ") + delta.path + ' ';
  }
  return text;
}

/// The same text from `git diff-tree -r --raw -z`.
std::string text_of_git(const GitRepository& repository, const std::string& commit) {
  const std::string output = repository.git(
      {"diff-tree", "-r", "--raw", "-z", "--no-renames", "--no-abbrev", "--root", "--no-commit-id", commit});
  std::string text;
  std::size_t at = 0;
  while (at < output.size()) {
    const std::size_t end = output.find('\0', at);
    const std::size_t path_end = output.find('\0', end + 1);
    // `:100644 100755 <id> <id> M`
    std::istringstream line(output.substr(at + 1, end - at - 1));
    std::string old_mode, new_mode, old_id, new_id;
    line >> old_mode >> new_mode >> old_id >> new_id;
    text += output.substr(end + 1, path_end - end - 1) + ": ";
    text += (old_mode == "000000" ? "-" : old_mode + ' ' + old_id) + " -> ";
    text += (new_mode == "000000" ? "-" : new_mode + ' ' + new_id) + '\n';
    at = path_end + 1;
  }
  return text;
}

std::string raw(const model::ObjectId& id) {
  return {id.bytes.begin(), id.bytes.begin() + id.size};
}

std::string raw_entry(const std::string& mode, const std::string& name, const model::ObjectId& id) {
  return mode + ' ' + name + std::string(1, '\0') + raw(id);
}

}  // namespace

TEST_CASE("a root commit adds everything, in git's order") {
  GitRepository origin;
  const auto commit = origin.commit({{"a", "1"}, {"a.b", "2"}, {"d/e/f", "3"}, {"d.txt", "4"}});
  CHECK(letters(delta_of(Repository::open(origin.path()), commit)) == "A a A a.b A d.txt A d/e/f ");
}

TEST_CASE("a rename is a removal and an addition") {
  GitRepository origin;
  origin.commit({{"old", "content"}, {"kept", ""}});
  origin.git({"mv", "old", "new"});
  CHECK(letters(delta_of(Repository::open(origin.path()), origin.commit_staged())) == "A new D old ");
}

TEST_CASE("a mode change keeps the content") {
  GitRepository origin;
  origin.commit({{"script", "#!/bin/sh"}});
  origin.git({"update-index", "--chmod=+x", "script"});
  const auto deltas = delta_of(Repository::open(origin.path()), origin.commit_staged());
  REQUIRE(deltas.size() == 1);
  CHECK(deltas[0].mode_only());
  CHECK(deltas[0].after->mode == FileMode::executable);
}

TEST_CASE("a file becomes a link, a link a submodule") {
  GitRepository origin;
  const auto first = origin.commit({{"it", "target"}});
  std::filesystem::remove(origin.file("it"));
  std::filesystem::create_symlink("target", origin.file("it"));
  const auto link = origin.commit({});
  origin.git({"update-index", "--cacheinfo", "160000," + first.hex() + ",it"});
  const auto submodule = origin.commit_staged();
  const auto repository = Repository::open(origin.path());
  CHECK(delta_of(repository, link)[0].after->mode == FileMode::symlink);
  const auto deltas = delta_of(repository, submodule);
  REQUIRE(deltas.size() == 1);
  CHECK(deltas[0].after->mode == FileMode::submodule);
  CHECK(deltas[0].after->id == first);
  git::RepositoryTree tree(repository, repository.commit(submodule).tree);
  CHECK(tree.read(*tree.find("it")).state == model::ContentState::missing);
}

TEST_CASE("a directory replaced by a file and back shows every path of it") {
  GitRepository origin;
  origin.commit({{"d/a", "1"}, {"d/b/c", "2"}, {"d.x", "3"}});
  origin.git({"rm", "-rq", "d"});
  const auto to_file = origin.commit({{"d", "now a file"}});
  origin.git({"rm", "-q", "d"});
  const auto back = origin.commit({{"d/a", "1"}});
  const auto repository = Repository::open(origin.path());
  CHECK(letters(delta_of(repository, to_file)) == "A d D d/a D d/b/c ");
  CHECK(letters(delta_of(repository, back)) == "D d A d/a ");
}

TEST_CASE("paths are bytes: line feeds, quotes and what is not UTF-8") {
  GitRepository origin;
  const auto commit = origin.commit({{"line\nfeed", "1"}, {"latin\xe9", "2"}, {"qu\"ote", "3"}});
  CHECK(letters(delta_of(Repository::open(origin.path()), commit)) == "A latin\xe9 A line\nfeed A qu\"ote ");
}

TEST_CASE("equal to git diff-tree on a history of random edits") {
  GitRepository origin;
  std::mt19937 random(20240229);
  const auto below = [&random](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  const std::vector<std::string> names{"a", "b", "a.b", "a-c", "a0", "zz", "A"};
  // Fast-import takes what a work tree could not hold at a time, and builds 300 commits in one process.
  std::string stream;
  for (int commit = 1; commit <= 300; ++commit) {
    stream += "commit refs/heads/main\nmark :" + std::to_string(commit) + "\ncommitter Ada <ada@example.org> " +
              std::to_string(1'700'000'000 + commit * 60) + " +0000\ndata 1\nx\n";
    for (unsigned edits = 1 + below(5); edits > 0; --edits) {
      std::string path = names[below(7)];
      for (unsigned depth = below(4); depth > 0; --depth) {
        path += '/' + names[below(7)];
      }
      const unsigned kind = below(10);
      if (kind < 3) {
        stream += "D " + path + '\n';
      } else {
        const std::string content = std::to_string(below(1000));
        const char* mode = kind < 7 ? "100644" : kind < 9 ? "100755" : "120000";
        stream += std::string("M ") + mode + " inline " + path + "\ndata " + std::to_string(content.size()) + '\n' +
                  content + '\n';
      }
    }
    stream += '\n';
  }
  origin.git({"fast-import", "--quiet"}, stream);
  const auto repository = Repository::open(origin.path());
  const auto commits = repository.commits({origin.id("main")}, {});
  REQUIRE(commits.size() == 300);
  for (const auto& commit : commits) {
    REQUIRE(text_of(delta_of(repository, commit)) == text_of_git(origin, commit.hex()));
  }
}

TEST_CASE("malformed trees are errors, wherever they lie") {
  GitRepository origin;
  origin.commit({{"a", "1"}});
  const auto blob = origin.id("HEAD:a");
  const auto good = origin.id("HEAD^{tree}");
  const std::map<std::string, std::string> malformed{
      {"wrong order", raw_entry("100644", "b", blob) + raw_entry("100644", "a", blob)},
      {"duplicate", raw_entry("100644", "a", blob) + raw_entry("100755", "a", blob)},
      {"file and directory of one name",
       raw_entry("100644", "a", blob) + raw_entry("100644", "a.b", blob) + raw_entry("40000", "a", good)},
      {"dot", raw_entry("100644", ".", blob)},
      {"dot dot", raw_entry("40000", "..", good)},
      {".git", raw_entry("40000", ".git", good)},
      {".GIT", raw_entry("40000", ".GIT", good)},
      {"empty name", raw_entry("100644", "", blob)},
      {"slash", raw_entry("100644", "a/b", blob)},
      {"unknown mode", raw_entry("100600", "a", blob)},
      {"mode that is no number", raw_entry("10064x", "a", blob)},
      {"long mode", raw_entry("00000100644", "a", blob)},
      {"truncated id", raw_entry("100644", "a", blob).substr(0, 20)},
      {"no id", "100644 a"},
      {"text", "hello, this is no tree at all"},
  };
  const auto repository = Repository::open(origin.path());
  for (const auto& example : malformed) {
    CAPTURE(example.first);
    const auto tree = origin.store("tree", example.second);
    CHECK_THROWS_WITH_AS(diff_trees(repository, good, tree), doctest::Contains("malformed"), util::Error);
    const auto above = origin.store("tree", raw_entry("40000", "sub", tree));
    CHECK_THROWS_AS(diff_trees(repository, above, good), util::Error);
    CHECK_THROWS_AS(git::RepositoryTree(repository, tree).list(""), util::Error);
  }
}

TEST_CASE("the group-writable files of old histories are regular files") {
  GitRepository origin;
  origin.commit({{"a", "1"}});
  const auto old = origin.store("tree", raw_entry("100664", "a", origin.id("HEAD:a")));
  CHECK(diff_trees(Repository::open(origin.path()), old, origin.id("HEAD^{tree}")).empty());
}

TEST_CASE("a missing subtree is an error, and what stands for a tree must be one") {
  GitRepository origin;
  const auto commit = origin.commit({{"d/a", "1"}});
  const auto repository = Repository::open(origin.path());
  const auto tree = repository.commit(commit).tree;
  CHECK_THROWS_WITH_AS(diff_trees(repository, tree, origin.id("HEAD:d/a")), doctest::Contains("it is a blob"),
                       util::Error);
  std::filesystem::remove(origin.loose_object(origin.id("HEAD:d")));
  const auto fresh = Repository::open(origin.path());
  CHECK_THROWS_WITH_AS(diff_trees(fresh, fresh.empty_tree(), tree), doctest::Contains("missing"), util::Error);
}

TEST_CASE("limits end what would not end") {
  GitRepository origin;
  origin.commit({{"a", "1"}});
  const auto blob = origin.id("HEAD:a");
  const auto repository = Repository::open(origin.path());
  // Each level holds the one below ten times: 10^12 paths, or 10^12 empty directories.
  for (const bool with_files : {true, false}) {
    auto tree = with_files ? origin.store("tree", raw_entry("100644", "f", blob)) : repository.empty_tree();
    for (int level = 0; level < 12; ++level) {
      std::string entries;
      for (char name = 'a'; name < 'k'; ++name) {
        entries += raw_entry("40000", std::string(1, name), tree);
      }
      tree = origin.store("tree", entries);
    }
    CHECK_THROWS_WITH_AS(diff_trees(repository, repository.empty_tree(), tree, {1000, 512, 4096}),
                         doctest::Contains("limit"), util::Error);
  }
  auto deep = origin.store("tree", raw_entry("100644", "f", blob));
  for (int level = 0; level < 6; ++level) {
    deep = origin.store("tree", raw_entry("40000", "directory", deep));
  }
  CHECK(diff_trees(repository, repository.empty_tree(), deep, {10, 6, 62}).size() == 1);
  CHECK_THROWS_AS(diff_trees(repository, repository.empty_tree(), deep, {10, 5, 62}), util::Error);
  CHECK_THROWS_AS(diff_trees(repository, repository.empty_tree(), deep, {10, 6, 60}), util::Error);
}
