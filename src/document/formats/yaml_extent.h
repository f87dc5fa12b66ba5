// Where YAML nodes end: yaml-cpp tells only where they start, the rest is read from the text again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tollbar::document {

/// Where the reading of a YAML text stands.
struct YamlCursor {
  std::size_t offset = 0;
  std::uint32_t line = 1;
};

struct ScalarExtent {
  std::uint32_t content_line = 0;  ///< of the first content line
  YamlCursor end;                  ///< just behind the scalar
  bool plain = false;              ///< neither quoted nor a block
};

/// Past white space, line breaks and comments.
YamlCursor skip_blank(std::string_view text, YamlCursor at);
/// Past tags and anchors, and what blank follows them.
YamlCursor skip_properties(std::string_view text, YamlCursor at);
/// Past one `&anchor` or `*alias`.
YamlCursor skip_word(std::string_view text, YamlCursor at);
/// The extent of the scalar that starts at `at` (behind its properties) and was decoded to `value`.
ScalarExtent scalar_extent(std::string_view text, YamlCursor at, std::string_view value);
/// From the end of a flow collection's last node past its closing bracket; `at` itself where there is none.
YamlCursor skip_to_bracket(std::string_view text, YamlCursor at, char bracket);
/// Past the indicator (`-`, `:`, `?`, `,`) behind which a value is absent; `at` itself where there is none.
YamlCursor skip_indicator(std::string_view text, YamlCursor at);

}  // namespace tollbar::document
