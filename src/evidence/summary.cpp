// The predicate https://slsa.dev/verification_summary/v1. Levels are the gate's own, as SLSA's tracks speak of builds.
#include "evidence/summary.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "evidence/bundle.h"

namespace tollbar::evidence {
namespace {

using Json = nlohmann::json;

/// What stands for a text inside a URI (RFC 3986).
std::string in_uri(std::string_view text) {
  std::string uri;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/:").find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

std::string_view level_of(const Record& record) {
  if (record.outcome != "accepted") {
    return "FAILED";
  }
  if (record.status == "approved") {
    return "TOLLBAR_APPROVED";
  }
  if (record.status == "break-glass") {
    return "TOLLBAR_BREAK_GLASS";
  }
  return record.status == "allowed" ? "TOLLBAR_ALLOWED" : "FAILED";
}

/// The record itself, and the signed statements by which it passed.
Json inputs_of(const Record& record, std::string_view envelope_digest) {
  Json inputs = Json::array();
  const auto add = [&](const std::string& uri, std::string_view digest) {
    inputs.push_back({{"uri", uri}, {"digest", {{"sha256", digest}}}});
  };
  add(fmt::format("https://tollbar.dev/log/{}", record.number), envelope_digest);
  std::set<std::string> envelopes;
  for (const JudgedFact& fact : record.facts) {
    for (const Approver& approver : fact.approvers) {
      envelopes.insert(approver.approval);
    }
    if (fact.emergency) {
      envelopes.insert(fact.emergency->envelope);
    }
  }
  for (const std::string& digest : envelopes) {
    if (!digest.empty()) {
      add("https://tollbar.dev/approvals/" + digest, digest);
    }
  }
  return inputs;
}

}  // namespace

attest::Statement summary_of(const Record& record, std::string_view envelope_digest) {
  const std::string_view level = level_of(record);
  Json policy{{"uri", "https://tollbar.dev/policy/" + in_uri(or_unknown(record.policy))}};
  if (!record.policy_digest.empty()) {
    policy["digest"] = {{"sha256", record.policy_digest}};
  }
  Json predicate{
      {"verifier",
       {{"id", "https://tollbar.dev/gate"}, {"version", {{"tollbar", std::string(or_unknown(record.version))}}}}},
      {"timeVerified", util::to_text(record.time)},
      {"resourceUri", fmt::format("git:{}@{}", in_uri(or_unknown(record.repository)), in_uri(or_unknown(record.ref)))},
      {"policy", std::move(policy)},
      {"inputAttestations", inputs_of(record, envelope_digest)},
      {"verificationResult", level == "FAILED" ? "FAILED" : "PASSED"},
      {"verifiedLevels", Json::array({level})},
      {"slsaVersion", "1.1"},
  };
  return {to_statement(record).subjects, std::string(summary_type), std::move(predicate)};
}

}  // namespace tollbar::evidence
