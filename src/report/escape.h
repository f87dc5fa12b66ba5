// Text of strangers made safe to print: paths, messages and values come from whoever wrote the commit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tollbar::report {

/// Makes visible what a terminal would obey or hide: control characters, invalid UTF-8, bidirectional and invisible
/// characters.
/// `\x1b`, `\n`, `\u{202e}`; everything else stays.
std::string escape(std::string_view text);

/// Columns that escaped text takes: one a code point.
std::size_t columns(std::string_view escaped);

/// The offset of the code point at `column`; the size of the text where it is shorter.
std::size_t offset_of_column(std::string_view escaped, std::size_t column);

}  // namespace tollbar::report
