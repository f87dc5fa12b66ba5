// The languages whose toolchains carry their version in their names; Python's spellings stand with the aliases.
#include "document/toolchains.h"

#include <algorithm>
#include <cstddef>

#include "text/words.h"

namespace tollbar::document {
namespace {

/// `golangci-lint-1.60.2`, `golangci-lintv1.60.2`: a file that was fetched under the name of its release.
std::string_view without_release(std::string_view name) {
  const std::size_t number = name.find_last_not_of("0123456789.") + 1;
  const bool bare = number > 1 && name[number - 1] == 'v' && name[number - 2] != '-';
  if (bare && std::count(name.begin() + static_cast<std::ptrdiff_t>(number), name.end(), '.') == 2)
    return name.substr(0, number - 1);
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return name;
  std::string_view version = name.substr(dash + 1);
  if (version.starts_with('v')) version.remove_prefix(1);
  const bool numbers = version.find_first_not_of("0123456789.") == std::string_view::npos;
  return numbers && version.find('.', 1) != std::string_view::npos ? name.substr(0, dash) : name;
}

}  // namespace

std::string_view without_toolchain_version(std::string_view name) {
  name = without_release(name);
  const std::size_t at = name.find_first_of("0123456789");
  if (at == std::string_view::npos || name.find_first_not_of("0123456789.", at) != std::string_view::npos) return name;
  const std::string_view language = name.substr(0, at);
  return text::is_one_of(language, {"go", "php", "ruby", "perl", "lua"}) ? language : name;
}

}  // namespace tollbar::document
