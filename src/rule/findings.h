// The findings of one run over a change: gathered as rules report them, settled at its end. Internal to src/rule.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "rule/redaction.h"
#include "rule/rule_set.h"
#include "util/error.h"

namespace tollbar::rule {

/// A fact in a rule's words.
model::Finding finding_of(const Rule& rule, const Fact& fact);

class Findings {
 public:
  void report(const Rule& rule, const Fact& fact);
  /// The rule has said something about the file.
  bool tells(const Rule& rule, std::string_view path) const;
  void report_undecided(std::string_view rule, std::string_view path, std::string_view why);

  /// Runs `work`; where it fails, the failure is reported in the rule's name, so that it is a finding and no gap.
  template <typename Work>
  void guarded(std::string_view rule, std::string_view path, Work work) {
    try {
      work();
    } catch (const util::Error& error) {
      report_undecided(rule, path, error.what());
    }
  }

  /// What is left, sorted by place, without secrets. `implied` (may be null) gets what catch-alls would have said.
  std::vector<model::Finding> settle(const Redactor& redactor, std::vector<model::Finding>* implied);

 private:
  void drop_general();
  void sort();
  void take_out_secrets(const Redactor& redactor, model::Finding& finding) const;

  std::vector<model::Finding> findings_, implied_;
  std::vector<bool> general_;      ///< of each finding: a catch-all says it
  std::set<std::string> secrets_;  ///< found in the change; no finding may show them
};

}  // namespace tollbar::rule
