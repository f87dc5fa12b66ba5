// Records that are filled to the brim, for the tests of the log and its formats.
#pragma once

#include <string>

#include "evidence/record.h"

namespace tollbar::evidence {

inline JudgedFact fact_of_publishing() {
  JudgedFact fact;
  fact.rule = "credentials/ci-secret";
  fact.trigger = "credentialed-action";
  fact.decision = "approve";
  fact.risk = "high";
  fact.fingerprint = std::string(64, 'f');
  fact.path = ".github/workflows/release.yml";
  fact.subject = "job publish / step Publish";
  fact.after = "NPM_TOKEN";
  fact.action = "publishes to npm";
  fact.message = "Job publish can now use NPM_TOKEN.";
  fact.line = 14;
  fact.owners = {"@acme/platform"};
  fact.owner_source = "CODEOWNERS at 1a2b3c4d5e6f";
  fact.workflow = fact.path;
  fact.job = fact.subject;
  fact.credential = "NPM_TOKEN";
  fact.credential_source = "github-secrets";
  fact.system = "npm registry";
  fact.approvers = {{"grace@example.com", "platform", "SHA256:abc", "Release 2.0, ticket 17", "", std::string(64, 'a'),
                     "2026-12-01T00:00:00Z"}};
  return fact;
}

inline Record decision(std::string title = "Publish to npm") {
  Record record;
  record.time = 1'767'225'600;
  record.version = "0.1.0";
  record.repository = "acme/shop";
  record.ref = "refs/heads/feature";
  record.actor = "ada";
  record.agents = {"claude-code"};
  record.of = "commit";
  record.object = std::string(40, '1');
  record.object_type = "commit";
  record.title = std::move(title);
  record.author = "Ada <ada@example.com>";
  record.committer = record.author;
  record.before = std::string(40, '0');
  record.after = record.object;
  record.decision = "approve";
  record.status = "approved";
  record.outcome = "accepted";
  record.policy = "1a2b3c4d5e6f:.tollbar.yml";
  record.policy_digest = std::string(64, 'b');
  record.facts = {fact_of_publishing()};
  return record;
}

}  // namespace tollbar::evidence
