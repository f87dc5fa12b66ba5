// The literals that a regular expression cannot match without, so that a cheap search can come before it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tollbar::text {

/// Lower-cased literals, each of 3 bytes or more, of which every text that `expression` (PCRE2 syntax, UTF) matches
/// holds at least one, ASCII case aside. Empty where none can be derived: then every text must be tried.
std::vector<std::string> required_literals(std::string_view expression);

}  // namespace tollbar::text
