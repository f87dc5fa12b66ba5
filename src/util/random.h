// Numbers that nobody can guess and that never come again.
#pragma once

#include <cstddef>
#include <string>

namespace tollbar::util {

/// `bytes` (at most 256) from the kernel's generator, as lower-case hexadecimal digits. Throws util::Error where it
/// gives none.
std::string random_hex(std::size_t bytes);

}  // namespace tollbar::util
