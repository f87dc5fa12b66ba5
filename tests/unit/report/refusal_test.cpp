// The words at a refusal: few lines, nothing raw, one line for programs.
#include "report/refusal.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "fixtures.h"

namespace tollbar::report {
namespace {

std::vector<std::string> lines(const gate::Verdict& verdict, const RefusalContext& context = {}) {
  std::ostringstream out;
  write_refusal(out, verdict, context);
  std::istringstream in(out.str());
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

nlohmann::json machine_line(const std::vector<std::string>& lines) {
  const std::string lead = "tollbar-json: ";
  REQUIRE(lines.back().starts_with(lead));
  return nlohmann::json::parse(lines.back().substr(lead.size()));
}

TEST_CASE("a blocked commit: what, where and why; what next; nothing to try; all again for programs") {
  const auto said = lines(verdict_of('a', "Loosen\n\nBody", model::Status::blocked, {neutered(), runner()}),
                          {.action = "push", .ref = "refs/heads/main"});
  REQUIRE(said.size() == 5);
  CHECK(said[0] ==
        "error: commit aaaaaaaaaaaa (Loosen) is refused: checks/neutered at .github/workflows/ci.yml:31: "
        "A failing test no longer stops the change. (and 1 more)");
  CHECK(said[1] == "hint: put the failing status back, or ask an owner of this check.");
  CHECK(said[2] == "hint: the whole reason, for a person: tollbar explain aaaaaaaaaaaa");
  CHECK(said[3] == "hint: trying again unchanged is refused again; other commits are not affected");
  const auto json = machine_line(said);
  CHECK(json["v"] == 1);
  CHECK(json["decision"] == "block");
  CHECK(json["retryable"] == false);
  CHECK(json["commit"] == std::string(40, 'a'));
  CHECK(json["ref"] == "refs/heads/main");
  CHECK(json["findings"].size() == 2);
  CHECK(json["findings"][0]["rule"] == "checks/neutered");
}

TEST_CASE("a commit without approval names whom to ask, and what shows them what") {
  gate::Verdict verdict = verdict_of('b', "Runner", model::Status::needs_approval, {runner()});
  verdict.approvers = {{{"platform", "security"}, false, 2}};
  const auto said = lines(verdict, {.action = "push", .ref = "refs/heads/main"});
  CHECK(said[0].starts_with("error: commit bbbbbbbbbbbb (Runner) needs approval and is refused without: "));
  CHECK(said[2] ==
        "hint: ask 2 people of platform or security to read and approve it: tollbar approve bbbbbbbbbbbb --reason '...'");
  CHECK(machine_line(said)["approvers"]["count"] == 2);
}

TEST_CASE("what is staged and a net change have no commit to explain") {
  gate::Verdict verdict = verdict_of('a', "Head", model::Status::blocked, {neutered()});
  verdict.of = gate::Verdict::Of::staged;
  auto said = lines(verdict, {.action = "merge"});
  CHECK(said[0].starts_with("error: this merge is refused: "));
  CHECK(said[2] == "hint: what the rule means, for a person: tollbar explain checks/neutered");
  CHECK(said[3] == "hint: trying again unchanged is refused again; other changes are not affected");
  CHECK(machine_line(said)["commit"] == std::string(40, '0'));
  verdict.of = gate::Verdict::Of::net;
  said = lines(verdict, {.action = "push", .ref = "refs/heads/main"});
  CHECK(said[0].starts_with("error: the change of refs/heads/main is refused: "));
  CHECK(said.size() == 5);
  CHECK(machine_line(said)["net"] == true);
}

TEST_CASE("what could not be decided says why") {
  gate::Verdict verdict = verdict_of('c', "Odd", model::Status::undecided, {});
  verdict.undecided = "read tree 1: missing\nand more";
  const auto said = lines(verdict);
  CHECK(said[0] ==
        "error: commit cccccccccccc (Odd) could not be decided and is refused: read tree 1: missing\\nand more");
  CHECK(machine_line(said)["undecided"] == verdict.undecided);
}

TEST_CASE("text of strangers reaches no terminal as it is") {
  gate::Verdict verdict = verdict_of('d', "Red \x1b[31m\r", model::Status::blocked, {neutered()});
  verdict.findings.front().path = "a\nerror: b\x1b]0;t\a\xff";
  verdict.findings.front().remedy = "\xe2\x80\xae";
  const auto said = lines(verdict, {.action = "push", .ref = "refs/heads/\x1b[2J", .line_prefix = "GL-HOOK-ERR: "});
  REQUIRE(said.size() == 5);
  for (std::string line : said) {
    CAPTURE(line);
    CHECK(line.starts_with("GL-HOOK-ERR: "));
    for (const char c : line) {
      CHECK((c >= ' ' && c < '\x7f'));
    }
  }
}

TEST_CASE("many findings are counted, not told") {
  const auto said = lines(verdict_of('e', "Many", model::Status::blocked, std::vector(100, neutered())));
  CHECK(said[0].ends_with("(and 99 more)"));
  const auto json = machine_line(said);
  CHECK(json["findings"].size() == 20);
  CHECK(json["more_findings"] == 80);
}

TEST_CASE("waived findings are no reason") {
  model::Finding waived = neutered();
  waived.waived = {{"known", "@ci", "2027-01-31"}};
  const auto said = lines(verdict_of('f', "Waived", model::Status::needs_approval, {runner(), waived}));
  CHECK(said[0].find("workflow/runner-changed") != std::string::npos);
  CHECK(said[0].find("more)") == std::string::npos);
  CHECK(machine_line(said)["findings"].size() == 1);
}

}  // namespace
}  // namespace tollbar::report
