// Where YAML nodes end: yaml-cpp tells only where they start, the rest is read from the text again.
#include "document/formats/yaml_extent.h"

#include <algorithm>

namespace tollbar::document {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool has(std::string_view text, YamlCursor at) {
  return at.offset < text.size();
}

void advance(std::string_view text, YamlCursor& at) {
  at.line += text[at.offset] == '\n' ? 1U : 0U;
  ++at.offset;
}

std::size_t line_end(std::string_view text, std::size_t offset) {
  return std::min(text.find('\n', offset), text.size());
}

YamlCursor double_quoted_end(std::string_view text, YamlCursor at) {
  advance(text, at);
  while (has(text, at)) {
    const char c = text[at.offset];
    advance(text, at);
    if (c == '"') {
      break;
    }
    if (c == '\\' && has(text, at)) {
      advance(text, at);
    }
  }
  return at;
}

YamlCursor single_quoted_end(std::string_view text, YamlCursor at) {
  advance(text, at);
  while (has(text, at)) {
    const char c = text[at.offset];
    advance(text, at);
    if (c == '\'') {
      if (!has(text, at) || text[at.offset] != '\'') {
        break;
      }
      advance(text, at);
    }
  }
  return at;
}

/// Plain text reads as it stands but for its line breaks, so value and text are walked together.
YamlCursor plain_end(std::string_view text, YamlCursor at, std::string_view value) {
  if (text.substr(at.offset, value.size()) == value) {
    at.offset += value.size();
    return at;
  }
  for (const char c : value) {
    if (is_space(c)) {
      continue;
    }
    YamlCursor next = at;
    while (has(text, next) && is_space(text[next.offset])) {
      advance(text, next);
    }
    if (!has(text, next)) {
      break;
    }
    ++next.offset;
    at = next;
  }
  return at;
}

std::size_t leading_spaces(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool is_blank_line(std::string_view line) {
  return std::all_of(line.begin(), line.end(), is_space);
}

/// The lines below a block header that are blank or indented as far as the content is. `value` tells how much of the
/// first line's indentation is content.
YamlCursor block_end(std::string_view text, YamlCursor header, std::string_view value) {
  YamlCursor end{line_end(text, header.offset), header.line};
  const std::size_t content = value.find_first_not_of("\r\n");
  if (content == std::string_view::npos) {
    return end;
  }
  const std::size_t extra = leading_spaces(value.substr(content));
  std::size_t indentation = std::string_view::npos;
  std::uint32_t line = header.line;
  for (std::size_t start = end.offset + 1; start < text.size();) {
    const std::size_t stop = line_end(text, start);
    const std::string_view current = text.substr(start, stop - start);
    start = stop + 1;
    ++line;
    if (is_blank_line(current)) {
      continue;
    }
    const std::size_t spaces = leading_spaces(current);
    if (indentation == std::string_view::npos) {
      indentation = spaces - std::min(spaces, extra);
    }
    if (spaces < indentation) {
      break;
    }
    end = {stop, line};
    // At the margin a document of one block scalar ends at its marker, not by its indentation.
    if (indentation == 0 && (text.substr(start, 3) == "---" || text.substr(start, 3) == "...")) {
      break;
    }
  }
  return end;
}

}  // namespace

YamlCursor skip_blank(std::string_view text, YamlCursor at) {
  while (has(text, at)) {
    if (text[at.offset] == '#') {
      at.offset = line_end(text, at.offset);
    } else if (is_space(text[at.offset])) {
      advance(text, at);
    } else {
      break;
    }
  }
  return at;
}

YamlCursor skip_word(std::string_view text, YamlCursor at) {
  while (has(text, at) && !is_space(text[at.offset]) &&
         std::string_view{",[]{}"}.find(text[at.offset]) == std::string_view::npos) {
    ++at.offset;
  }
  return at;
}

YamlCursor skip_properties(std::string_view text, YamlCursor at) {
  while (has(text, at) && (text[at.offset] == '!' || text[at.offset] == '&')) {
    const bool verbatim = text.substr(at.offset, 2) == "!<";
    at = verbatim ? YamlCursor{std::min(text.find('>', at.offset), text.size() - 1) + 1, at.line} : skip_word(text, at);
    at = skip_blank(text, at);
  }
  return at;
}

ScalarExtent scalar_extent(std::string_view text, YamlCursor at, std::string_view value) {
  if (!has(text, at)) {
    return {at.line, at, true};
  }
  switch (text[at.offset]) {
    case '"':
      return {at.line, double_quoted_end(text, at), false};
    case '\'':
      return {at.line, single_quoted_end(text, at), false};
    case '|':
    case '>':
      return {at.line + 1, block_end(text, at, value), false};
    default:
      return {at.line, plain_end(text, at, value), true};
  }
}

YamlCursor skip_to_bracket(std::string_view text, YamlCursor at, char bracket) {
  YamlCursor next = at;
  while (has(text, next = skip_blank(text, next))) {
    const char c = text[next.offset];
    if (c == bracket) {
      ++next.offset;
      return next;
    }
    if (c != ',' && c != ':' && c != '?') {
      break;
    }
    ++next.offset;
  }
  return at;
}

YamlCursor skip_indicator(std::string_view text, YamlCursor at) {
  const YamlCursor next = skip_blank(text, at);
  const bool found = has(text, next) && std::string_view{"-:?,"}.find(text[next.offset]) != std::string_view::npos;
  return found ? YamlCursor{next.offset + 1, next.line} : at;
}

}  // namespace tollbar::document
