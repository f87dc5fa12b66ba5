// The small picture of a finding: what was, and what is now.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::report {

struct FrameLine {
  enum class Side { before, after, gap };
  Side side = Side::gap;
  std::string text;  ///< escaped, at most the asked width; of a gap: what was left out
};

/// Before and after line by line, equal lines at both ends left out, long lines cut so that the difference stays in
/// view, many lines cut to a few.
std::vector<FrameLine> frame(std::string_view before, std::string_view after, std::size_t width);

/// `text` (escaped) in at most `width` columns with the columns [begin, end) in view; `…` stands for what was cut.
std::string clip(std::string_view text, std::size_t width, std::size_t begin, std::size_t end);

/// `text` broken at spaces into lines of at most `width` columns; longer words stay whole.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

}  // namespace tollbar::report
