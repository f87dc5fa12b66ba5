// Strings and code of a program told apart, for languages that write strings in quotes and comments behind `#` or `//`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::document {

struct ProgramString {
  std::size_t begin = 0, end = 0;  ///< of the content in the text
  char quote = '"';
  bool interpolates = false;  ///< `f"{x}"`
};

struct ProgramText {
  std::string bare;  ///< the text with comments and the contents of strings blanked, of the same length
  std::vector<ProgramString> strings;

  /// The string whose opening quote stands at `at`; null where none does.
  const ProgramString* string_at(std::size_t at) const;
};
ProgramText scan_program(std::string_view text);

/// The content as a shell would see it: escapes resolved, interpolations as `${name}`.
std::string shell_text(std::string_view text, const ProgramString& string);

/// Behind the parenthesis or brace that closes what was opened just before `at`.
std::size_t call_end(std::string_view bare, std::size_t at);

std::uint32_t line_at(std::string_view text, std::size_t at);

}  // namespace tollbar::document
