// Words of commands beside those of the tables.
#include "reach/leading_words.h"

#include <algorithm>
#include <numeric>

#include "reach/word_glob.h"

namespace tollbar::reach {

using Words = std::vector<std::string>;

Words plain_words(const Words& words, const std::map<std::string, Words>& value_flags) {
  Words plain;
  if (words.empty()) return plain;
  const auto with_values = value_flags.find(words.front());
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (i > 0 && (word.starts_with('-') || word.starts_with('+'))) {
      const bool skips_next =
          with_values != value_flags.end() &&
          std::find(with_values->second.begin(), with_values->second.end(), word) != with_values->second.end();
      if (skips_next) ++i;
      continue;
    }
    plain.push_back(word);
  }
  return plain;
}

bool leads(const Words& pattern, const Words& plain, bool anywhere) {
  if (pattern.empty() || plain.size() < pattern.size() || !word_matches(pattern.front(), plain.front())) return false;
  if (!anywhere) {
    return std::equal(pattern.begin(), pattern.end(), plain.begin(),
                      [](const auto& glob, const auto& word) { return word_matches(glob, word); });
  }
  return std::all_of(pattern.begin() + 1, pattern.end(), [&](const auto& glob) {
    return std::any_of(plain.begin() + 1, plain.end(), [&](const auto& word) { return word_matches(glob, word); });
  });
}

std::vector<std::size_t> candidates(const WordIndex& index, std::size_t count, const Words& plain) {
  if (index.size() == count && !plain.empty()) return index.candidates(plain.front());
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

bool holds_any(const Words& flags, const Words& words) {
  return !find_flag(flags, words).empty();
}

Words split_words(std::string_view text) {
  Words words;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find_first_of(" \t\n", begin), text.size());
    if (end > begin) words.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

}  // namespace tollbar::reach
