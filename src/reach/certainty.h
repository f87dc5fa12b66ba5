// How sure it is that one thing runs another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tollbar::reach {

/// Ordered from the surest: a chain is as sure as its weakest link.
enum class Certainty : std::uint8_t {
  verified,  ///< the call names a file, target or script that is there
  declared,  ///< a file says so that its tool reads by itself: the Dockerfile of a directory, an environment of tox
  inferred,  ///< the likeliest of several: a module by its name, a path as an image sees it
  unknown,   ///< the call's target is computed when it runs
};

constexpr std::string_view to_string(Certainty certainty) {
  constexpr std::string_view words[] = {"verified", "declared", "inferred", "unknown"};
  return words[static_cast<std::size_t>(certainty)];
}

}  // namespace tollbar::reach
