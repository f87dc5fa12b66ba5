// Runs every rule over a change.
#pragma once

#include <string>
#include <vector>

#include "model/finding.h"
#include "rule/change.h"
#include "rule/ref_change.h"
#include "rule/rule_set.h"

namespace tollbar::rule {

/// Compiled once for a rule set: matchers by kind of file, literals of all expressions. Immutable; shared by threads.
class Engine {
 public:
  explicit Engine(const RuleSet& rules);
  ~Engine();
  Engine(Engine&&) noexcept;

  /// All findings of a change as the rules decide them (policy overrides and waivers come later, in gate), sorted by
  /// path, line, rule; each rule reports a place once. A rule that cannot be evaluated gives an undecided finding.
  /// `implied` gets what catch-alls would have said of files about which other rules say more.
  std::vector<model::Finding> judge(Change& change, std::vector<model::Finding>* implied = nullptr) const;
  /// What the rules say about a reference being updated, whatever its commits hold.
  std::vector<model::Finding> judge(const RefChange& change) const;
  const RuleSet& rules() const { return rules_; }

  struct Index;

 private:
  const RuleSet& rules_;
  std::unique_ptr<Index> index_;
};

/// The outcome of one example run through the engine.
struct ExampleResult {
  std::string rule, example;
  bool passed = false;
  std::string why;  ///< for people, where it failed
};
std::vector<ExampleResult> run_examples(const Engine& engine, const std::vector<const Rule*>& rules);

}  // namespace tollbar::rule
