// What a place that judges says, in the language that it says it in.
#pragma once

#include <cstdint>
#include <string>

#include "document/language.h"
#include "model/tree.h"
#include "rule/checks/verdict_places.h"

namespace tollbar::rule {

struct JudgingText {
  std::string text;
  document::Language language = document::Language::none;  ///< none: nothing is known of how it judges
  std::uint32_t first_line = 1;
};

/// Of a step what it runs, of a Makefile the recipe of the target, of a composite action what it says to a shell.
JudgingText text_of(const JudgingPlace& place, model::Tree& tree);

}  // namespace tollbar::rule
