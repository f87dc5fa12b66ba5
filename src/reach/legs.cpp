// Legs are read as pairs of words, so that every system's way to write them is understood.
#include "reach/legs.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>
#include <string_view>

#include "document/formats.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kMostValues = 32;

bool is_name(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_' || byte == '-';
}

/// `X` of `${{ matrix.X }}` and of `${{ matrix['X'] }}`, `X.Y` of a part of it; empty for anything else.
std::string matrix_name(std::string_view text) {
  if (!text.starts_with("${{") || !text.ends_with("}}")) return {};
  text = text::trimmed(text.substr(3, text.size() - 5), " ");
  constexpr std::string_view scope = "matrix";
  if (!text.starts_with(scope)) return {};
  std::string name;
  for (text.remove_prefix(scope.size()); !text.empty();) {
    const bool indexed = text.starts_with("['"), named = text.starts_with('.');
    if (!indexed && !named) return {};
    text.remove_prefix(indexed ? 2 : 1);
    const auto end = indexed ? text.find("']") : std::min(text.find_first_of(".["), text.size());
    if (end == std::string_view::npos || !std::all_of(text.begin(), text.begin() + end, is_name)) return {};
    name.append(name.empty() ? "" : ".").append(text.substr(0, end));
    text.remove_prefix(indexed ? end + 2 : end);
  }
  return name;
}

/// A reference inside a word, with the name in the legs that it stands for.
struct Reference {
  std::size_t at = 0, length = 0;
  std::string name;
};

/// The first `${{ matrix.X }}`, or `$X` and `${X}` where nothing but the legs says what it is.
std::optional<Reference> first_reference(std::string_view text, const std::map<std::string, std::string>& env) {
  for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    if (text.substr(at).starts_with("${{")) {
      const auto close = text.find("}}", at);
      if (close == std::string_view::npos) return std::nullopt;
      auto name = matrix_name(text.substr(at, close + 2 - at));
      if (!name.empty()) return Reference{at, close + 2 - at, std::move(name)};
      at = close;
      continue;
    }
    const bool braces = text.substr(at).starts_with("${");
    const std::size_t begin = at + (braces ? 2 : 1);
    std::size_t end = begin;
    while (end < text.size() && is_name(text[end]) && text[end] != '-') ++end;
    if (end == begin || (braces && (end == text.size() || text[end] != '}'))) continue;
    std::string name(text.substr(begin, end - begin));
    const auto set = env.find(name);
    auto behind = set == env.end() ? std::string() : matrix_name(set->second);
    if (set != env.end() && behind.empty()) continue;
    if (!behind.empty()) name = std::move(behind);
    return Reference{at, end + (braces ? 1 : 0) - at, std::move(name)};
  }
  return std::nullopt;
}

/// Where the value that begins at `at` ends: before `,NAME=` outside braces.
std::size_t value_end(std::string_view leg, std::size_t at) {
  int open = 0;
  for (; at < leg.size(); ++at) {
    open += leg[at] == '{' || leg[at] == '[' ? 1 : leg[at] == '}' || leg[at] == ']' ? -1 : 0;
    if (leg[at] != ',' || open > 0) continue;
    std::size_t name = at + 1;
    while (name < leg.size() && is_name(leg[name])) ++name;
    if (name > at + 1 && name < leg.size() && leg[name] == '=') return at;
  }
  return leg.size();
}

/// Where the value that begins at `at` ends inside a map of a leg: before `,` or `}`; no value where the map is cut
/// off.
std::optional<std::size_t> member_end(std::string_view map, std::size_t at) {
  int open = 0;
  for (bool quoted = false; at < map.size(); ++at) {
    const char byte = map[at];
    if (quoted && byte == '\\') ++at;
    if (byte == '"') quoted = !quoted;
    if (quoted) continue;
    if (open == 0 && (byte == ',' || byte == '}')) return at;
    open += byte == '{' || byte == '[' ? 1 : byte == '}' || byte == ']' ? -1 : 0;
  }
  return std::nullopt;
}

/// What `{key: value, other: {inner: value}}` holds under the key; empty where it holds nothing.
std::string_view member(std::string_view map, std::string_view key) {
  for (std::size_t at = 1; at < map.size();) {
    const auto end = member_end(map, at);
    if (!map.starts_with('{') || !end) return {};
    const auto entry = text::trimmed(map.substr(at, *end - at), " ");
    if (entry.starts_with(key) && entry.substr(key.size()).starts_with(": ")) return entry.substr(key.size() + 2);
    at = *end + 1;
  }
  return {};
}

/// The text of a plain or quoted value; no value for anything else.
std::optional<std::string> plain_value(std::string_view value) {
  constexpr std::string_view special = "{[\"!";
  if (value.empty() || value == "null") return std::nullopt;
  if (special.find(value.front()) == std::string_view::npos) return std::string(value);
  if (value.front() == '{' || value.front() == '[') return std::nullopt;
  const auto document = document::read_yaml(value);
  if (document.roots.empty() || !document.root().is_scalar()) return std::nullopt;
  return document.root().scalar;
}

