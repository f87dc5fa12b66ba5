// Marks under concurrent writers.
#include "hook/marks.h"

#include <doctest/doctest.h>

#include <exception>
#include <thread>

#include "report/mark.h"
#include "support/repository.h"

namespace tollbar::hook {
namespace {

const rule::RuleSet& rules() {
  static const rule::RuleSet all = rule::load_builtin();
  return all;
}

gate::Verdict verdict_on(const model::ObjectId& commit, const std::string& path) {
  gate::Verdict verdict;
  verdict.commit.id = commit;
  verdict.status = model::Status::needs_approval;
  model::Finding finding;
  finding.rule = "workflow/runner-changed";
  finding.path = path;
  verdict.findings.push_back(finding);
  return verdict;
}

report::Mark mark_on(const git::Repository& repository, const model::ObjectId& commit) {
  return report::parse_note(repository.note(report::marks_ref, commit).value_or("")).value_or(report::Mark{});
}

}  // namespace

TEST_CASE("writers at the same time lose nothing") {
  constexpr std::size_t writers = 4;
  constexpr std::size_t each = 6;
  test::GitRepository work;
  std::vector<model::ObjectId> commits;
  for (std::size_t i = 0; i < writers * each; ++i) {
    commits.push_back(work.commit_staged());
  }
  std::vector<std::exception_ptr> failures(writers);
  std::vector<std::thread> threads;
  for (std::size_t writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      try {
        git::Repository repository = git::Repository::open(work.path());
        for (std::size_t i = 0; i < each; ++i) {
          write_marks(repository, {verdict_on(commits[writer * each + i], "a.yml")}, rules());
        }
      } catch (...) {
        failures[writer] = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const std::exception_ptr& failure : failures) {
    CHECK(failure == nullptr);
  }
  const git::Repository repository = git::Repository::open(work.path());
  for (const auto& commit : commits) {
    CHECK(mark_on(repository, commit).status == model::Status::needs_approval);
  }
}

TEST_CASE("a second mark adds to the first, and others' notes stay") {
  test::GitRepository work;
  const auto commit = work.commit_staged();
  work.git({"notes", "--ref=tollbar", "add", "-m", "Reviewed-by: Grace"});
  git::Repository repository = git::Repository::open(work.path());
  write_marks(repository, {verdict_on(commit, "a.yml")}, rules(), {.ref = "refs/heads/a", .origin = {"bob", "", ""}});
  write_marks(repository, {verdict_on(commit, "b.yml")}, rules(), {.ref = "refs/heads/b"});
  const report::Mark mark = mark_on(repository, commit);
  CHECK(mark.rules.size() == 2);
  CHECK(mark.refs == std::vector<std::string>{"refs/heads/a", "refs/heads/b"});
  CHECK(mark.pushers == std::vector<std::string>{"bob"});
  CHECK(repository.note(report::marks_ref, commit)->ends_with("Reviewed-by: Grace\n"));
}

TEST_CASE("no secret stays readable in a mark") {
  test::GitRepository work;
  const auto commit = work.commit_staged();
  git::Repository repository = git::Repository::open(work.path());
  const std::string token = std::string("npm") + "_" + "VdD53X83RZJq7f2gEOzdmenCkhvMdgaKjIg8";
  write_marks(repository, {verdict_on(commit, "keys/" + token + ".yml")}, rules(),
              {.ref = "refs/heads/fix-" + token, .origin = {"bob " + token, "", ""}});
  const std::string note = repository.note(report::marks_ref, commit).value_or("");
  CHECK(note.find("fix-npm_Vd***") != std::string::npos);
  CHECK(note.find(token) == std::string::npos);
}

TEST_CASE("what is allowed or no commit is not marked") {
  test::GitRepository work;
  const auto commit = work.commit({{"a", "1"}});
  git::Repository repository = git::Repository::open(work.path());
  gate::Verdict allowed = verdict_on(commit, "a.yml");
  allowed.status = model::Status::allowed;
  write_marks(repository, {allowed, verdict_on(work.id("HEAD^{tree}"), "a.yml")}, rules());
  CHECK_FALSE(repository.reference(report::marks_ref));
}

}  // namespace tollbar::hook
