// The languages whose toolchains carry their version in their names; Python's spellings stand with the aliases.
#include "document/toolchains.h"

#include "text/words.h"

namespace tollbar::document {

std::string_view without_toolchain_version(std::string_view name) {
  const std::size_t at = name.find_first_of("0123456789");
  if (at == std::string_view::npos || name.find_first_not_of("0123456789.", at) != std::string_view::npos) return name;
  const std::string_view language = name.substr(0, at);
  return text::is_one_of(language, {"go", "php", "ruby", "perl", "lua"}) ? language : name;
}

}  // namespace tollbar::document
