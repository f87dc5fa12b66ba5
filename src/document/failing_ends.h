// How a program says no: the statements that end it in failure, and what a change takes from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/language.h"

namespace tollbar::document {

/// What became of the ways in which a program fails.
enum class VerdictLoss : std::uint8_t {
  defused,  ///< a branch that failed is still there and fails no more
  emptied,  ///< it failed in places, and does so nowhere any more; nothing came in their stead
  fewer,    ///< a way to fail is gone with its branch
  skipped,  ///< a new end with success hangs on the environment
  avoided,  ///< the same, on what every run of a pipeline sets
  hangs,    ///< what fails runs only where the environment says so
};

struct LostVerdict {
  VerdictLoss loss;
  std::string before, after;  ///< the statement that failed and what stands there; empty where nothing does
  std::uint32_t line_before = 0, line = 0;
};

/// The program fails by a statement of its own where it found something.
bool gives_verdict(std::string_view text, Language language);
/// Failures over how it was called, or over what it needs to run, are no verdicts and do not count.
std::optional<LostVerdict> lost_verdict(std::string_view before, std::string_view after, Language language);

}  // namespace tollbar::document
