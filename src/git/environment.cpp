// Reading git's environment variables, with the quoting that libgit2 does not know.
#include "git/environment.h"

#include <cstddef>
#include <cstdlib>

namespace tollbar::git {
namespace {

bool is_octal(char digit) {
  return digit >= '0' && digit <= '7';
}

/// The character that a C escape such as `\t` stands for, or NUL where it is none.
char unescape(char letter) {
  constexpr std::string_view letters = "abfnrtv\\\"";
  constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\\"";
  const std::size_t index = letters.find(letter);
  return index == std::string_view::npos ? '\0' : meanings[index];
}

/// Takes a C-quoted string off the front of `text`; empty, with `text` untouched, where the quoting is broken.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string path;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') {
      text.remove_prefix(at + 1);
      return path;
    }
    if (text[at] != '\\') {
      path += text[at];
      continue;
    }
    if (++at == text.size()) {
      break;
    }
    if (at + 2 < text.size() && is_octal(text[at]) && is_octal(text[at + 1]) && is_octal(text[at + 2])) {
      path += static_cast<char>((text[at] - '0') * 64 + (text[at + 1] - '0') * 8 + (text[at + 2] - '0'));
      at += 2;
    } else if (const char meaning = unescape(text[at]); meaning != '\0') {
      path += meaning;
    } else {
      break;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> environment_value(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') {
    return std::nullopt;
  }
  return value;
}

std::string path_from(const std::string& directory, const std::string& path) {
  return path.starts_with('/') ? path : directory + '/' + path;
}

std::vector<std::string> split_alternates(std::string_view text) {
  std::vector<std::string> paths;
  while (!text.empty()) {
    std::optional<std::string> quoted;
    if (text.front() == '"') {
      quoted = take_quoted(text);
    }
    const std::size_t end = text.find(':');
    const std::string path = quoted ? *quoted : std::string(text.substr(0, end));
    if (!path.empty() && (quoted || path.front() != '#')) {
      paths.push_back(path);
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return paths;
}

}  // namespace tollbar::git
