// Toolchains that are installed beside each other, each under a name with its version.
#pragma once

#include <string_view>

namespace tollbar::document {

/// `go1.23.4` as `go`, `php8.3` as `php`, `golangci-lint-1.60.2` as `golangci-lint`: what runs is the same program. Any
/// other name as it is.
std::string_view without_toolchain_version(std::string_view name);

}  // namespace tollbar::document
