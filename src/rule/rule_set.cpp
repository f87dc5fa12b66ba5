// Look-ups in a rule set.
#include "rule/rule_set.h"

#include <algorithm>

namespace tollbar::rule {

const Rule* RuleSet::find(std::string_view id) const {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
  return found == rules.end() ? nullptr : &*found;
}

namespace {

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> suggestions(const RuleSet& rules, std::string_view id) {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const auto& rule : rules.rules) {
    const auto name = std::string_view(rule.id).substr(rule.id.find('/') + 1);
    const auto far = std::min(distance(id, rule.id), distance(id, name));
    if (far <= std::max<std::size_t>(3, id.size() / 4)) near.emplace_back(far, rule.id);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> result;
  for (std::size_t i = 0; i < near.size() && i < 3; ++i) result.push_back(near[i].second);
  return result;
}

}  // namespace tollbar::rule
