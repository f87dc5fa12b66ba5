// The module of a go.mod, by which the packages of the tree import each other.
#pragma once

#include <string>
#include <string_view>

#include "text/lines.h"

namespace tollbar::reach {

/// The path that a go.mod gives to its module; empty where it gives none.
inline std::string module_of(std::string_view go_mod) {
  constexpr std::string_view keyword = "module ";
  for (auto line : text::Lines(go_mod)) {
    if (!line.starts_with(keyword)) continue;
    line.remove_prefix(keyword.size());
    const auto first = line.find_first_not_of(" \"");
    return first == std::string_view::npos
               ? std::string()
               : std::string(line.substr(first, line.find_first_of(" \t\r\"", first) - first));
  }
  return {};
}

}  // namespace tollbar::reach
