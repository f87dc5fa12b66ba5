// Where in a changed file the line matchers have to look: only lines that hold a literal which their expressions need.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "rule/change.h"
#include "rule/kinds.h"
#include "rule/line_literals.h"
#include "rule/rule_set.h"
#include "text/line_diff.h"

namespace tollbar::rule {

struct LineUse {
  const Rule* rule;
  const LineMatch* match;
};

/// A line with the numbers of the matchers of which it holds a literal.
struct HitLine {
  text::Line line;
  std::set<std::size_t> uses;
};

/// The line matchers of a set of rules, numbered in its order. The set must outlive it.
class LineSearch {
 public:
  explicit LineSearch(const RuleSet& rules);

  const LineUse& use(std::size_t number) const { return uses_[number]; }

  /// Numbers of the matchers that want this file, ascending.
  std::vector<std::size_t> wanting(const FileChange& file, KindSet left_out) const;

  /// Those of them that tell a key by its text alone, wherever it stands.
  std::vector<std::size_t> telling_by_text(const std::vector<std::size_t>& uses) const;

  using Visitor = std::function<void(const LineUse& use, const text::Line& line)>;
  /// Shows every line of the region that one of these matchers may match, with that matcher. The region begins some
  /// lines earlier, where the names of its values may stand.
  void visit(std::string_view text, const text::ChangedRegion& region, const std::vector<std::size_t>& uses,
             const Visitor& visitor) const;

  /// Lines of the region that hold a literal of some of these matchers, top down.
  std::vector<HitLine> lines_with_literals(const text::ChangedRegion& region,
                                           const std::vector<std::size_t>& uses) const;

 private:
  std::vector<LineUse> uses_;
  std::optional<LineLiterals> derived_;  ///< where the rules bring none
  const LineLiterals* literals_;
  std::vector<std::vector<std::size_t>> by_literal_;  ///< literal -> numbers of matchers, ascending
};

/// The line that begins at this byte, without its end.
std::string_view line_at(std::string_view text, std::size_t begin);

}  // namespace tollbar::rule
