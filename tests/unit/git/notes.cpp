// Notes: read through every fan-out, written with compare-and-swap.
#include <doctest/doctest.h>

#include "git/repository.h"
#include "support/repository.h"
#include "util/error.h"

namespace tollbar::git {
namespace {

constexpr const char* notes_ref = "refs/notes/tollbar";

NotesUpdate update_of(const Repository& repository, std::map<model::ObjectId, std::string> notes) {
  return {notes_ref,
          repository.reference(notes_ref),
          {"tollbar", "tollbar@localhost", 1'700'000'000, 0},
          "mark",
          std::move(notes)};
}

TEST_CASE("a note that was written is read by us and by git") {
  test::GitRepository work;
  const auto commit = work.commit({{"a", "1"}});
  Repository repository = Repository::open(work.path());
  CHECK_FALSE(repository.note(notes_ref, commit));
  CHECK(repository.write_notes(update_of(repository, {{commit, "Tollbar-Status: needs-approval\n"}})));
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
  CHECK(repository.write_notes(update_of(repository, notes)));
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
  const NotesUpdate stale = update_of(repository, {{commit, "late\n"}});
  CHECK(repository.write_notes(update_of(repository, {{commit, "first\n"}})));
  CHECK_FALSE(repository.write_notes(stale));
  CHECK(repository.note(notes_ref, commit) == "first\n");

  NotesUpdate second = update_of(repository, {{commit, "second\n"}});
  CHECK(repository.write_notes(update_of(repository, {{commit, "third\n"}})));
  CHECK_FALSE(repository.write_notes(second));
  CHECK(repository.note(notes_ref, commit) == "third\n");
}

TEST_CASE("nothing is written while a push is in quarantine") {
  test::GitRepository work;
  const auto commit = work.commit({{"a", "1"}});
  Repository repository = Repository::open(work.path());
  const test::ScopedVariable quarantine("GIT_QUARANTINE_PATH", work.path());
  CHECK_THROWS_AS(repository.write_notes(update_of(repository, {{commit, "x\n"}})), util::Error);
  CHECK_FALSE(repository.reference(notes_ref));
}

TEST_CASE("a SHA-256 repository keeps notes, too") {
  test::GitRepository work({"--object-format=sha256"});
  const auto commit = work.commit({{"a", "1"}});
  Repository repository = Repository::open(work.path());
  CHECK(repository.write_notes(update_of(repository, {{commit, "text\n"}})));
  CHECK(repository.note(notes_ref, commit) == "text\n");
}

}  // namespace
}  // namespace tollbar::git
