// The lines of a Makefile as make takes them: continuations joined, recipes told from the rest.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::document {

struct LogicalLine {
  std::string text;  ///< continuation lines joined; in recipes the `\` and line end stay for the shell
  std::uint32_t line = 0;
  bool recipe = false;
};

/// @p recipe_prefix begins a line of a recipe, and changes where `.RECIPEPREFIX` says so.
std::vector<LogicalLine> logical_lines(std::string_view text, char& recipe_prefix);

/// Text before a `#` that starts a comment.
std::string without_make_comment(std::string_view text);

}  // namespace tollbar::document
