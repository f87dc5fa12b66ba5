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
  if (setting.approver_count == 0) {
    setting.approver_teams = other.approver_teams;
    setting.approver_count = other.approver_count;
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
