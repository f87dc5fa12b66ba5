// Patterns without stars are looked up, the few others always tried.
#include "reach/word_index.h"

#include <algorithm>

#include "text/glob.h"

namespace tollbar::reach {

void WordIndex::add(std::string_view pattern, std::size_t number) {
  count_ = number + 1;
  if (pattern.find_first_of("*?") != std::string_view::npos) {
    general_.push_back(number);
    return;
  }
  for (auto& word : text::expand_braces(pattern)) {
    auto& numbers = exact_[std::move(word)];
    if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
  }
}

std::vector<std::size_t> WordIndex::candidates(const std::string& word) const {
  const auto found = exact_.find(word);
  if (found == exact_.end()) return general_;
  std::vector<std::size_t> result(found->second.size() + general_.size());
  std::merge(found->second.begin(), found->second.end(), general_.begin(), general_.end(), result.begin());
  return result;
}

}  // namespace tollbar::reach
