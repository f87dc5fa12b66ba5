// What a record says, in the shapes of in-toto and SLSA.
#include "evidence/record.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "attest/envelope.h"
#include "evidence/bundle.h"
#include "fixtures.h"
#include "text/pattern.h"
#include "util/error.h"
#include "util/sha256.h"

using namespace tollbar;
using namespace tollbar::evidence;
using Json = nlohmann::json;

namespace {

/// The lines of a bundle as JSON: what any other program reads.
std::vector<Json> envelopes_of(const std::string& bytes) {
  std::vector<Json> envelopes;
  std::istringstream lines(bytes);
  for (std::string line; std::getline(lines, line);) {
    envelopes.push_back(Json::parse(line));
  }
  return envelopes;
}

Json payload_of(const std::string& line) {
  return Json::parse(attest::read_envelope(line, "test").payload);
}

std::pair<Json, Json> statements_of(const Record& record) {
  const std::string bytes = write_bundle(record, {});
  const std::size_t end = bytes.find('\n') + 1;
  return {payload_of(bytes.substr(0, end)), payload_of(bytes.substr(end))};
}

bool is_uri(const Json& text) {
  static const text::Pattern uri(R"(\A[a-z][a-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+\z)");
  return text.is_string() && uri.matches(text.get<std::string>());
}

bool is_timestamp(const Json& text) {
  static const text::Pattern timestamp(R"(\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\z)");
  return text.is_string() && timestamp.matches(text.get<std::string>());
}

bool is_digest_set(const Json& digests) {
  static const text::Pattern hex("\\A[0-9a-f]+\\z");
  bool good = digests.is_object() && !digests.empty();
  for (const auto& [algorithm, digest] : digests.items()) {
    good = good && !algorithm.empty() && digest.is_string() && hex.matches(digest.get<std::string>());
  }
  return good;
}

/// in-toto/attestation, spec/v1/statement.md and resource_descriptor.md.
void check_in_toto(const Json& statement) {
  CHECK(statement.at("_type") == "https://in-toto.io/Statement/v1");
  REQUIRE(statement.at("subject").is_array());
  CHECK_FALSE(statement.at("subject").empty());
  for (const Json& subject : statement.at("subject")) {
    CHECK(is_digest_set(subject.at("digest")));
    CHECK(subject.at("name").is_string());
  }
  CHECK(is_uri(statement.at("predicateType")));
  CHECK(statement.at("predicate").is_object());
}

/// slsa-framework/slsa, docs/spec/v1.1/verification_summary.md.
void check_summary(const Json& statement) {
  CHECK(statement.at("predicateType") == "https://slsa.dev/verification_summary/v1");
  const Json& predicate = statement.at("predicate");
  CHECK(is_uri(predicate.at("verifier").at("id")));
  CHECK(is_timestamp(predicate.at("timeVerified")));
  CHECK(is_uri(predicate.at("resourceUri")));
  CHECK(is_uri(predicate.at("policy").at("uri")));
  if (predicate.at("policy").contains("digest")) {
    CHECK(is_digest_set(predicate.at("policy").at("digest")));
  }
  for (const Json& input : predicate.at("inputAttestations")) {
    CHECK(is_digest_set(input.at("digest")));
    CHECK(is_uri(input.at("uri")));
  }
  const bool passed = predicate.at("verificationResult") == "PASSED";
  CHECK((passed || predicate.at("verificationResult") == "FAILED"));
  REQUIRE(predicate.at("verifiedLevels").is_array());
  for (const Json& level : predicate.at("verifiedLevels")) {
    CHECK(level.is_string());
    CHECK_FALSE(level.get<std::string>().starts_with("SLSA_"));
    CHECK((level == "FAILED") == !passed);
  }
  CHECK(text::Pattern(R"(\A\d+\.\d+\z)").matches(predicate.at("slsaVersion").get<std::string>()));
}

}  // namespace

TEST_CASE("a record and its summary have the shapes of in-toto and SLSA") {
  Record strange = decision();
  strange.ref = "refs/heads/a b\xff";
  strange.policy = "path with blanks/.tollbar.yml";
  strange.repository.clear();
  for (const Record& record : {decision(), strange}) {
    const auto [statement, summary] = statements_of(record);
    check_in_toto(statement);
    check_in_toto(summary);
    check_summary(summary);
    CHECK(summary.at("subject") == statement.at("subject"));
  }
  for (const Json& envelope : envelopes_of(write_bundle(decision(), {}))) {
    CHECK(envelope.at("payloadType") == "application/vnd.in-toto+json");
    CHECK(envelope.at("signatures").is_array());
  }
}

