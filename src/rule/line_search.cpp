// One pass of the literals over what changed; expressions run on the lines it stops at.
#include "rule/line_search.h"

#include <algorithm>
#include <iterator>
#include <variant>

#include "rule/matching.h"
#include "text/assignments.h"

namespace tollbar::rule {
namespace {

/// With the lines before it, on which the names of its values may stand.
text::ChangedRegion with_names(std::string_view text, text::ChangedRegion region) {
  auto begin = static_cast<std::size_t>(region.after.data() - text.data());
  const auto end = begin + region.after.size();
  for (std::size_t more = 0; more < text::lines_to_value && begin > 0; ++more) {
    const auto newline = begin < 2 ? std::string_view::npos : text.rfind('\n', begin - 2);
    begin = newline == std::string_view::npos ? 0 : newline + 1;
    --region.line_after;
  }
  region.after = text.substr(begin, end - begin);
  return region;
}

}  // namespace

LineSearch::LineSearch(const RuleSet& rules) {
  for (const auto& rule : rules.rules)
    for (const auto& matcher : rule.match)
      if (const auto* line = std::get_if<LineMatch>(&matcher)) uses_.push_back({&rule, line});
  if (!rules.literals) derived_ = line_literals(rules.rules);
  literals_ = rules.literals ? &*rules.literals : &*derived_;
  by_literal_.resize(literals_->set.size());
  for (std::size_t number = 0; number < uses_.size(); ++number)
    for (const std::uint32_t literal : literals_->of[number]) by_literal_[literal].push_back(number);
}

std::vector<std::size_t> LineSearch::wanting(const FileChange& file, KindSet left_out) const {
  std::vector<std::size_t> numbers;
  for (std::size_t number = 0; number < uses_.size(); ++number)
    if (selects(uses_[number].match->files, file, left_out)) numbers.push_back(number);
  return numbers;
}

std::vector<std::size_t> LineSearch::telling_by_text(const std::vector<std::size_t>& uses) const {
  std::vector<std::size_t> telling;
  std::copy_if(uses.begin(), uses.end(), std::back_inserter(telling), [&](std::size_t number) {
    const auto& match = *uses_[number].match;
    return match.secret && !match.value && !match.behind && !match.ahead;
  });
  return telling;
}

void LineSearch::visit(std::string_view text, const text::ChangedRegion& region, const std::vector<std::size_t>& uses,
                       const Visitor& visitor) const {
  const auto wider = with_names(text, region);
  std::vector<std::size_t> always;
  std::copy_if(uses.begin(), uses.end(), std::back_inserter(always),
               [&](std::size_t number) { return literals_->of[number].empty(); });
  for (auto line : always.empty() ? std::vector<text::Line>{} : text::split_lines(wider.after)) {
    line.number += wider.line_after - 1;
    for (const auto number : always) visitor(uses_[number], line);
  }
  for (const auto& hit : lines_with_literals(wider, uses))
    for (const auto number : hit.uses) visitor(uses_[number], hit.line);
}

std::vector<HitLine> LineSearch::lines_with_literals(const text::ChangedRegion& region,
                                                     const std::vector<std::size_t>& uses) const {
  std::vector<HitLine> lines;
  std::vector<std::size_t> wanted;
  std::size_t number = region.line_after, begin = 0;  // of the line looked at last
  std::size_t end = region.after.find('\n');
  for (const auto& [literal, literal_end] : literals_->set.occurrences(region.after)) {
    wanted.clear();
    std::copy_if(by_literal_[literal].begin(), by_literal_[literal].end(), std::back_inserter(wanted),
                 [&](std::size_t use) { return std::binary_search(uses.begin(), uses.end(), use); });
    if (wanted.empty()) continue;
    for (; end != std::string_view::npos && end < literal_end - 1; end = region.after.find('\n', begin)) {
      begin = end + 1;
      ++number;
    }
    if (lines.empty() || lines.back().line.number != number)
      lines.push_back({{number, line_at(region.after, begin)}, {}});
    lines.back().uses.insert(wanted.begin(), wanted.end());
  }
  return lines;
}

std::string_view line_at(std::string_view text, std::size_t begin) {
  auto line = text.substr(begin, text.find('\n', begin) - begin);
  if (line.ends_with('\r') && begin + line.size() < text.size()) line.remove_suffix(1);
  return line;
}

}  // namespace tollbar::rule
