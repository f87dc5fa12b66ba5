// Notes: read through every fan-out, written with compare-and-swap.
#include <doctest/doctest.h>

#include "git/repository.h"
#include "support/repository.h"
#include "util/error.h"

namespace tollbar::git {
namespace {

constexpr const char* notes_ref = "refs/notes/tollbar";

RecordCommit update_of(const Repository& repository, std::map<model::ObjectId, std::string> notes) {
  return {notes_ref,
          repository.reference(notes_ref),
          {"tollbar", "tollbar@localhost", 1'700'000'000, 0},
          "mark",
          std::move(notes),
          {},
          {}};
}

TEST_CASE("a note that was written is read by us and by git") {
  test::GitRepository work;
  const auto commit = work.commit({{"a", "1"}});
  Repository repository = Repository::open(work.path());
  CHECK_FALSE(repository.note(notes_ref, commit));
  CHECK(repository.write_records(update_of(repository, {{commit, "Tollbar-Status: needs-approval\n"}})));
  CHECK(repository.note(notes_ref, commit) == "Tollbar-Status: needs-approval\n");
  CHECK(work.git({"notes", "--ref=tollbar", "show", "HEAD"}) == "Tollbar-Status: needs-approval");
}

TEST_CASE("notes are found in every fan-out that git writes") {
  test::GitRepository work;
  std::vector<model::ObjectId> commits;
  std::string input;
  for (int i = 0; i < 300; ++i) {
    commits.push_back(work.store("commit", "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@b> " +
                                               std::to_string(i) + " +0000\ncommitter A <a@b> 0 +0000\n\nc\n"));
  }
  work.store("tree", "");
  Repository repository = Repository::open(work.path());
  std::map<model::ObjectId, std::string> notes;
  for (const auto& id : commits) {
    notes[id] = id.hex() + '\n';
  }
  CHECK(repository.write_records(update_of(repository, notes)));
  CHECK(work.git({"ls-tree", "--name-only", notes_ref}).find("\nff") != std::string::npos);
  for (const auto& id : commits) {
    CHECK(repository.note(notes_ref, id) == id.hex() + '\n');
  }
  work.git({"notes", "--ref=tollbar", "append", "-m", "more", commits.front().hex()});
  CHECK(repository.note(notes_ref, commits.front()) == commits.front().hex() + "\n\nmore\n");
}

TEST_CASE("a reference that moved meanwhile is left alone") {
  test::GitRepository work;
  const auto commit = work.commit({{"a", "1"}});
  Repository repository = Repository::open(work.path());
  const RecordCommit stale = update_of(repository, {{commit, "late\n"}});
  CHECK(repository.write_records(update_of(repository, {{commit, "first\n"}})));
  CHECK_FALSE(repository.write_records(stale));
  CHECK(repository.note(notes_ref, commit) == "first\n");

  RecordCommit second = update_of(repository, {{commit, "second\n"}});
  CHECK(repository.write_records(update_of(repository, {{commit, "third\n"}})));
  CHECK_FALSE(repository.write_records(second));
  CHECK(repository.note(notes_ref, commit) == "third\n");
}

TEST_CASE("nothing is written while a push is in quarantine") {
  test::GitRepository work;
  const auto commit = work.commit({{"a", "1"}});
  Repository repository = Repository::open(work.path());
  const test::ScopedVariable quarantine("GIT_QUARANTINE_PATH", work.path());
  CHECK_THROWS_AS(repository.write_records(update_of(repository, {{commit, "x\n"}})), util::Error);
  CHECK_FALSE(repository.reference(notes_ref));
}

TEST_CASE("files are added to those that are there, and histories joined") {
  test::GitRepository work;
  const auto commit = work.commit({{"a", "1"}});
  Repository repository = Repository::open(work.path());
  RecordCommit record;
  record.ref = "refs/tollbar/approvals";
  record.message = "one";
  record.files = {{"ab/one.json", "1\n"}};
  CHECK(repository.write_records(record));
  record.tip = repository.reference(record.ref);
  record.files = {{"ab/two.json", "2\n"}};
  record.merged = {commit};
  CHECK(repository.write_records(record));
  CHECK(work.git({"ls-tree", "-r", "--name-only", record.ref}) == "ab/one.json\nab/two.json");
  CHECK(work.git({"rev-list", "--parents", "-1", record.ref}).ends_with(record.tip->hex() + ' ' + commit.hex()));
}

TEST_CASE("a SHA-256 repository keeps notes, too") {
  test::GitRepository work({"--object-format=sha256"});
  const auto commit = work.commit({{"a", "1"}});
  Repository repository = Repository::open(work.path());
  CHECK(repository.write_records(update_of(repository, {{commit, "text\n"}})));
  CHECK(repository.note(notes_ref, commit) == "text\n");
}

}  // namespace
}  // namespace tollbar::git
