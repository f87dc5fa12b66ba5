// Each rule reports on its own; what they say together is settled once all have spoken.
#include "rule/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "rule/matching.h"
#include "util/sha256.h"

namespace tollbar::rule {

model::Finding finding_of(const Rule& rule, const Fact& fact) {
  model::Finding finding;
  finding.rule = rule.id;
  finding.trigger = rule.trigger;
  finding.decision = rule.decision;
  finding.risk = rule.risk;
  finding.path = fact.path;
  finding.line = fact.line;
  finding.line_before = fact.line_before;
  finding.subject = fact.subject;
  finding.before = fact.before;
  finding.after = fact.after;
  finding.action = rule.action.empty() ? fact.action : fill(rule.action, fact);
  finding.authority = fact.authority;
  finding.target = fact.target;
  const auto put = [&](std::string& member, const std::string& text) {
    if (!text.empty()) member = fill(text, fact);
  };
  put(finding.authority.credential, rule.authority.credential);
  put(finding.authority.source, rule.authority.source);
  put(finding.authority.scope, rule.authority.scope);
  put(finding.target.system, rule.target.system);
  put(finding.target.environment, rule.target.environment);
  put(finding.target.name, rule.target.name);
  finding.context = fact.context;
  finding.parts = fact.parts;
  finding.binding = rule.binding;
  finding.approvable = rule.approvable;
  finding.reach = fact.reach;
  finding.message = fill(rule.message, fact);
  finding.remedy = fill(rule.remedy, fact);
  return finding;
}

void Findings::report(const Rule& rule, const Fact& fact) {
  if (!fact.secret.empty()) secrets_.insert(fact.secret);
  findings_.push_back(finding_of(rule, fact));
  general_.push_back(rule.only_if_unreported);
}

bool Findings::tells(const Rule& rule, std::string_view path) const {
  return std::any_of(findings_.begin(), findings_.end(),
                     [&](const model::Finding& finding) { return finding.rule == rule.id && finding.path == path; });
}

void Findings::report_undecided(std::string_view rule, std::string_view path, std::string_view why) {
  model::Finding finding;
  finding.rule = rule;
  finding.decision = model::Decision::block;
  finding.risk = model::Risk::high;
  finding.path = path;
  finding.message = fmt::format("Could not be decided: {}.", why);
  finding.remedy = "What cannot be decided is refused: make it readable, or ask the owner of the gate.";
  finding.undecided = true;
  findings_.push_back(std::move(finding));
  general_.push_back(false);
}

/// Rules about documents and commands show what they hold, be it a Secret's data. Who approves two such changes
/// approves each: what was taken out stays told apart by its digest.
void Findings::take_out_secrets(const Redactor& redactor, model::Finding& finding) const {
  const std::string shown = finding.before + '\0' + finding.after;
  std::vector<std::string*> texts{&finding.before, &finding.after, &finding.subject, &finding.message, &finding.action};
  for (auto& part : finding.parts) texts.insert(texts.end(), {&part.before, &part.after, &part.subject});
  redactor.take_out_secrets(texts, secrets_);
  if (finding.before + '\0' + finding.after != shown)
    finding.context += (finding.context.empty() ? "digest: " : "; digest: ") + util::sha256_hex(shown).substr(0, 16);
}

/// A catch-all is silent where a rule that says more has spoken, and of two catch-alls the first in name speaks. What
/// the former would have said is implied by what the latter says.
void Findings::drop_general() {
  std::vector<model::Finding> kept;
  for (std::size_t i = 0; i < findings_.size(); ++i) {
    auto& finding = findings_[i];
    bool implied = false, said = false;
    for (std::size_t j = 0; general_[i] && j < findings_.size(); ++j) {
      if (i == j || findings_[j].trigger != finding.trigger || findings_[j].path != finding.path) continue;
      if (findings_[j].decision == model::Decision::allow) continue;
      implied = implied || !general_[j];
      said = said || (general_[j] && findings_[j].rule < finding.rule);
    }
    if (implied && !said) implied_.push_back(finding);
    if (!implied && !said) kept.push_back(finding);
  }
  findings_ = std::move(kept);
}

void Findings::sort() {
  const auto key = [](const model::Finding& f) {
    return std::tie(f.path, f.line, f.line_before, f.rule, f.subject, f.before, f.after);
  };
  std::stable_sort(findings_.begin(), findings_.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  findings_.erase(
      std::unique(findings_.begin(), findings_.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
      findings_.end());
}

std::vector<model::Finding> Findings::settle(const Redactor& redactor, std::vector<model::Finding>* implied) {
  drop_general();
  sort();
  for (auto* found : {&findings_, &implied_})
    for (auto& finding : *found) take_out_secrets(redactor, finding);
  if (implied != nullptr) *implied = std::move(implied_);
  return std::move(findings_);
}

}  // namespace tollbar::rule
