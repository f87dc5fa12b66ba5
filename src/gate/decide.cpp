// Settings, waivers and the strongest finding.
#include "gate/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "gate/fingerprint.h"

namespace tollbar::gate {
namespace {

void apply_setting(model::Finding& finding, const Policy& policy) {
  const RuleSetting setting = policy.setting(finding.rule, finding.trigger);
  finding.decision = setting.decision.value_or(finding.decision);
  finding.risk = setting.risk.value_or(finding.risk);
}

/// An agent's name is a claim: it tightens what the policy says it tightens and loosens nothing.
void apply_claims(model::Finding& finding, const Policy& policy, const std::vector<std::string>& agents) {
  finding.decision = std::max(finding.decision, policy.least(agents, finding.trigger));
}

void apply_waivers(model::Finding& finding, const Policy& policy, Date today) {
  const std::string path = text::fold_path(finding.path);
  const auto covers = [&](const text::Glob& glob) { return glob.matches(path); };
  if (std::any_of(policy.ignored_paths.begin(), policy.ignored_paths.end(), covers)) {
    finding.waived = {{"ignored by policy", "", ""}};
    return;
  }
  for (const Waiver& waiver : policy.waivers) {
    if (!names_rule(waiver.rule, finding.rule) || !covers(waiver.path)) {
      continue;
    }
    if (waiver.expires >= today) {
      finding.waived = {{waiver.reason, waiver.owner, waiver.expires.text()}};
      return;
    }
    finding.message += fmt::format(" (The waiver of {} expired on {}.)", waiver.owner, waiver.expires.text());
  }
}

bool counts(const model::Finding& finding) {
  return finding.waived.empty() && finding.decision != model::Decision::allow;
}

/// Findings that count come first, then by strength, then where they stand.
auto order_of(const model::Finding& finding) {
  return std::tuple(!counts(finding), -static_cast<int>(finding.decision), std::string_view(finding.path), finding.line,
                    std::string_view(finding.rule), std::string_view(finding.subject));
}

auto identity_of(const model::Finding& finding) {
  return std::tuple(std::string_view(finding.rule), std::string_view(finding.path), std::string_view(finding.subject),
                    std::string_view(finding.after));
}

}  // namespace

void decide(Verdict& verdict, std::vector<model::Finding> findings, const Policy& policy, Date today) {
  for (model::Finding& finding : findings) {
    finding.fingerprint = approval::fingerprint(fact_of(finding));
    apply_setting(finding, policy);
    apply_claims(finding, policy, verdict.agents);
    apply_waivers(finding, policy, today);
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
  verdict.findings = std::move(findings);
  for (model::Finding& finding : verdict.implied) {
    apply_setting(finding, policy);
    apply_claims(finding, policy, verdict.agents);
    apply_waivers(finding, policy, today);
  }
  std::erase_if(verdict.implied, [](const model::Finding& finding) { return !counts(finding); });
  weigh(verdict);
  if (verdict.decision != model::Decision::allow) {
    const model::Finding& strongest = verdict.findings.front();
    verdict.approvers = policy.setting(strongest.rule, strongest.trigger).quorum;
    verdict.approve_locally = policy.local_approval == LocalApproval::refuse;
  }
}

void weigh(Verdict& verdict) {
  verdict.decision = model::Decision::allow;
  verdict.undecided.clear();
  auto open = model::Decision::allow;  // the strongest that nobody approved
  for (const model::Finding& finding : verdict.findings) {
    if (!counts(finding)) {
      continue;
    }
    verdict.decision = std::max(verdict.decision, finding.decision);
    if (finding.undecided) {
      const std::string reason =
          finding.message.empty() ? fmt::format("{} could not be evaluated", finding.rule) : finding.message;
      give_up(verdict, reason);
      return;
    }
    if (finding.approved.empty()) {
      open = std::max(open, finding.decision);
    }
  }
  switch (open) {
    case model::Decision::allow:
      verdict.status = verdict.decision == model::Decision::allow ? model::Status::allowed : model::Status::approved;
      break;
    case model::Decision::approve:
      verdict.status = model::Status::needs_approval;
      break;
    case model::Decision::block:
      verdict.status = model::Status::blocked;
      break;
  }
}

void give_up(Verdict& verdict, std::string_view reason) {
  verdict.decision = model::Decision::block;
  verdict.status = model::Status::undecided;
  verdict.undecided = reason.empty() ? "it could not be judged" : reason;
}

std::vector<model::Finding> common_findings(std::vector<std::vector<model::Finding>> by_parent) {
  if (by_parent.empty()) {
    return {};
  }
  const auto missing_somewhere = [&](const model::Finding& finding) {
    return std::any_of(by_parent.begin() + 1, by_parent.end(), [&](const std::vector<model::Finding>& others) {
      return std::none_of(others.begin(), others.end(),
                          [&](const model::Finding& other) { return identity_of(other) == identity_of(finding); });
    });
  };
  std::vector<model::Finding> common;
  for (model::Finding& finding : by_parent.front()) {
    if (!missing_somewhere(finding)) {
      common.push_back(std::move(finding));
    }
  }
  return common;
}

}  // namespace tollbar::gate
