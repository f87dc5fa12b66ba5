// The language that a program is written in, as far as its statements are read.
#pragma once

#include <cstdint>
#include <string_view>

namespace tollbar::document {

enum class Language : std::uint8_t { none, shell, python, ruby, javascript, php, perl, go, powershell };

/// By the ending of the path, else by the `#!` line.
Language language_of(std::string_view path, std::string_view text);

}  // namespace tollbar::document
