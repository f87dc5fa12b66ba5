// Texts that are written so that nobody finds them: literals put together from pieces, and base 64.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::text {

/// Where lines begin that may hold a disguised text; cheap, and often wrong.
std::vector<std::size_t> disguised_lines(std::string_view text);

/// What the first line of the text says without its disguise, one text for each that is taken off: the line with its
/// neighbouring literals joined (those on the next lines that belong to them, too), and what its stretches of base 64
/// decode to, as far as that can be printed.
std::vector<std::string> undisguised(std::string_view text);

/// The bytes of base 64 in either alphabet; reading stops at the first other character.
std::string base64_decoded(std::string_view text);

}  // namespace tollbar::text
