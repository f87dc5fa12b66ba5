// Indentation alone, as settings and programs are written: no format is read for it.
#include "rule/line_place.h"

#include <cstddef>

#include "text/pattern.h"

namespace tollbar::rule {
namespace {

constexpr auto nowhere = std::string_view::npos;

std::size_t line_begin(std::string_view text, std::size_t at) {
  const auto newline = at == 0 ? nowhere : text.rfind('\n', at - 1);
  return newline == nowhere ? 0 : newline + 1;
}

}  // namespace

std::string place_of_line(std::string_view path, std::string_view text, std::string_view at) {
  static const text::Pattern key(R"(^[ \t]*(?:-[ \t]+|\[)?["']?([\w.-]+)["']?\]?\s*(?::|=|$))");
  constexpr std::size_t far = 5000;
  std::string keys;
  auto begin = line_begin(text, static_cast<std::size_t>(at.data() - text.data()));
  auto width = nowhere;
  for (std::size_t lines = 0; lines < far && width != 0; ++lines) {
    const auto line = text.substr(begin, text.find('\n', begin) - begin);
    const auto indent = line.find_first_not_of(" \t\r");
    if (indent != nowhere && indent < width) {
      if (const auto match = key.find(line)) keys = std::string(*match->groups[1]) + (keys.empty() ? "" : ".") + keys;
      width = indent;
    }
    if (begin == 0) break;
    begin = line_begin(text, begin - 1);
  }
  return std::string(path) + ": " + keys;
}

}  // namespace tollbar::rule
