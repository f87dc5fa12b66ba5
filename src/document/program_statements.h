// A program cut into statements, each with what it stands under: enough to see a branch, whatever the language.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/language.h"

namespace tollbar::document {

struct Statement {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  std::string text;  ///< comments dropped, blanks squeezed
  std::string bare;  ///< the same, byte for byte, with the contents of strings blanked
  std::uint32_t line = 0;
  std::size_t header = none;  ///< the statement that opens the block it stands in
  std::string function;       ///< the name that it defines; else empty
};

/// In source order. `else` reads `else of if x`; a pattern of `case` opens a block of its own. A scanner, not a parser:
/// what it cannot tell apart stays one statement.
std::vector<Statement> statements_of(std::string_view text, Language language);

}  // namespace tollbar::document