TEST_CASE("the summary names its record and every signed statement by which it passed") {
  Record record = decision();
  record.facts.front().emergency = Emergency{"INC-7",
                                             "Site is down",
                                             "grace@example.com",
                                             "SHA256:abc",
                                             std::string(64, 'e'),
                                             "2026-12-01T00:00:00Z",
                                             "2026-12-04T00:00:00Z"};
  const std::string bytes = write_bundle(record, {});
  const Json inputs = statements_of(record).second.at("predicate").at("inputAttestations");
  REQUIRE(inputs.size() == 3);
  CHECK(inputs[0].at("digest").at("sha256") == util::sha256_hex(bytes.substr(0, bytes.find('\n') + 1)));
  CHECK(inputs[1].at("digest").at("sha256") == std::string(64, 'a'));
  CHECK(inputs[2].at("digest").at("sha256") == std::string(64, 'e'));
}

TEST_CASE("only what was approved, or let through in an emergency, has passed") {
  const auto result = [](const char* status, const char* outcome) {
    Record record = decision();
    record.status = status;
    record.outcome = outcome;
    return statements_of(record).second.at("predicate").at("verificationResult").get<std::string>();
  };
  CHECK(result("approved", "accepted") == "PASSED");
  CHECK(result("break-glass", "accepted") == "PASSED");
  CHECK(result("needs-approval", "accepted") == "FAILED");
  CHECK(result("approved", "refused") == "FAILED");
  CHECK(result("blocked", "refused") == "FAILED");
  CHECK(result("undecided", "refused") == "FAILED");
}

TEST_CASE("every field that nobody could tell says so, and reads as nothing again") {
  Record empty;
  empty.object = std::string(40, '1');
  empty.facts.emplace_back();
  const Json predicate = statements_of(empty).first.at("predicate");
  for (const char* field : {"repository", "ref", "branch", "pullRequest", "actor", "author", "policy", "policyDigest",
                            "validationResult", "finalOutcome", "evidenceLocation", "tollbarVersion"}) {
    CAPTURE(field);
    CHECK(predicate.at(field) == "unknown");
  }
  CHECK(predicate.at("claimedAgents") == Json::array({"unknown"}));
  const Json& fact = predicate.at("facts").at(0);
  for (const char* field : {"workflow", "tool", "credential", "credentialSource", "credentialScope", "action",
                            "targetSystem", "riskTier", "rule"}) {
    CAPTURE(field);
    CHECK(fact.at(field) == "unknown");
  }
  CHECK(fact.at("owners") == Json::array({"unknown"}));
  CHECK(fact.at("approvers") == Json::array());
  CHECK(read_record(to_statement(empty), "test") == empty);
}

TEST_CASE("a record reads as what was written") {
  Record record = decision();
  record.previous = Link{41, std::string(64, 'c')};
  record.number = 42;
  CHECK(read_bundle(write_bundle(record, {}), "test").record == record);
  CHECK(branch_of(record.ref) == "feature");
  CHECK(branch_of("refs/tags/v1") == "");
}

TEST_CASE("a deleted tree, a tag and a blob are named by their own kind of digest") {
  Record record = decision();
  record.object_type = "tag";
  CHECK(statements_of(record).first.at("subject").at(0).at("digest").contains("gitTag"));
  record.object_type = "blob";
  CHECK(statements_of(record).first.at("subject").at(0).at("digest").contains("gitBlob"));
}

TEST_CASE("what is not written as we write it is refused") {
  const std::string bytes = write_bundle(decision(), {});
  const std::size_t end = bytes.find('\n') + 1;
  const std::string summary_of_another =
      write_bundle(decision("Another"), {}).substr(write_bundle(decision("Another"), {}).find('\n') + 1);
  for (const std::string& wrong :
       {bytes.substr(0, end), bytes.substr(end), bytes + "\n", bytes.substr(0, bytes.size() - 1), ' ' + bytes,
        bytes.substr(0, end) + summary_of_another, std::string()}) {
    CAPTURE(wrong.substr(0, 40));
    CHECK_THROWS_AS(read_bundle(wrong, "test"), util::Error);
  }
}
