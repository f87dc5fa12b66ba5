// Code points of string escapes, for the formats that know \u.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tollbar::document {

/// The value of the first `count` characters, which must all be hexadecimal digits.
std::optional<std::uint32_t> hex_value(std::string_view digits, std::size_t count);

/// Appends a code point in UTF-8; U+FFFD for a surrogate and for what is beyond Unicode.
void append_utf8(std::string& out, std::uint32_t point);

}  // namespace tollbar::document
