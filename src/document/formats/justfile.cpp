// Reads justfiles as the Makefiles they resemble.
#include <algorithm>
#include <set>
#include <string>

#include "document/scripts.h"
#include "text/lines.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

/// The text of a plain string; anything else as it is.
std::string unquoted(std::string_view value) {
  const auto text = text::trimmed(value);
  const bool plain = text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front() &&
                     text.find(text.front(), 1) == text.size() - 1;
  return std::string(plain ? text.substr(1, text.size() - 2) : value);
}

using Names = std::set<std::string, std::less<>>;

/// What `name := value` sets.
Names assigned_names(std::string_view just) {
  Names names;
  for (const auto line : text::Lines(just)) {
    const auto end = line.find_first_of(" \t:=");
    if (end == 0 || end == std::string_view::npos) continue;
    if (text::trimmed(line.substr(end)).starts_with(":=")) names.emplace(line.substr(0, end));
  }
  return names;
}

/// `{{ name }}` of such a variable becomes `$(name)`.
std::string with_references(std::string_view recipe, const Names& names) {
  std::string result(recipe);
  for (auto begin = result.find("{{"); begin != std::string::npos; begin = result.find("{{", begin + 1)) {
    const auto end = result.find("}}", begin);
    if (end == std::string::npos) break;
    const std::string name(text::trimmed(std::string_view(result).substr(begin + 2, end - begin - 2)));
    if (names.count(name) != 0) result.replace(begin, end + 2 - begin, "$(" + name + ")");
  }
  return result;
}

/// Indentation becomes a tab; parameters of a recipe and settings are dropped, plain strings lose their quotes. Line
/// numbers stay.
std::string as_makefile(std::string_view just) {
  std::string result;
  const Names names = assigned_names(just);
  for (std::size_t begin = 0; begin < just.size();) {
    const std::size_t end = std::min(just.find('\n', begin), just.size());
    const std::string_view line = just.substr(begin, end - begin);
    const auto text = line.find_first_not_of(" \t");
    const auto colon = line.find(':');
    const bool header = text == 0 && colon != std::string_view::npos && line.substr(colon, 2) != ":=" && line[0] != '#';
    if (text != std::string_view::npos && text > 0) {
      result.append("\t").append(with_references(line.substr(text), names));
    } else if (header) {
      const std::string_view name =
          line.substr(line[0] == '@' ? 1 : 0, line.find_first_of(" :") - (line[0] == '@' ? 1 : 0));
      result.append(name).append(":").append(line.substr(colon + 1));
    } else if (text == 0 && line[0] != '#' && line.find(":=") != std::string_view::npos) {
      result.append(line.substr(0, colon + 2)).append(unquoted(line.substr(colon + 2)));
    }
    result += '\n';
    begin = end + 1;
  }
  return result;
}

}  // namespace

Makefile read_justfile(std::string_view text, Failures failures) {
  return read_makefile(as_makefile(text), failures);
}

}  // namespace tollbar::document
