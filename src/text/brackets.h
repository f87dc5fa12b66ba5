// Bracket expressions of globs: `[a-z]`, `[!a]`, `[[:digit:]]`.
#pragma once

#include <cstddef>
#include <string_view>

namespace tollbar::text {

/// The offset just behind the expression that begins with the `[` at `open`; npos where it is not closed.
std::size_t bracket_end(std::string_view pattern, std::size_t open);

/// Whether the expression (`[` and `]` included) holds `c` in either case. A `/` is never held.
bool bracket_holds(std::string_view expression, char c);

}  // namespace tollbar::text
