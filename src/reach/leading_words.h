// How an entry of the tables is told from the words of a command; internal to the files that answer from them.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reach/word_index.h"

namespace tollbar::reach {

/// The words of a command that are neither flags nor values of flags, program first.
std::vector<std::string> plain_words(const std::vector<std::string>& words,
                                     const std::map<std::string, std::vector<std::string>>& value_flags);
/// `pattern` leads `plain`; with `anywhere` only the program must lead, the rest may stand behind other words.
bool leads(const std::vector<std::string>& pattern, const std::vector<std::string>& plain, bool anywhere);
/// Numbers of the tools that `plain` may be; all of them where the index does not cover the list.
std::vector<std::size_t> candidates(const WordIndex& index, std::size_t count, const std::vector<std::string>& plain);
/// A bare word of `requires_any` and the like may stand among the plain words; a flag anywhere.
bool holds_any(const std::vector<std::string>& flags, const std::vector<std::string>& words);
/// What the shell makes of a value that no quotes hold together: `bash -e` as two words.
std::vector<std::string> split_words(std::string_view text);

}  // namespace tollbar::reach
