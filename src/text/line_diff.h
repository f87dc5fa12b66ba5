// Which lines a change added and removed.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tollbar::text {

struct Line {
  std::size_t number = 0;  ///< 1-based in its own side
  std::string_view text;   ///< without its line end; points into the input
};

struct LineDiff {
  std::vector<Line> removed;
  std::vector<Line> added;
};

/// Minimal-ish line difference: equal ends trimmed, lines compared by 64-bit hash keyed per process, lines unique to
/// one side dropped first, Myers with a cost cap after which the rest counts as replaced. CRLF and LF ends compare
/// equal.
LineDiff diff_lines(std::string_view before, std::string_view after);

/// All lines of a text, numbered.
std::vector<Line> split_lines(std::string_view);

}  // namespace tollbar::text
