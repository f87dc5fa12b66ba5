// OpenSSH's lists of patterns: `*@example.org,!guest@example.org`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tollbar::attest {

/// The patterns of a list, in order, `!` included.
std::vector<std::string_view> patterns_of(std::string_view list);

/// Whether some pattern (`*`: any text, `?`: any byte) matches and none with `!` in front does.
bool matches_pattern_list(std::string_view word, std::string_view list);

/// The names in a list that are no patterns and that the list matches: for whom it stands.
std::vector<std::string> literal_names(std::string_view list);

}  // namespace tollbar::attest