/// The values that the text of a leg gives to a name, or to a part of a map of that name; none where `pairs` have to
/// tell. The map is what `Node::brief` makes of it: no whole YAML need be read for each word of each leg.
std::optional<std::vector<std::string>> written_values(std::string_view leg, const std::string& name) {
  const std::string first = name.substr(0, name.find('.'));
  std::vector<std::string> values;
  for (std::size_t at = leg.find(first + "="); at != std::string_view::npos; at = leg.find(first + "=", at + 1)) {
    if (at > 0 && leg[at - 1] != ',') continue;
    const auto begin = at + first.size() + 1;
    auto value = leg.substr(begin, value_end(leg, begin) - begin);
    if (first.size() == name.size()) return value.starts_with('{') ? values : std::vector{std::string(value)};
    for (std::size_t dot = first.size(); dot < name.size();) {
      const auto end = std::min(name.find('.', dot + 1), name.size());
      value = member(value, std::string_view(name).substr(dot + 1, end - dot - 1));
      dot = end;
    }
    if (auto plain = plain_value(value)) values.push_back(std::move(*plain));
    return values;
  }
  return first.size() < name.size() ? std::optional(values) : std::nullopt;
}

Legs::Pairs pairs_of(std::string_view leg) {
  constexpr std::string_view separators = " ,:={}[]\"'\n;";
  Legs::Pairs pairs;
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

std::vector<document::Word> with_texts(const document::Word& word, std::vector<std::string> texts) {
  std::vector<document::Word> words;
  for (auto& text : texts) {
    document::Word one = word;
    one.text = std::move(text);
    one.dynamic = one.text.find_first_of("$`") != std::string::npos || one.text.find("{{") != std::string::npos;
    words.push_back(std::move(one));
  }
  return words;
}

}  // namespace

const Legs::Pairs& Legs::pairs(std::size_t leg) const {
  pairs_.resize(texts_.size());
  if (!pairs_[leg]) pairs_[leg] = pairs_of(texts_[leg]);
  return *pairs_[leg];
}

const std::vector<std::string>& Legs::values(std::size_t leg, const std::string& name) const {
  asked_.names.insert(name);
  return known_values(leg, name);
}

const std::vector<std::string>& Legs::known_values(std::size_t leg, const std::string& name) const {
  auto& by_leg = values_[name];
  by_leg.resize(texts_.size());
  auto& known = by_leg[leg];
  if (known) return *known;
  known = written_values(texts_[leg], name);
  if (known) return *known;
  known.emplace();
  for (const auto& [key, value] : pairs(leg))
    if (key == name) known->push_back(value);
  return *known;
}

void Legs::fill_in(std::size_t leg, const std::string& word, const std::map<std::string, std::string>& env,
                   std::vector<std::string>& texts) const {
  std::vector<std::string> open{word};
  for (std::size_t i = 0; i < open.size() && open.size() <= kMostValues; ++i) {
    const auto reference = first_reference(open[i], env);
    if (!reference) {
      const bool is_new = std::find(texts.begin(), texts.end(), open[i]) == texts.end();
      if (is_new && texts.size() < kMostValues) texts.push_back(open[i]);
      continue;
    }
    for (const auto& value : values(leg, reference->name)) {
      if (value.find('$') != std::string::npos) continue;  // computed
      open.push_back(open[i]);
      open.back().replace(reference->at, reference->length, value);
    }
  }
}

std::vector<document::Word> Legs::words(const document::Word& word,
                                        const std::map<std::string, std::string>& env) const {
  const auto reference = first_reference(word.text, env);
  if (!reference) return {};
  asked_.names.insert(reference->name);
  std::vector<std::string> texts;
  for (std::size_t leg = 0; leg < size(); ++leg) fill_in(leg, word.text, env, texts);
  return with_texts(word, std::move(texts));
}

std::vector<document::Word> Legs::words_in(std::size_t leg, const document::Word& word,
                                           const std::map<std::string, std::string>& env) const {
  if (!first_reference(word.text, env)) return {};
  std::vector<std::string> texts;
  fill_in(leg, word.text, env, texts);
  return with_texts(word, std::move(texts));
}

void Legs::ask(const Asked& more) const {
  asked_.names.insert(more.names.begin(), more.names.end());
  asked_.all = asked_.all || more.all;
}

std::string Legs::said_to(const Asked& asked) const {
  std::string said;
  const auto add = [&said](const std::string& text) {
    said.append(std::to_string(text.size())).append(":").append(text);
  };
  for (std::size_t leg = 0; leg < size(); ++leg) {
    const auto says = [&](const std::string& name) { return !known_values(leg, name).empty(); };
    // A leg that says nothing to any of the names makes no word.
    if (!asked.all && std::none_of(asked.names.begin(), asked.names.end(), says)) continue;
    said += '\n';
    if (asked.all) add(texts_[leg]);
    for (const auto& name : asked.names) {
      for (const auto& value : known_values(leg, name)) add(value);
      said += '|';
    }
  }
  return said;
}

}  // namespace tollbar::reach
