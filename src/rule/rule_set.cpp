// Look-ups in a rule set.
#include "rule/rule_set.h"

#include <algorithm>

#include "util/spelling.h"

namespace tollbar::rule {

const Rule* RuleSet::find(std::string_view id) const {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
  return found == rules.end() ? nullptr : &*found;
}

std::vector<std::string> suggestions(const RuleSet& rules, std::string_view id) {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const auto& rule : rules.rules) {
    const auto name = std::string_view(rule.id).substr(rule.id.find('/') + 1);
    const auto far = std::min(util::edit_distance(id, rule.id), util::edit_distance(id, name));
    if (far <= std::max<std::size_t>(3, id.size() / 4)) near.emplace_back(far, rule.id);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> result;
  for (std::size_t i = 0; i < near.size() && i < 3; ++i) result.push_back(near[i].second);
  return result;
}

}  // namespace tollbar::rule
