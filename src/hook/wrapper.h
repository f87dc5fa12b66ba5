// The scripts that git finds in a hooks directory: they call tollbar by its absolute path, and the hook that was there
// before.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hook/hooks.h"

namespace tollbar::hook {

/// Added to the name of a hook that was there before ours.
inline constexpr std::string_view kept_suffix = ".before-tollbar";

struct Wrapper {
  /// The hook that runs before tollbar.
  enum class Before {
    nothing,
    kept,        ///< the one that stood in this place, kept beside it
    repository,  ///< the repository's own, where this directory serves all repositories of a user
  };

  std::string_view name;  ///< git's name of the hook
  std::string program{};  ///< absolute path of tollbar
  Before before = Before::nothing;
  Input input = Input::nothing;
  std::string traces{};  ///< what installing made besides: `directory`, `settings`; uninstalling takes it away
  bool judges = true;    ///< false: it only hands on to `before`, as tollbar has no such hook
};

std::string wrapper_text(const Wrapper& wrapper);
/// `text` was written by wrapper_text, by this version or another.
bool is_wrapper(std::string_view text);
/// The program that a wrapper calls; empty where `text` is none, or judges nothing.
std::optional<std::string> program_of(std::string_view text);
/// Wrapper::traces of a wrapper; empty where `text` is none.
std::string traces_of(std::string_view text);

}  // namespace tollbar::hook
