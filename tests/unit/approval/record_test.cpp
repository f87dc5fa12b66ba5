// Approvals and revocations survive writing and reading, and nothing but what was written is read.
#include "approval/record.h"

#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "util/error.h"

namespace tollbar::approval {
namespace {

Approval example() {
  Approval approval;
  approval.fact = {"0123abcd",
                   "refs/heads/main",
                   ".github/workflows/ci.yml",
                   "workflow/runner-changed",
                   "job test",
                   "ubuntu-latest",
                   "self-hosted",
                   "events: push"};
  approval.binding = model::Binding::file;
  approval.reason = "the new runner \xE2\x80\x94 with more memory";
  approval.created = 1'795'411'000;
  approval.expires = approval.created + 3600;
  approval.approver = "grace@example.com";
  approval.version = "0.1.0";
  approval.policy = std::string(64, 'a');
  approval.nonce = "00112233445566778899aabbccddeeff";
  return approval;
}

Approval reread(const Approval& approval) {
  return read_approval(attest::read_statement(attest::write_statement(to_statement(approval)), "x"), "x");
}

std::string problem_of(const std::function<void(attest::Statement&)>& spoil) {
  attest::Statement statement = to_statement(example());
  spoil(statement);
  try {
    read_approval(statement, "ab/cd.json");
  } catch (const util::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("an approval is read as it was written") {
  CHECK(reread(example()) == example());
  Approval relayed = example();
  relayed.relayed_for = "ada";
  CHECK(reread(relayed) == relayed);
}

TEST_CASE("a revocation is read as it was written") {
  const Revocation revocation{std::string(64, 'b'), std::string(64, 'c'), "the runner was sold", 1'795'411'000,
                              "grace@example.com"};
  CHECK(read_revocation(to_statement(revocation), "x") == revocation);
}

TEST_CASE("an approval with a member too few, too many, wrong or empty is refused with its place") {
  CHECK(problem_of([](auto& statement) { statement.predicate.erase("expires"); }) ==
        "ab/cd.json: no approval: `expires` is missing");
  CHECK(problem_of([](auto& statement) { statement.predicate["scope"] = "all"; }).find("does not know") !=
        std::string::npos);
  CHECK(problem_of([](auto& statement) { statement.predicate["fact"]["scope"] = "all"; }).find("does not know") !=
        std::string::npos);
  CHECK(problem_of([](auto& statement) { statement.predicate["reason"] = ""; }).find("`reason` is empty") !=
        std::string::npos);
  CHECK(problem_of([](auto& statement) { statement.predicate["reason"] = 1; }).find("`reason` is no text") !=
        std::string::npos);
  CHECK(problem_of([](auto& statement) { statement.predicate["binding"] = "all"; }).find("`binding`") !=
        std::string::npos);
  CHECK(problem_of([](auto& statement) { statement.predicate.erase("nonce"); }).find("`nonce` is missing") !=
        std::string::npos);
  for (const char* nonce : {"00112233445566778899aabbccddee", "00112233445566778899AABBCCDDEEFF", "0"}) {
    CHECK(problem_of([&](auto& statement) { statement.predicate["nonce"] = nonce; }).find("`nonce`") !=
          std::string::npos);
  }
  CHECK(problem_of([](auto& statement) { statement.predicate["expires"] = "2026-13-01T00:00:00Z"; }).find("no time") !=
        std::string::npos);
  CHECK(problem_of([](auto& statement) {
          statement.predicate["expires"] = statement.predicate["created"];
        }).find("expires before it begins") != std::string::npos);
}

TEST_CASE("an approval whose fingerprint or subject speaks of something else is refused") {
  CHECK(problem_of([](auto& statement) { statement.predicate["fact"]["after"] = "macos"; }).find("`fingerprint`") !=
        std::string::npos);
  CHECK(problem_of([](auto& statement) {
          statement.subjects.front().digest["sha256"] = std::string(64, '0');
        }).find("its subject") != std::string::npos);
  CHECK(problem_of([](auto& statement) { statement.subjects.clear(); }).find("its subject") != std::string::npos);
  CHECK(problem_of([](auto& statement) { statement.predicate_type = revocation_type; }).find("predicate type") !=
        std::string::npos);
}

TEST_CASE("bytes that are no text become one that no other bytes have") {
  CHECK(as_text("caf\xC3\xA9 \\xff") == "caf\xC3\xA9 \\xff");
  CHECK(as_text("a\\\xFF") ==
        "\xEF\xBF\xBD"
        "a\\\\\\xff");
  CHECK(as_text("\xEF\xBF\xBD"
                "a\\xff") != as_text("a\xFF"));
  Approval approval = example();
  approval.fact.path = as_text("caf\xE9.yml");
  CHECK(reread(approval) == approval);
}

TEST_CASE("every member of a fact takes part in its fingerprint") {
  const Fact fact = example().fact;
  for (std::string Fact::*member : {&Fact::repository, &Fact::ref, &Fact::path, &Fact::rule, &Fact::subject,
                                    &Fact::before, &Fact::after, &Fact::context}) {
    Fact other = fact;
    other.*member += "x";
    CHECK(fingerprint(other) != fingerprint(fact));
  }
}

}  // namespace tollbar::approval
