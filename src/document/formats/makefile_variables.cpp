// Expands references to the variables of a Makefile, bounded in depth and length.
#include "document/formats/makefile_variables.h"

#include <algorithm>

namespace tollbar::document {

namespace {

std::size_t closing(std::string_view text, std::size_t opening) {
  const char open = text[opening], close = open == '(' ? ')' : '}';
  int depth = 0;
  for (std::size_t i = opening; i < text.size(); ++i) {
    if (text[i] == open) ++depth;
    if (text[i] == close && --depth == 0) return i;
  }
  return text.size();
}

}  // namespace

std::string_view make_trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t\r\n") + 1 - start);
}

std::vector<std::string> make_words(std::string_view text) {
  std::vector<std::string> words;
  int open = 0;
  std::string word;
  for (const char c : text) {
    if (c == '(' || c == '{') ++open;
    if (c == ')' || c == '}') --open;
    if (open <= 0 && (c == ' ' || c == '\t')) {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
    } else {
      word += c;
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::vector<std::string_view> make_references(std::string_view text) {
  std::vector<std::string_view> names;
  for (auto at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    if (at + 1 >= text.size() || (text[at + 1] != '(' && text[at + 1] != '{')) continue;
    const auto end = text.find_first_of(")}: ", at + 2);
    if (end != std::string_view::npos && text[end] != ' ') names.push_back(text.substr(at + 2, end - at - 2));
  }
  return names;
}

bool MakeVariables::hangs_on_default(std::string_view text, unsigned depth) const {
  constexpr unsigned deepest = 10;
  if (depth >= deepest) return false;
  const auto names = make_references(text);
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    const auto found = values_.find(name);
    return is_default(name) || (found != values_.end() && hangs_on_default(found->second, depth + 1));
  });
}

void MakeVariables::give(const std::string& name, const std::string& value) {
  values_[name] = value;
  given_.insert(name);
}

std::string MakeVariables::expand(std::string_view text, unsigned depth) const {
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() < maximum_length; ++i) {
    if (text[i] != '$' || i + 1 >= text.size()) {
      out += text[i];
      continue;
    }
    const char next = text[++i];
    if (next == '$') {
      out += in_recipe_ ? "$" : "$$";
    } else if (next == '(' || next == '{') {
      const std::size_t close = closing(text, i);
      out += reference(text.substr(i + 1, close - i - 1), depth);
      i = close;
    } else if (next >= '0' && next <= '9' && !arguments_.empty()) {
      out += reference(text.substr(i, 1), depth);
    } else {
      out.append("$").append(1, next);
    }
  }
  return out;
}

std::string MakeVariables::reference(std::string_view name, unsigned depth) const {
  constexpr std::size_t most_references = 200'000;
  if (++references_ > most_references) return {};
  if (!arguments_.empty() && name.size() == 1 && name[0] >= '0' && name[0] <= '9') {
    const auto place = static_cast<std::size_t>(name[0] - '0');
    return place < arguments_.size() ? arguments_[place] : std::string();
  }
  if (const auto local = locals_.find(name); local != locals_.end()) return local->second;
  const auto found = values_.find(name);
  if (found != values_.end() && depth < 10) return expand(found->second, depth + 1);
  if (name == "MAKE") return "make";
  if (name.starts_with("shell "))
    return in_recipe_ ? "$(" + expand(name.substr(6), depth) + ")" : "$(" + std::string(name) + ")";
  if (auto result = function(name, depth)) return *result;
  if (auto result = substitution(name, depth)) return *result;
  // In variables the reference stays one of make's, to be looked up where it is used.
  // What a function (`subst`) is given is make's as well: `$(comma)` in it is no command.
  if (in_recipe_ && depth < 10 && name.find('$') != std::string_view::npos) return "${" + expand(name, depth + 1) + "}";
  return in_recipe_ ? "${" + std::string(name) + "}" : "$(" + std::string(name) + ")";
}

}  // namespace tollbar::document
