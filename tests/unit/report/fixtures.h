// Findings and verdicts for the tests of reports.
#pragma once

#include <string>
#include <utility>

#include "gate/verdict.h"

namespace tollbar::report {

inline model::Finding neutered() {
  model::Finding finding;
  finding.rule = "checks/neutered";
  finding.trigger = model::Trigger::disabled_check;
  finding.decision = model::Decision::block;
  finding.risk = model::Risk::critical;
  finding.path = ".github/workflows/ci.yml";
  finding.line = 31;
  finding.line_before = 31;
  finding.subject = "job test / step Unit tests";
  finding.before = "pytest -q";
  finding.after = "pytest -q || true";
  finding.action = "lets failing tests through";
  finding.message = "A failing test no longer stops the change.";
  finding.remedy = "put the failing status back, or ask an owner of this check.";
  finding.fingerprint = std::string(64, 'f');
  return finding;
}

inline model::Finding runner() {
  model::Finding finding;
  finding.rule = "workflow/runner-changed";
  finding.decision = model::Decision::approve;
  finding.risk = model::Risk::high;
  finding.path = ".github/workflows/ci.yml";
  finding.line = 12;
  finding.subject = "job lint";
  finding.before = "ubuntu-24.04";
  finding.after = "self-hosted";
  finding.message = "Job lint now runs on a machine of yours.";
  finding.remedy = "ask the owners of that runner.";
  return finding;
}

inline gate::Verdict verdict_of(char digit, std::string message, model::Status status,
                                std::vector<model::Finding> findings) {
  gate::Verdict verdict;
  verdict.commit.id = *model::ObjectId::from_hex(std::string(40, digit));
  verdict.commit.message = std::move(message);
  verdict.status = status;
  verdict.decision = status == model::Status::allowed          ? model::Decision::allow
                     : status == model::Status::needs_approval ? model::Decision::approve
                                                               : model::Decision::block;
  verdict.findings = std::move(findings);
  verdict.policy = "built-in";
  return verdict;
}

inline gate::ScanResult result_of(std::vector<gate::Verdict> verdicts) {
  gate::ScanResult result;
  result.range = "main..feature";
  for (const gate::Verdict& verdict : verdicts) {
    ++result.commits;
    result.count(verdict);
  }
  result.verdicts = std::move(verdicts);
  return result;
}

}  // namespace tollbar::report
