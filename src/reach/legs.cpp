// Legs are read as pairs of words, so that every system's way to write them is understood.
#include "reach/legs.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>

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

/// A reference inside a word, with the name in the legs that it stands for.
struct Reference {
  std::size_t at = 0, length = 0;
  std::string name;
};

/// The first `${{ matrix.X }}`, or `$X` and `${X}` where nothing but the legs says what it is.
std::optional<Reference> first_reference(std::string_view text, const std::map<std::string, std::string>& env) {
  const auto is_name = [](unsigned char byte) { return std::isalnum(byte) != 0 || byte == '_'; };
  for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    if (text.substr(at).starts_with("${{")) {
      const auto close = text.find("}}", at);
      if (close == std::string_view::npos) return std::nullopt;
      const auto name = matrix_name(text.substr(at, close + 2 - at));
      if (!name.empty()) return Reference{at, close + 2 - at, std::string(name)};
      at = close;
      continue;
    }
    const bool braces = text.substr(at).starts_with("${");
    const std::size_t begin = at + (braces ? 2 : 1);
    std::size_t end = begin;
    while (end < text.size() && is_name(static_cast<unsigned char>(text[end]))) ++end;
    if (end == begin || (braces && (end == text.size() || text[end] != '}'))) continue;
    std::string name(text.substr(begin, end - begin));
    const auto set = env.find(name);
    const auto behind = set == env.end() ? std::string_view() : matrix_name(set->second);
    if (set != env.end() && behind.empty()) continue;
    if (!behind.empty()) name = behind;
    return Reference{at, end + (braces ? 1 : 0) - at, std::move(name)};
  }
  return std::nullopt;
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

std::vector<document::Word> leg_words(const document::Word& word, const pipeline::Job& job,
                                      const std::map<std::string, std::string>& env) {
  std::vector<document::Word> words;
  if (job.legs.empty()) return words;
  const auto reference = first_reference(word.text, env);
  if (!reference) return words;
  std::vector<std::string> values;
  for (const auto& leg : job.legs) {
    for (const auto& [key, value] : leg_pairs(leg)) {
      const bool is_new = key == reference->name && std::find(values.begin(), values.end(), value) == values.end();
      if (is_new && values.size() < kMostValues) values.push_back(value);
    }
  }
  for (const auto& value : values) {
    document::Word one = word;
    one.text.replace(reference->at, reference->length, value);
    one.dynamic = one.text.find_first_of("$`") != std::string::npos || one.text.find("{{") != std::string::npos;
    words.push_back(std::move(one));
  }
  return words;
}

}  // namespace tollbar::reach
