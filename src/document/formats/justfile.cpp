// Reads justfiles as the Makefiles they resemble.
#include <algorithm>
#include <string>

#include "document/scripts.h"

namespace tollbar::document {
namespace {

/// Indentation becomes a tab; parameters of a recipe and settings are dropped. Line numbers stay.
std::string as_makefile(std::string_view just) {
  std::string result;
  for (std::size_t begin = 0; begin < just.size();) {
    const std::size_t end = std::min(just.find('\n', begin), just.size());
    const std::string_view line = just.substr(begin, end - begin);
    const auto text = line.find_first_not_of(" \t");
    const auto colon = line.find(':');
    const bool header = text == 0 && colon != std::string_view::npos && line.substr(colon, 2) != ":=" && line[0] != '#';
    if (text != std::string_view::npos && text > 0) {
      result.append("\t").append(line.substr(text));
    } else if (header) {
      const std::string_view name =
          line.substr(line[0] == '@' ? 1 : 0, line.find_first_of(" :") - (line[0] == '@' ? 1 : 0));
      result.append(name).append(":").append(line.substr(colon + 1));
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
