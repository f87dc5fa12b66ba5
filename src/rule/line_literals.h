// The literals in front of the expressions over added lines: derived from them once, when the rules are built in.
#pragma once

#include <cstdint>
#include <vector>

#include "rule/rule.h"
#include "text/literal_set.h"

namespace tollbar::rule {

/// Line matchers are numbered in the order of the rules and, within a rule, of its matchers.
struct LineLiterals {
  text::LiteralSet set;
  /// Line matcher -> literals of which each of its matches holds one; none: the expression always runs.
  std::vector<std::vector<std::uint32_t>> of;
};

LineLiterals line_literals(const std::vector<Rule>& rules);

}  // namespace tollbar::rule
