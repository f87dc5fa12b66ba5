// What a policy says about a rule, and the texts that are compiled in.
#include "gate/policy.h"

#include <algorithm>

namespace tollbar::gate {

// Written by cmake/embed.cmake from rules/policy/.
namespace embedded {
extern const std::string_view default_yml;
extern const std::string_view schema_json;
}  // namespace embedded

namespace {

bool is_glob(std::string_view pattern) {
  return pattern.find_first_of("*?[{\\") != std::string_view::npos;
}

/// Takes from `other` what `setting` does not say yet.
void complete(RuleSetting& setting, const RuleSetting& other) {
  if (!setting.decision) {
    setting.decision = other.decision;
  }
  if (!setting.risk) {
    setting.risk = other.risk;
  }
  if (setting.quorum.empty()) {
    setting.quorum = other.quorum;
  }
}

}  // namespace

bool names_rule(std::string_view pattern, std::string_view id) {
  return pattern == id || (is_glob(pattern) && text::Glob(pattern).matches(id));
}

RuleSetting Policy::setting(std::string_view rule, model::Trigger trigger) const {
  std::vector<const std::pair<const std::string, RuleSetting>*> named;
  for (const auto& entry : rules) {
    if (names_rule(entry.first, rule)) {
      named.push_back(&entry);
    }
  }
  std::sort(named.begin(), named.end(), [&](const auto* a, const auto* b) {
    const bool a_exact = a->first == rule;
    const bool b_exact = b->first == rule;
    return a_exact != b_exact ? a_exact : a->first.size() > b->first.size();
  });

  RuleSetting setting;
  for (const auto* entry : named) {
    complete(setting, entry->second);
  }
  if (const auto of_trigger = triggers.find(trigger); of_trigger != triggers.end()) {
    complete(setting, of_trigger->second);
  }
  return setting;
}

approval::Quorum Policy::quorum(const model::Finding& finding, std::string_view ref) const {
  approval::Quorum quorum = setting(finding.rule, finding.trigger).quorum;
  constexpr std::string_view branches = "refs/heads/";
  const std::string_view branch = ref.starts_with(branches) ? ref.substr(branches.size()) : ref;
  const std::string path = text::fold_path(finding.path);
  for (const Demand& demand : approvals.also) {
    const bool here = !demand.path || demand.path->matches(path);
    if (here && (!demand.ref || demand.ref->matches(ref) || demand.ref->matches(branch))) {
      quorum.insert(quorum.end(), demand.quorum.begin(), demand.quorum.end());
    }
  }
  return quorum;
}

model::Decision Policy::least(const std::vector<std::string>& claimed, model::Trigger trigger) const {
  auto least = model::Decision::allow;
  for (const auto& [pattern, decisions] : agents) {
    const auto decision = decisions.find(trigger);
    const bool named = std::any_of(claimed.begin(), claimed.end(), [&glob = pattern](const std::string& agent) {
      return text::Glob(glob).matches(agent);
    });
    if (named && decision != decisions.end()) {
      least = std::max(least, decision->second);
    }
  }
  return least;
}

const Policy& builtin_policy(const rule::RuleSet& rules) {
  static const Policy policy = read_policy(builtin_policy_text(), "built-in", rules);
  return policy;
}

std::string_view builtin_policy_text() {
  return embedded::default_yml;
}

std::string_view policy_schema() {
  return embedded::schema_json;
}

}  // namespace tollbar::gate
