// Settings one a line: what a text in flow style, with inline tables or on a single line says to those who read lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/formats.h"
#include "document/node.h"

namespace tollbar::document {

/// A structured text with every setting on a line of its own, below the keys that it belongs to.
struct Spread {
  std::string text;
  std::vector<std::uint32_t> sources;  ///< of each line of `text` the 1-based line that it was written on
};

/// The format of settings that a file name tells: JSON, YAML or TOML; none for every other file.
Format settings_format(std::string_view path);

/// Letters are written by their numbers: `\u0073` or `\x73`.
bool has_escaped_letters(std::string_view text);

/// Some line may hold several settings, or a key in disguise (quoted, dotted, escaped): read line by line, the text
/// shows less than it says. False for all formats but JSON, YAML and TOML. One pass over the text.
bool is_dense(std::string_view text, Format format);

/// The settings of a whole document as its format (JSON, YAML or TOML) is usually written: YAML in blocks, JSON with a
/// member a line, TOML under the headers of its tables. Comments are left out; short lists of scalars stay on the line
/// of their key in JSON and TOML.
Spread spread(const Document& document, Format format);

}  // namespace tollbar::document
