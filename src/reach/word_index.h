// Which tools a command can be at all, told by its first word: most commands are none, and that must cost nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tollbar::reach {

class WordIndex {
 public:
  /// The pattern (globs, braces) that leads entry `number`; numbers ascend.
  void add(std::string_view pattern, std::size_t number);
  std::size_t size() const { return count_; }
  /// The entries that a command beginning with `word` may be, ascending; a superset of those whose pattern matches it.
  std::vector<std::size_t> candidates(const std::string& word) const;

 private:
  std::unordered_map<std::string, std::vector<std::size_t>> exact_;
  std::vector<std::size_t> general_;  // patterns with `*` or `?`
  std::size_t count_ = 0;
};

}  // namespace tollbar::reach
