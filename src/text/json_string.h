#pragma once

#include <string>
#include <string_view>

namespace tollbar::text {

/// The text in double quotes; quotes, backslashes and line ends are escaped.
std::string json_string(std::string_view text);

}  // namespace tollbar::text
