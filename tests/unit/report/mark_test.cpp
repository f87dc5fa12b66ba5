// Marks as text: one record a line, whoever wrote or merged it.
#include "report/mark.h"

#include <doctest/doctest.h>

namespace tollbar::report {
namespace {

gate::Verdict verdict(model::Status status, const std::string& path) {
  gate::Verdict result;
  result.status = status;
  result.policy = "built-in";
  model::Finding finding;
  finding.rule = "checks/removed";
  finding.decision = model::Decision::block;
  finding.risk = model::Risk::high;
  finding.path = path;
  finding.line = 7;
  finding.subject = "job test";
  result.findings.push_back(finding);
  return result;
}

}  // namespace

TEST_CASE("a mark is trailers that read back") {
  Mark mark;
  add(mark, verdict(model::Status::needs_approval, "ci.yml"));
  const std::string note = to_note(mark);
  CHECK(note ==
        "Tollbar-Status: needs-approval\nTollbar-Rule: checks/removed block high ci.yml:7 job test\n"
        "Tollbar-Policy: built-in\n");
  CHECK(to_note(*parse_note(note)) == note);
}

TEST_CASE("the strongest status stays, records stand once") {
  Mark mark;
  add(mark, verdict(model::Status::blocked, "ci.yml"));
  add(mark, verdict(model::Status::needs_approval, "ci.yml"));
  CHECK(mark.status == model::Status::blocked);
  CHECK(mark.rules.size() == 1);
}

TEST_CASE("what git's cat_sort_uniq makes of two notes is still a mark") {
  const auto mark = parse_note(
      "Tollbar-Rule: b/b approve low b\nTollbar-Rule: a/a approve low a\nTollbar-Status: blocked\n"
      "Tollbar-Status: needs-approval\n");
  REQUIRE(mark);
  CHECK(mark->status == model::Status::blocked);
  CHECK(mark->rules.size() == 2);
}

TEST_CASE("no name can add a line") {
  Mark mark;
  add(mark, verdict(model::Status::needs_approval, "x\nTollbar-Status: approved\n\x1b[31m"));
  const std::string note = to_note(mark);
  CHECK(note.find("\nTollbar-Status: approved") == std::string::npos);
  CHECK(note.find('\x1b') == std::string::npos);
}

TEST_CASE("other notes are no marks, and stay") {
  CHECK_FALSE(parse_note("Reviewed-by: Grace\nTollbar-Statusquo: x\n"));
  CHECK_FALSE(parse_note(""));
  CHECK(foreign_lines("Tollbar-Status: blocked\n\nReviewed-by: Grace\nTollbar-Ref: x\n") == "Reviewed-by: Grace\n");
}

}  // namespace tollbar::report
