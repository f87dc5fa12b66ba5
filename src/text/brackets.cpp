// Bracket expressions of globs, read as git's wildmatch reads them.
#include "text/brackets.h"

#include <algorithm>
#include <array>

#include "text/ascii.h"

namespace tollbar::text {
namespace {

struct NamedClass {
  std::string_view name;
  bool (*holds)(unsigned char);
};

constexpr bool is_lower(unsigned char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(unsigned char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_digit(unsigned char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alpha(unsigned char c) {
  return is_lower(c) || is_upper(c);
}
constexpr bool is_graph(unsigned char c) {
  return c > 0x20 && c < 0x7f;
}

// Letters of either case are in `upper` and `lower`, because paths are compared without case.
constexpr std::array<NamedClass, 12> named_classes = {{
    {"alnum", [](unsigned char c) { return is_alpha(c) || is_digit(c); }},
    {"alpha", is_alpha},
    {"blank", [](unsigned char c) { return c == ' ' || c == '\t'; }},
    {"cntrl", [](unsigned char c) { return c < 0x20 || c == 0x7f; }},
    {"digit", is_digit},
    {"graph", is_graph},
    {"lower", is_alpha},
    {"print", [](unsigned char c) { return c >= 0x20 && c < 0x7f; }},
    {"punct", [](unsigned char c) { return is_graph(c) && !is_alpha(c) && !is_digit(c); }},
    {"space", [](unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }},
    {"upper", is_alpha},
    {"xdigit", [](unsigned char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }},
}};

/// The end of `[:name:]` at `open`, or `open` where none stands there.
std::size_t named_class_end(std::string_view pattern, std::size_t open) {
  if (pattern.substr(open, 2) != "[:") return open;
  const std::size_t close = pattern.find(']', open + 2);
  if (close == std::string_view::npos || close < open + 3 || pattern[close - 1] != ':') return open;
  return close + 1;
}

bool named_class_holds(std::string_view name, char c) {
  const auto* named = std::find_if(named_classes.begin(), named_classes.end(),
                                   [&](const NamedClass& candidate) { return candidate.name == name; });
  return named != named_classes.end() && named->holds(static_cast<unsigned char>(c));
}

bool in_range(char low, char high, char c) {
  const auto within = [&](char x) {
    return static_cast<unsigned char>(low) <= static_cast<unsigned char>(x) &&
           static_cast<unsigned char>(x) <= static_cast<unsigned char>(high);
  };
  return within(ascii_lower(c)) || within(ascii_upper(c));
}

/// Takes one member character at `at`, its escape resolved.
char take(std::string_view members, std::size_t& at) {
  if (members[at] == '\\' && at + 1 < members.size()) ++at;
  return members[at++];
}

}  // namespace

std::size_t bracket_end(std::string_view pattern, std::size_t open) {
  std::size_t at = open + 1;
  if (at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^')) ++at;
  for (bool first = true; at < pattern.size(); first = false) {
    if (pattern[at] == ']' && !first) return at + 1;
    const std::size_t named = named_class_end(pattern, at);
    at = named != at ? named : at + (pattern[at] == '\\' ? 2 : 1);
  }
  return std::string_view::npos;
}

bool bracket_holds(std::string_view expression, char c) {
  if (c == '/') return false;
  std::string_view members = expression.substr(1, expression.size() - 2);
  const bool negated = !members.empty() && (members[0] == '!' || members[0] == '^');
  if (negated) members.remove_prefix(1);
  bool held = false;
  for (std::size_t at = 0; at < members.size() && !held;) {
    if (const std::size_t named = named_class_end(members, at); named != at) {
      held = named_class_holds(members.substr(at + 2, named - at - 4), c);
      at = named;
      continue;
    }
    const char low = take(members, at);
    if (at + 1 < members.size() && members[at] == '-') {
      ++at;
      held = in_range(low, take(members, at), c);
    } else {
      held = ascii_lower(low) == ascii_lower(c);
    }
  }
  return held != negated;
}

}  // namespace tollbar::text
