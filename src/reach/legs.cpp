// Legs are read as pairs of words, so that every system's way to write them is understood.
#include "reach/legs.h"

#include <algorithm>
#include <cctype>

namespace tollbar::reach {
namespace {

constexpr std::size_t kMostValues = 32;

/// `X` of `${{ matrix.X }}`; empty for anything else.
std::string_view matrix_name(std::string_view text) {
  if (!text.starts_with("${{") || !text.ends_with("}}")) return {};
  text = text.substr(3, text.size() - 5);
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  constexpr std::string_view prefix = "matrix.";
  if (!text.starts_with(prefix)) return {};
  text.remove_prefix(prefix.size());
  return text.find_first_of(" .[(|&") == std::string_view::npos ? text : std::string_view{};
}

/// `X` of `$X` and `${X}`.
std::string_view variable_name(std::string_view text) {
  if (!text.starts_with('$')) return {};
  text.remove_prefix(1);
  if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char byte) {
    return std::isalnum(byte) != 0 || byte == '_';
  });
  return plain ? text : std::string_view{};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> leg_pairs(std::string_view leg) {
  constexpr std::string_view separators = " ,:={}[]\"'\n;";
  std::vector<std::pair<std::string, std::string>> pairs;
  std::string name;
  for (std::size_t begin = 0; begin < leg.size();) {
    const std::size_t start = std::min(leg.find_first_not_of(separators, begin), leg.size());
    const std::size_t end = std::min(leg.find_first_of(separators, start), leg.size());
    std::string value(leg.substr(start, end - start));
    pairs.emplace_back(std::move(name), value);
    name = std::move(value);
    begin = end + 1;
  }
  return pairs;
}

std::vector<std::string> leg_values(const document::Word& word, const pipeline::Job& job,
                                    const std::map<std::string, std::string>& env) {
  std::string name(matrix_name(word.text));
  if (name.empty()) {
    name = variable_name(word.text);
    if (const auto set = env.find(name); set != env.end()) {
      const auto behind = matrix_name(set->second);
      if (!behind.empty()) name = behind;
    }
  }
  std::vector<std::string> values;
  if (name.empty()) return values;
  for (const auto& leg : job.legs) {
    for (const auto& [key, value] : leg_pairs(leg)) {
      const bool is_new = key == name && std::find(values.begin(), values.end(), value) == values.end();
      if (is_new && values.size() < kMostValues) values.push_back(value);
    }
  }
  return values;
}

}  // namespace tollbar::reach
