// Myers' greedy search for a common subsequence, under a cost cap.
#pragma once

#include <cstdint>
#include <vector>

namespace tollbar::text {

/// Which elements of each side belong to the common subsequence; both sides have the same number of true entries.
struct CommonLines {
  std::vector<bool> before;
  std::vector<bool> after;
};

/// Longest while the two sides are within some hundred edits of each other; beyond that the search goes on window by
/// window, and past the total cost what is left counts as different.
CommonLines common_lines(const std::vector<std::uint32_t>& before, const std::vector<std::uint32_t>& after);

}  // namespace tollbar::text
