// Matching in time that hostile patterns cannot stretch: a star once passed is never given up for an earlier one.
#include "attest/pattern_list.h"

#include <algorithm>

namespace tollbar::attest {
namespace {

bool matches(std::string_view word, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  std::size_t star = std::string_view::npos;
  std::size_t swallowed = 0;  ///< how far the last star reaches
  while (at < word.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      swallowed = at;
    } else if (in_pattern < pattern.size() && (pattern[in_pattern] == '?' || pattern[in_pattern] == word[at])) {
      ++in_pattern;
      ++at;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++swallowed;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

}  // namespace

std::vector<std::string_view> patterns_of(std::string_view list) {
  std::vector<std::string_view> patterns;
  for (;;) {
    const std::size_t comma = list.find(',');
    patterns.push_back(list.substr(0, comma));
    if (comma == std::string_view::npos) {
      return patterns;
    }
    list.remove_prefix(comma + 1);
  }
}

bool matches_pattern_list(std::string_view word, std::string_view list) {
  bool matched = false;
  for (const std::string_view pattern : patterns_of(list)) {
    if (pattern.starts_with('!')) {
      if (matches(word, pattern.substr(1))) {
        return false;
      }
    } else {
      matched = matched || matches(word, pattern);
    }
  }
  return matched;
}

std::vector<std::string> literal_names(std::string_view list) {
  std::vector<std::string> names;
  for (const std::string_view name : patterns_of(list)) {
    const bool literal = !name.starts_with('!') && name.find_first_of("*?") == std::string_view::npos;
    if (literal && matches_pattern_list(name, list)) {
      names.emplace_back(name);
    }
  }
  return names;
}

}  // namespace tollbar::attest
