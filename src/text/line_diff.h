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

/// Lines of two texts that take each other's place: whatever was added or removed stands in such a region.
struct ChangedRegion {
  std::string_view before, after;               ///< whole lines; point into the inputs; one may be empty
  std::size_t line_before = 1, line_after = 1;  ///< numbers of the first lines
};
/// The texts without their equal beginning and ending; where much is left, also without the long equal runs in between.
/// In order; none where the texts are equal.
std::vector<ChangedRegion> changed_regions(std::string_view before, std::string_view after);

/// Minimal-ish line difference: within changed_regions() lines compared by 64-bit hash keyed per process, lines unique
/// to one side dropped first, Myers with a cost cap after which the rest counts as replaced. CRLF and LF ends compare
/// equal.
LineDiff diff_lines(std::string_view before, std::string_view after);

/// All lines of a text, numbered.
std::vector<Line> split_lines(std::string_view);

}  // namespace tollbar::text
