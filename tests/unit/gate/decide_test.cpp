// From findings to verdicts: settings, waivers, merges and what an approval binds to.
#include "gate/decide.h"

#include <doctest/doctest.h>

#include "fixtures.h"
#include "gate/fingerprint.h"
#include "gate/judge.h"
#include "util/sha256.h"

namespace tollbar::gate {
namespace {

using model::Decision;
using model::Status;

constexpr Date today{2026, 6, 1};

Verdict decided(std::vector<model::Finding> findings, std::string_view policy = "version: 1\n") {
  Verdict verdict;
  decide(verdict, std::move(findings), read_policy(policy, "p.yml", rules(), today), today);
  return verdict;
}

std::string waiver(std::string_view rule, std::string_view path, std::string_view expires) {
  return "version: 1\nwaivers: [{rule: '" + std::string(rule) + "', path: '" + std::string(path) +
         "', reason: known, owner: '@ci', expires: " + std::string(expires) + "}]\n";
}

TEST_CASE("the strongest finding decides") {
  CHECK(decided({}).status == Status::allowed);
  CHECK(decided({finding("a/b", "x", Decision::approve)}).status == Status::needs_approval);
  const Verdict both = decided({finding("a/b", "x", Decision::approve), finding("c/d", "y", Decision::block)});
  CHECK(both.status == Status::blocked);
  CHECK(both.decision == Decision::block);
  CHECK(both.findings.front().rule == "c/d");
}

TEST_CASE("whom to ask about the strongest finding, and whether already here") {
  const std::string policy =
      "version: 1\nlocal: {approve: refuse}\n"
      "rules: {checks/removed: {decision: approve, approvers: {teams: [platform], count: 2}}}\n";
  const Verdict verdict = decided({finding("checks/removed", "x")}, policy);
  CHECK(verdict.approvers == approval::Quorum{{{"platform"}, false, 2}});
  CHECK(verdict.approve_locally);
  CHECK_FALSE(decided({finding("checks/removed", "x")}).approve_locally);
  CHECK(decided({}, policy).approvers.empty());
}

TEST_CASE("findings stand strongest first, then by path, line and rule") {
  model::Finding late = finding("a/a", "b", Decision::approve);
  late.line = 9;
  model::Finding early = finding("z/z", "b", Decision::approve);
  early.line = 2;
  const Verdict verdict = decided({late, early, finding("a/a", "a", Decision::approve), finding("y/y", "z")});
  std::string order;
  for (const auto& each : verdict.findings) {
    order += each.rule + " " + each.path + ";";
  }
  CHECK(order == "y/y z;a/a a;z/z b;a/a b;");
}

TEST_CASE("what a commit says of its agent tightens as the policy wants, and loosens nothing") {
  const auto decided_for = [](std::vector<std::string> agents, std::string_view settings, Decision decision) {
    Verdict verdict;
    verdict.agents = std::move(agents);
    const Policy policy = read_policy("version: 1\n" + std::string(settings), "p.yml", rules(), today);
    decide(verdict, {finding("checks/removed", "x", decision)}, policy, today);
    return verdict.decision;
  };
  const std::string any = "agents: {'*': {disabled-check: block}}\n";
  CHECK(decided_for({"codex"}, any, Decision::approve) == Decision::block);
  CHECK(decided_for({}, any, Decision::approve) == Decision::approve);
  CHECK(decided_for({"codex"}, "agents: {codex: {release-target: block}}\n", Decision::approve) == Decision::approve);
  CHECK(decided_for({"codex"}, "agents: {codex: {disabled-check: approve}}\n", Decision::block) == Decision::block);
  CHECK(decided_for({"amp", "codex"}, "agents: {cod*: {disabled-check: approve}}\n", Decision::allow) ==
        Decision::approve);
  const std::string eased = "rules: {checks/removed: allow}\n";
  CHECK(decided_for({"codex"}, eased + "agents: {codex: {disabled-check: approve}}\n", Decision::block) ==
        Decision::approve);
}

TEST_CASE("the policy's decision and risk take the rule's place") {
  const std::string policy = "version: 1\nrules: {checks/removed: {decision: approve, risk: low}}\n";
  const Verdict verdict = decided({finding("checks/removed", "x")}, policy);
  CHECK(verdict.status == Status::needs_approval);
  CHECK(verdict.findings.front().risk == model::Risk::low);
  CHECK(decided({finding("checks/neutered", "x")}, policy).status == Status::blocked);
  const Verdict allowed = decided({finding("checks/removed", "x")}, "version: 1\nrules: {checks/removed: allow}\n");
  CHECK(allowed.status == Status::allowed);
  CHECK(allowed.findings.size() == 1);
}

TEST_CASE("a waiver counts for its rule, its path and up to its last day") {
  const auto status = [](std::string_view rule, std::string_view path, std::string_view expires) {
    return decided({finding("checks/removed", ".github/workflows/old.yml")}, waiver(rule, path, expires)).status;
  };
  CHECK(status("checks/removed", ".github/workflows/old.yml", "2026-06-01") == Status::allowed);
  CHECK(status("checks/*", ".github/**", "2026-06-02") == Status::allowed);
  CHECK(status("checks/removed", ".github/workflows/old.yml", "2026-05-31") == Status::blocked);
  CHECK(status("checks/neutered", ".github/workflows/old.yml", "2027-01-01") == Status::blocked);
  CHECK(status("checks/removed", ".github/workflows/new.yml", "2027-01-01") == Status::blocked);
}

TEST_CASE("a waived finding is kept, an expired waiver is told") {
  const Verdict waived = decided({finding("checks/removed", "x")}, waiver("checks/removed", "x", "2026-12-31"));
  REQUIRE(waived.findings.size() == 1);
  REQUIRE(waived.findings[0].waived.size() == 1);
  CHECK(waived.findings[0].waived[0].reason == "known");
  CHECK(waived.findings[0].waived[0].owner == "@ci");
  CHECK(waived.findings[0].waived[0].expires == "2026-12-31");
  const Verdict expired = decided({finding("checks/removed", "x")}, waiver("checks/removed", "x", "2026-01-31"));
  CHECK(expired.findings[0].waived.empty());
  CHECK(expired.findings[0].message == "It happened. (The waiver of @ci expired on 2026-01-31.)");
}

TEST_CASE("ignored paths are waived, whatever their case") {
  const std::string policy = "version: 1\nignore: [docs/]\n";
  const Verdict verdict =
      decided({finding("checks/removed", "Docs/ci.yml"), finding("checks/removed", "docs2/ci.yml")}, policy);
  CHECK(verdict.status == Status::blocked);
  REQUIRE(verdict.findings.size() == 2);
  CHECK(verdict.findings[0].path == "docs2/ci.yml");
  REQUIRE(verdict.findings[1].waived.size() == 1);
  CHECK(verdict.findings[1].waived[0].reason == "ignored by policy");
}

TEST_CASE("what cannot be evaluated refuses, unless it does not count") {
  model::Finding unread = finding("checks/removed", "x", Decision::approve);
  unread.undecided = true;
  unread.message = "The file is too large.";
  const Verdict verdict = decided({unread, finding("checks/neutered", "y")});
  CHECK(verdict.status == Status::undecided);
  CHECK(verdict.decision == Decision::block);
  CHECK(verdict.undecided == "The file is too large.");
  CHECK(decided({unread}, waiver("checks/removed", "x", "2027-01-01")).status == Status::allowed);
  unread.message.clear();
  CHECK(decided({unread}).undecided == "checks/removed could not be evaluated");
}

TEST_CASE("the exit code: undecided before blocked before needing approval") {
  ScanResult result;
  CHECK(result.exit_code() == 0);
  Verdict verdict;
  const auto with = [&](Status status) {
    verdict.status = status;
    result.count(verdict);
    return result.exit_code();
  };
  CHECK(with(Status::allowed) == 0);
  CHECK(with(Status::approved) == 0);
  CHECK(with(Status::needs_approval) == 3);
  CHECK(with(Status::blocked) == 1);
  CHECK(with(Status::undecided) == 4);
}

TEST_CASE("a merge answers for what appears against every parent") {
  const auto ours = finding("checks/removed", "a");
  auto theirs = finding("checks/removed", "b");
  auto own = finding("workflow/runner-changed", "c");
  auto own_from_other = own;
  own.before = "ubuntu";
  own_from_other.before = "macos";
  auto other_after = theirs;
  other_after.after = "different";

  const auto common = common_findings({{ours, own}, {theirs, own_from_other}});
  REQUIRE(common.size() == 1);
  CHECK(common[0].rule == "workflow/runner-changed");
  CHECK(common[0].before == "ubuntu");
  CHECK(common_findings({{theirs}, {other_after}}).empty());
  CHECK(common_findings({{own}, {own}, {ours}}).empty());
  CHECK(common_findings({{own, ours}}).size() == 2);
  CHECK(common_findings({}).empty());
}

TEST_CASE("a merge's own paths differ from every parent") {
  const auto delta = [](const char* path) {
    model::FileDelta made;
    made.path = path;
    return made;
  };
  std::vector<model::FileDelta> first{delta("a"), delta("b"), delta("c")};
  std::vector<model::FileDelta> second{delta("b"), delta("c"), delta("d")};
  std::vector<model::FileDelta> third{delta("c")};
  keep_common_paths({&first, &second, &third});
  REQUIRE(first.size() == 1);
  CHECK(first[0].path == "c");
  CHECK(second.size() == 1);
  CHECK(third.size() == 1);
}

TEST_CASE("a fingerprint is that of its canonical JSON, for ever") {
  model::Finding made = finding("checks/removed", "a\"b\\\n\x01/ö");
  made.before = "x";
  made.context = "pull_request";
  CHECK(approval::fingerprint(fact_of(made)) ==
        util::sha256_hex(
            "{\"after\":\"\",\"before\":\"x\",\"context\":\"pull_request\",\"path\":\"a\\\"b\\\\\\n\\u0001/ö\","
            "\"ref\":\"\",\"repository\":\"\",\"rule\":\"checks/removed\",\"schema\":1,\"subject\":\"job test\"}"));
}

TEST_CASE("a fingerprint changes with the fact and with nothing else") {
  const model::Finding made = finding("checks/removed", "a");
  const std::string print = approval::fingerprint(fact_of(made));
  const auto changed = [&](auto&& change) {
    model::Finding other = made;
    change(other);
    return approval::fingerprint(fact_of(other)) != print;
  };
  CHECK(changed([](auto& f) { f.rule = "x"; }));
  CHECK(changed([](auto& f) { f.path = "x"; }));
  CHECK(changed([](auto& f) { f.subject = "x"; }));
  CHECK(changed([](auto& f) { f.before = "x"; }));
  CHECK(changed([](auto& f) { f.after = "x"; }));
  CHECK(changed([](auto& f) { f.context = "x"; }));
  CHECK(!changed([](auto& f) { f.line = 7; }));
  CHECK(!changed([](auto& f) { f.message = "x"; }));
  CHECK(!changed([](auto& f) { f.risk = model::Risk::critical; }));
  CHECK(approval::fingerprint(fact_of(made, "repo")) != print);
  CHECK(approval::fingerprint(fact_of(made, "", "refs/heads/main")) != print);
  // What stands in one field cannot be mistaken for the next.
  model::Finding a = made;
  model::Finding b = made;
  a.before = "x\",\"context\":\"y";
  b.before = "x";
  b.context = "y";
  CHECK(approval::fingerprint(fact_of(a)) != approval::fingerprint(fact_of(b)));
}

}  // namespace
}  // namespace tollbar::gate
