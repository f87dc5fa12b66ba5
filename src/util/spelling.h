// Which word was probably meant: for "did you mean" in every place where a person types a name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::util {

/// Damerau-Levenshtein (optimal string alignment): insertions, deletions, replacements and swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to a misspelt word, the first of equals; empty where none is near enough (more than a third of
/// the word wrong).
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

/// ``; did you mean `X`?``, or nothing where no candidate is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace tollbar::util
