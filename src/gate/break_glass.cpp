// Record by record and finding by finding. Nothing of a push has a say in it: signers, people and limits stand in the
// policy that judges.
#include "gate/break_glass.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "approval/break_glass.h"
#include "gate/approvals.h"
#include "gate/signers.h"
#include "model/finding.h"
#include "text/glob.h"
#include "util/error.h"

namespace tollbar::gate {
namespace {

using approval::GlassRecord;

bool protects_trust(const model::Finding& finding, const Policy& policy) {
  const std::string path = text::fold_path(finding.path);
  const auto& places = PolicySource::tree_paths;
  return !approval::can_be_broken(finding.rule) ||
         std::any_of(std::begin(places), std::end(places), [&](std::string_view place) { return path == place; }) ||
         path == text::fold_path(policy.approvals.allowed_signers) ||
         path == text::fold_path(policy.approvals.revoked) || path.starts_with(".tollbar/");
}

bool holds_back(const model::Finding& finding) {
  return finding.waived.empty() && finding.approved.empty() && finding.broken.empty() &&
         finding.decision != model::Decision::allow;
}

class Breaking {
 public:
  explicit Breaking(const GlassCase& glass) : glass_(glass) {}

  void run() {
    note_unknown_incident();
    for (Verdict& verdict : glass_.ref.verdicts) {
      if (verdict.status == model::Status::blocked || verdict.status == model::Status::needs_approval) {
        judge(verdict);
      }
    }
  }

 private:
  void judge(Verdict& verdict) {
    bool any = false;
    auto left = model::Decision::allow;
    for (model::Finding& finding : verdict.findings) {
      if (!holds_back(finding)) {
        continue;
      }
      if (const GlassRecord* record = covering(finding)) {
        finding.broken.push_back({record->said.incident, record->said.reason, record->said.principal,
                                  record->signer.key, record->digest, util::to_text(record->said.expires),
                                  util::to_text(record->review_by)});
        any = true;
      } else {
        left = std::max(left, finding.decision);
      }
    }
    if (any) {
      std::stable_partition(verdict.findings.begin(), verdict.findings.end(), holds_back);  // what is left comes first
      verdict.status = left == model::Decision::allow     ? model::Status::break_glass
                       : left == model::Decision::approve ? model::Status::needs_approval
                                                          : model::Status::blocked;
    }
  }

  const GlassRecord* covering(const model::Finding& finding) {
    for (const GlassRecord& record : glass_.records) {
      const auto& rules = record.said.rules;
      const bool named = glass_.incident.empty() || record.said.incident == glass_.incident;
      if (!named || std::find(rules.begin(), rules.end(), finding.rule) == rules.end()) {
        continue;
      }
      const std::string problem = problem_with(record, finding);
      if (problem.empty()) {
        return &record;
      }
      tell(fmt::format("break-glass {} ({}) does not let {} pass: {}", record.said.incident,
                       record.digest.substr(0, 12), finding.rule, problem));
    }
    return nullptr;
  }

  std::string problem_with(const GlassRecord& record, const model::Finding& finding) const {
    if (!record.problem.empty()) {
      return record.problem;
    }
    if (record.expired(glass_.now)) {
      return fmt::format("it ended at {}", util::to_text(record.said.expires));
    }
    if (!record.said.ref.empty() && record.said.ref != glass_.ref.update.ref) {
      return fmt::format("it is for {}", record.said.ref);
    }
    if (finding.undecided) {
      return "what could not be decided is never let through";
    }
    if (protects_trust(finding, glass_.policy)) {
      return fmt::format("{} is about the policy or its keys, which no emergency opens", finding.path);
    }
    const auto& rules = glass_.policy.break_glass.rules;
    const bool breakable = rules.empty() || std::any_of(rules.begin(), rules.end(), [&](const std::string& pattern) {
                             return names_rule(pattern, finding.rule);
                           });
    return breakable ? "" : "the policy lets nobody break it";
  }

  void note_unknown_incident() {
    const auto same = [&](const GlassRecord& record) { return record.said.incident == glass_.incident; };
    if (!glass_.incident.empty() && std::none_of(glass_.records.begin(), glass_.records.end(), same)) {
      tell(fmt::format("there is no break-glass record of the incident {} here; a push option alone opens nothing",
                       glass_.incident));
    }
  }

  void tell(std::string problem) {
    auto& problems = glass_.ref.glass_problems;
    if (std::find(problems.begin(), problems.end(), problem) == problems.end()) {
      problems.push_back(std::move(problem));
    }
  }

  const GlassCase& glass_;
};

}  // namespace

std::vector<GlassRecord> glass_records(const git::Repository& repository, const approval::Store& store,
                                       const Policy& policy, const PolicyBase& base, util::Instant now) {
  if (policy.break_glass.teams.empty() || store.empty()) {
    return {};
  }
  const std::string name = approval_repository(repository, policy, base);
  const std::optional<attest::Verifier> verifier = signers_of(repository, policy, base);
  return approval::read_glass(store, verifier ? &*verifier : nullptr, policy.people, policy.break_glass, name, now);
}

std::vector<GlassRecord> glass_records_at_head(const git::Repository& repository, PolicySource& policies,
                                               util::Instant now) {
  const auto head = repository.resolve_commit("HEAD");
  if (!head) {
    return {};
  }
  const auto loaded = current_policy(repository, policies);
  return loaded->problems.empty() ? glass_records(repository, approval::Store(repository), loaded->policy,
                                                  {*head, repository.commit(*head).tree}, now)
                                  : std::vector<GlassRecord>{};
}

void break_glass(const GlassCase& glass) {
  Breaking(glass).run();
}

std::string overdue_text(const GlassRecord& record) {
  return fmt::format("break-glass {} by {} has not been reviewed by anybody else; the review was due by {}",
                     record.said.incident, record.person, util::to_text(record.review_by));
}

}  // namespace tollbar::gate
