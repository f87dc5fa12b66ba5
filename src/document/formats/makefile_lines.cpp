// A line that ends with `\` goes on in the next one; what begins with the prefix is for the shell.
#include "document/formats/makefile_lines.h"

#include <algorithm>
#include <cstddef>

#include "document/formats/makefile_variables.h"

namespace tollbar::document {

namespace {

char prefix_in(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view value = equals == std::string_view::npos ? "" : make_trimmed(text.substr(equals + 1));
  return value.empty() ? '\t' : value[0];
}

}  // namespace

std::vector<LogicalLine> logical_lines(std::string_view text, char& recipe_prefix) {
  std::vector<LogicalLine> lines;
  std::uint32_t number = 1;
  bool continues = false;
  for (std::size_t start = 0; start < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    std::string_view row = text.substr(start, end - start);
    start = end + 1;
    if (row.ends_with('\r')) row.remove_suffix(1);
    if (!continues) lines.push_back({"", number, row.starts_with(recipe_prefix)});
    LogicalLine& line = lines.back();
    if (row.starts_with(recipe_prefix) && line.recipe) row.remove_prefix(1);
    continues = row.ends_with('\\');
    if (line.recipe) {
      line.text.append(row).append(continues ? "\n" : "");
    } else {
      line.text.append(continues ? row.substr(0, row.size() - 1) : row).append(continues ? " " : "");
    }
    if (!line.recipe && !continues && make_trimmed(line.text).starts_with(".RECIPEPREFIX"))
      recipe_prefix = prefix_in(line.text);
  }
  return lines;
}

std::string without_make_comment(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && text[i] != '#'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '#') ++i;
    out += text[i];
  }
  return out;
}

}  // namespace tollbar::document
