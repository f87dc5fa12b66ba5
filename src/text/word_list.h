// Lists of words kept in one text, for tables.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace tollbar::text {

/// Whether a list of words separated by single blanks holds this one.
constexpr bool lists(std::string_view words, std::string_view wanted) {
  for (std::size_t start = 0; start < words.size();) {
    const std::size_t end = std::min(words.find(' ', start), words.size());
    if (words.substr(start, end - start) == wanted) return true;
    start = end + 1;
  }
  return false;
}

}  // namespace tollbar::text
