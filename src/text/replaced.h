// A text with what an expression finds in it said otherwise.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "text/pattern.h"

namespace tollbar::text {

/// A copy with `by` in place of every match.
inline std::string replaced(std::string_view text, const Pattern& pattern, std::string_view by) {
  std::string result;
  std::size_t kept = 0;
  each_match(pattern, text, [&](const Match& match) {
    result.append(text.substr(kept, match.begin - kept)).append(by);
    kept = match.end;
  });
  return result.append(text.substr(kept));
}

}  // namespace tollbar::text
