// Which literal a text gives to which name, whatever language it is written in: a password is one in every file.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "text/pattern.h"

namespace tollbar::text {

/// A name and its literal value; both point into the text.
struct Assignment {
  std::string_view name, value;
  bool quoted = false;  ///< the value stands between quotes or tags, and so is a literal in any language
};

/// How many lines after a name its value may begin.
inline constexpr std::size_t lines_to_value = 3;

/// The pairs whose name is one of those wanted and stands on the first line of the text; the value may stand on one of
/// the next lines: `a = "b"`,
/// `a: b`, `"a" => 'b'`, `a: str = "b"`, `get("a", "b")`, `set_a("b")`, `a || "b"`, `<a>b</a>`, `ENV a b`,
/// `name: a` above `value: b`, `<key>a</key>` above `<string>b</string>`, and a password within a connection string.
std::vector<Assignment> assignments(std::string_view text, const Pattern& wanted);

}  // namespace tollbar::text
