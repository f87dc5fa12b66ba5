// Arithmetic of a shell as far as scripts count failures with it: `$((failed + 1))`, `((failed++))`, `((failed > 0))`.
#pragma once

#include <string_view>

#include "document/shell_state.h"

namespace tollbar::document {

/// The value of what stands between `$((` and `))`: sums and differences of numbers and variables, and one comparison
/// of two such. Unknown for everything else.
ShellValue evaluate_arithmetic(std::string_view text, const ShellState& state);

/// Runs `((text))` or `let text`: an assignment (`x += 1`, `x++`, `x = y + 1`) takes effect. The status is failure
/// where the value is zero; uncertain where it is unknown.
ShellStatus run_arithmetic(std::string_view text, ShellState& state);

/// The variable that `text` assigns; empty where it assigns none.
std::string_view assigned_by_arithmetic(std::string_view text);

/// Whether `left` stands in the relation to `right`, by numbers; uncertain where that is not known.
ShellStatus compare_numbers(const ShellValue& left, std::string_view relation, const ShellValue& right);

}  // namespace tollbar::document
