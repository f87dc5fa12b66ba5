// Asks every expression and numbers what they say, each literal once.
#include "rule/line_literals.h"

#include <string>
#include <unordered_map>
#include <utility>

namespace tollbar::rule {

LineLiterals line_literals(const std::vector<Rule>& rules) {
  std::vector<std::string> literals;
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::vector<std::vector<std::uint32_t>> of;
  for (const Rule& rule : rules) {
    for (const Matcher& matcher : rule.match) {
      const auto* line = std::get_if<LineMatch>(&matcher);
      if (line == nullptr) continue;
      of.emplace_back();
      for (const std::string& literal : line->pattern.required_literals()) {
        const auto [known, is_new] = numbers.try_emplace(literal, static_cast<std::uint32_t>(literals.size()));
        if (is_new) literals.push_back(literal);
        of.back().push_back(known->second);
      }
    }
  }
  return {text::LiteralSet(literals), std::move(of)};
}

}  // namespace tollbar::rule
