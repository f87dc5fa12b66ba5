// Whether a secret is in reach of what stands in a file, as far as the pipelines of the tree run it.
#pragma once

#include <cstdint>
#include <string_view>

#include "rule/change.h"

namespace tollbar::rule {

/// Some job that runs line @p line of @p path (0: any of its lines) holds a credential, or its token may write. What no
/// pipeline runs has none; a definition of CI that no reader follows may have any.
bool secrets_in_reach(Change& change, std::string_view path, std::uint32_t line);

/// Some job that runs line @p line of @p path (0: any of its lines) holds a credential itself, and starts no services,
/// databases among them, of its own.
bool credentials_in_reach(Change& change, std::string_view path, std::uint32_t line);

}  // namespace tollbar::rule
