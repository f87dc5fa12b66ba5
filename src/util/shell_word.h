// Words for a POSIX shell.
#pragma once

#include <string>
#include <string_view>

namespace tollbar::util {

/// `text` as one word that the shell takes literally: `'it'\''s'`.
std::string shell_quoted(std::string_view text);

}  // namespace tollbar::util
