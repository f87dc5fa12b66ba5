// `${NAME:-value}` and `if [ -z "$NAME" ]`, in the ways people write them.
#include "reach/defaults.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace tollbar::reach {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

/// `NAME` of `$NAME`, `${NAME}`, `${NAME:-}`, `${NAME-}`.
std::string_view variable(std::string_view text) {
  if (!text.starts_with('$')) return {};
  text.remove_prefix(1);
  if (text.starts_with('{') && text.ends_with('}')) {
    text = text.substr(1, text.size() - 2);
    if (text.ends_with(":-"))
      text.remove_suffix(2);
    else if (text.ends_with('-'))
      text.remove_suffix(1);
  }
  return is_name(text) ? text : std::string_view{};
}

}  // namespace

std::string asked_unset(const document::Command& command) {
  const auto program = command.program();
  const auto& argv = command.argv;
  if ((program != "[" && program != "[[" && program != "test") || argv.size() < 3) return {};
  if (argv[1].text != "-z" && argv[1].text != "!") return {};
  const bool alone = argv.size() == 3 || (argv.size() == 4 && (argv[3].text == "]" || argv[3].text == "]]"));
  return alone ? std::string(variable(argv[2].text)) : std::string();
}

std::optional<std::string> own_default(const document::Assignment& assignment) {
  std::string_view text = assignment.value.text;
  const std::string opening = "${" + assignment.name;
  if (!text.starts_with(opening) || !text.ends_with('}')) return std::nullopt;
  text = text.substr(opening.size(), text.size() - opening.size() - 1);
  if (text.starts_with(':')) text.remove_prefix(1);
  if (!text.starts_with('-') && !text.starts_with('=')) return std::nullopt;
  return std::string(text.substr(1));
}

bool is_itself(std::string_view name, std::string_view text) {
  return !name.empty() && variable(text) == name;
}

bool is_default(const document::Assignment& assignment, const document::Command& command,
                const std::set<std::string>& asked) {
  return own_default(assignment).has_value() || (command.context.conditional && asked.count(assignment.name) != 0);
}

}  // namespace tollbar::reach
