// Names are found by hand, what follows one by expressions anchored there: each is one way in which languages write it.
#include "text/assignments.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>

namespace tollbar::text {
namespace {

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_name_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-';
}

/// What may stand before a name for the way to count.
enum class Before : std::uint8_t { anything, tag, call, container_variable };

struct Way {
  Before before;
  bool quoted;
  Pattern tail;  ///< anchored behind the name; its last group is the value
};

/// `(` behind the text, in which a value between quotes of any kind is the last group.
std::string quoted(std::string_view head) {
  return R"(\G)" + std::string(head) + R"((?:[bfruBRFU@$]{0,2})("""|'''|\\?["'`])((?:(?!\1)[^\n]){1,2048})\1)";
}

const std::array<Way, 8>& ways() {
  constexpr std::string_view own_end = R"((?:\\?["'`])?\]?[ \t]*)";
  constexpr std::string_view type = R"((?::[ \t]*[\w&'<>\[\]?.|* ]{1,40}?|[A-Za-z\[\]*.]{1,24}[ \t])?[ \t]*)";
  constexpr std::string_view sign = R"((?:=>|[:?|+]{0,3}={1,3}|:|\|\||\?\?|,)[ \t]*)";
  constexpr std::string_view next_line = R"((?:(?:[|>][+-]?\d?|\\)?[ \t]*\r?\n[ \t]*)?)";
  constexpr std::string_view between =
      R"((?:\\?["'`])?(?:[ \t]*[,;{:]|</\w+>|[ \t]*/?>)*\s*(?:(?:[Tt]ype|[Dd]escription)\b[^\n]*\s+){0,2}<?(?:\\?["'])?)"
      R"((?:value|Value|VALUE|default|Default|defaultValue|string)(?:\\?["'])?)";
  static const std::array<Way, 8> all = {{
      {Before::anything, true, Pattern(quoted(std::string(between) + R"([ \t]*[:=][ \t]*)"))},
      {Before::anything, true, Pattern(R"(\G)" + std::string(between) + R"(>\s*([^<>\s]{1,2048})\s*</)")},
      {Before::anything, true,
       Pattern(quoted(std::string(own_end) + std::string(type) + std::string(sign) + std::string(next_line)))},
      {Before::anything, true, Pattern(quoted(R"(\([ \t]*)"))},
      {Before::call, true, Pattern(quoted(R"([ \t]+)"))},
      {Before::tag, true, Pattern(R"(\G>\s*([^<>\s]{1,2048})\s*</)")},
      {Before::container_variable, false, Pattern(R"(\G[ \t]+([^\s"'`$]\S*)[ \t]*(?:\r?\n|$))")},
      {Before::anything, false,
       Pattern(R"(\G(?:["']?[ \t]*[:?]{0,3}[=:][ \t]*(?:[|>][+-]?\d?[ \t]*\r?\n[ \t]*)?|,|)" + std::string(between) +
               R"(:[ \t]*)([^\s"'`<>{}()\[\]]{1,2048}))")},
  }};
  return all;
}

bool allows(Before before, std::string_view text, std::size_t name) {
  static const Pattern variable(R"(^\s*(?:ENV|ARG|setx)[ \t]+$)");
  switch (before) {
    case Before::anything:
      return true;
    case Before::tag:
      return name > 0 && text[name - 1] == '<';
    case Before::call:
      return name > 0 && text[name - 1] == '(';
    case Before::container_variable:
      return variable.matches(text.substr(0, name));
  }
  return false;
}

/// What one looks at behind a name: lines may be very long.
constexpr std::size_t window = 8192;

/// A value without quotes ends with its line or, inside of a longer text, with the next part of that.
std::string_view bare_value(std::string_view value, bool begins_line) {
  if (!begins_line) value = value.substr(0, value.find_first_of(";&,"));
  while (!value.empty() && (value.back() == ',' || value.back() == ';' || value.back() == '\\')) value.remove_suffix(1);
  return value;
}

bool begins_line(std::string_view before) {
  constexpr std::size_t longest = 80;
  if (before.size() > longest) return false;
  static const Pattern start(R"(^[\s"'-]*(?:(?:export|set|declare|readonly|setx|ENV|ARG|Environment=)\s*"?)?$)");
  return start.matches(before);
}

/// `schema_v2_Credentials(ref)`: what a name without quotes is given is what a function makes.
bool is_called(std::string_view value, std::string_view behind) {
  static const Pattern function(R"(^[A-Za-z_][\w.:]*$)"), arguments(R"(^\([^\n]*\))");
  return arguments.matches(behind) && function.matches(value);
}

std::optional<Assignment> assignment(std::string_view text, std::size_t begin, std::string_view name) {
  for (const auto& way : ways()) {
    if (!allows(way.before, text, begin)) continue;
    const auto match = way.tail.find(text.substr(begin, window), name.size());
    if (!match || !match->groups.back()) continue;
    auto value = *match->groups.back();
    const auto behind = static_cast<std::size_t>(value.data() - text.data()) + value.size();
    if (!way.quoted && is_called(value, text.substr(behind, window))) continue;
    if (!way.quoted) value = bare_value(value, begins_line(text.substr(0, begin)));
    return Assignment{name, value, way.quoted};
  }
  return std::nullopt;
}

}  // namespace

std::vector<Assignment> assignments(std::string_view text, const Pattern& wanted) {
  std::vector<Assignment> pairs;
  const auto line_end = std::min(text.find('\n'), text.size());
  for (std::size_t begin = 0; begin < line_end;) {
    auto end = begin;
    while (end < line_end && is_name_byte(text[end])) ++end;
    const auto name = text.substr(begin, end - begin);
    if (!name.empty() && is_name_start(name.front()) && wanted.matches(name))
      if (const auto pair = assignment(text, begin, name); pair && !pair->value.empty()) pairs.push_back(*pair);
    begin = end + 1;
  }
  return pairs;
}

}  // namespace tollbar::text
