// The report for people, letter by letter.
#include <doctest/doctest.h>

#include <sstream>

#include "fixtures.h"
#include "report/format.h"

namespace tollbar::report {
namespace {

std::string text_of(const gate::ScanResult& result, const Style& style = {}) {
  std::ostringstream out;
  const auto writer = make_text(out, style);
  for (const gate::Verdict& verdict : result.verdicts) {
    writer->verdict(verdict);
  }
  writer->finish(result);
  return out.str();
}

gate::ScanResult three_commits() {
  return result_of({verdict_of('1', "Speed up CI\n\nIt was slow.\n", model::Status::blocked, {neutered()}),
                    verdict_of('2', "Fix a typo\n", model::Status::allowed, {}),
                    verdict_of('3', "Lint here\n", model::Status::needs_approval, {runner()})});
}

TEST_CASE("a verdict line, the place, the picture, the reason and the way on") {
  CHECK(text_of(three_commits()) ==
        R"(blocked    111111111111  Speed up CI
  checks/neutered  .github/workflows/ci.yml:31  critical
    job test / step Unit tests
      - pytest -q
      + pytest -q || true
    A failing test no longer stops the change.
    next: put the failing status back, or ask an owner of this check.

approve    333333333333  Lint here
  workflow/runner-changed  .github/workflows/ci.yml:12  high
    job lint
      - ubuntu-24.04
      + self-hosted
    Job lint now runs on a machine of yours.
    next: ask the owners of that runner.

2 of 3 commits need attention: 1 blocked, 1 needs approval; 1 allowed.
Trying again unchanged ends the same way; commits not listed here are not
affected.
What a rule means: tollbar explain checks/neutered
)");
}

TEST_CASE("ordinary commits print nothing but a count") {
  CHECK(text_of(result_of({verdict_of('2', "Fix a typo\n", model::Status::allowed, {})})) == "1 commit allowed.\n");
  CHECK(text_of(result_of({})) == "No commits to judge in main..feature.\n");
}

TEST_CASE("a finding weaker than the verdict says so") {
  const std::string text = text_of(result_of({verdict_of('1', "x", model::Status::blocked, {neutered(), runner()})}));
  CHECK(text.find("ci.yml:31  critical\n") != std::string::npos);
  CHECK(text.find("ci.yml:12  high (approve)\n") != std::string::npos);
}

TEST_CASE("quiet leaves the verdict lines alone") {
  CHECK(text_of(three_commits(), {Colour::off, 80, Detail::quiet}) ==
        "blocked    111111111111  Speed up CI\napprove    333333333333  Lint here\n");
}

TEST_CASE("several findings of one place stand together") {
  model::Finding second = neutered();
  second.rule = "workflow/step-changed";
  second.decision = model::Decision::approve;
  second.message = "A step changed.";
  const std::string text = text_of(result_of({verdict_of('1', "x", model::Status::blocked, {neutered(), second})}));
  CHECK(text.find("    also: workflow/step-changed: A step changed.\n") != std::string::npos);
  CHECK(text.find("+ pytest", text.find("+ pytest") + 1) == std::string::npos);
}

TEST_CASE("colour touches the verdict word and the picture only") {
  const std::string text = text_of(three_commits(), {Colour::on, 80, Detail::normal});
  CHECK(text.rfind("\x1b[31mblocked\x1b[0m    111111111111  Speed up CI\n", 0) == 0);
  CHECK(text.find("      \x1b[32m+ pytest -q || true\x1b[0m\n") != std::string::npos);
  CHECK(text.find("\x1b[33mapprove\x1b[0m    333333333333") != std::string::npos);
}

TEST_CASE("what strangers wrote cannot steer the terminal") {
  model::Finding finding = neutered();
  finding.path = "a\x1b[2J\n.yml";
  finding.subject = "job \x1b]0;title\x07";
  finding.before = "\x1b[1mbold";
  finding.after = "ok\rrm";
  finding.message = "message\x1b[31m\nallowed    000000000000";
  finding.remedy = "do\x08it";
  finding.reach = {"a\x1b", "b"};
  for (const Detail detail : {Detail::quiet, Detail::normal, Detail::verbose}) {
    const std::string text = text_of(
        result_of({verdict_of('1', "\x1b[31mred\r\nx", model::Status::blocked, {finding})}), {Colour::off, 80, detail});
    for (const char c : text) {
      CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    }
    CHECK(text.find("\nallowed ") == std::string::npos);
  }
}

TEST_CASE("waived findings are counted, and shown when asked") {
  model::Finding waived = neutered();
  waived.waived = {{"old job, goes in March", "@ci", "2027-03-31"}};
  const auto result = result_of({verdict_of('1', "x", model::Status::allowed, {waived})});
  CHECK(text_of(result) == "1 commit allowed.\n1 finding waived or ignored by policy; --verbose shows it.\n");
  const std::string verbose = text_of(result, {Colour::off, 80, Detail::verbose});
  CHECK(verbose.find("checks/neutered  .github/workflows/ci.yml:31  waived\n"
                     "    old job, goes in March, by @ci, until 2027-03-31\n") != std::string::npos);
}

TEST_CASE("an undecided commit says why") {
  gate::Verdict verdict = verdict_of('4', "Big file\n", model::Status::undecided, {});
  verdict.undecided = "look up tree 1234: missing";
  const std::string text = text_of(result_of({verdict}));
  CHECK(text.rfind("undecided  444444444444  Big file\n  look up tree 1234: missing\n  next: ", 0) == 0);
  CHECK(text.find("1 of 1 commit needs attention: 1 undecided; 0 allowed.") != std::string::npos);
}

TEST_CASE("the net change is no commit") {
  gate::ScanResult result = three_commits();
  result.net = verdict_of('3', "Lint here\n", model::Status::blocked, {neutered()});
  result.net->of = gate::Verdict::Of::net;
  result.count(*result.net);
  const std::string text = text_of(result);
  CHECK(text.find("\nblocked    net change  what the commits add up to\n") != std::string::npos);
  CHECK(text.find("2 of 3 commits need attention: 1 blocked, 1 needs approval; 1 allowed.\n"
                  "The net change needs attention, too.\n") != std::string::npos);
}

TEST_CASE("verbose tells every fact") {
  model::Finding finding = neutered();
  finding.authority = {"NPM_TOKEN", "github-secrets", ""};
  finding.target = {"npm registry", "", "left-pad"};
  finding.context = "pull_request";
  const std::string text =
      text_of(result_of({verdict_of('1', "x", model::Status::blocked, {finding})}), {Colour::off, 80, Detail::verbose});
  CHECK(text.find("      trigger: disabled-check\n") != std::string::npos);
  CHECK(text.find("      authority: NPM_TOKEN, github-secrets\n") != std::string::npos);
  CHECK(text.find("      target: npm registry, left-pad\n") != std::string::npos);
  CHECK(text.find("      context: pull_request\n") != std::string::npos);
  CHECK(text.find(std::string(64, 'f')) != std::string::npos);
  CHECK(text.find("  policy: built-in\n") != std::string::npos);
}

}  // namespace
}  // namespace tollbar::report
