// The functions of make whose result the Makefile alone decides: templates that are called, loops, changes of names.
#include <algorithm>
#include <array>
#include <utility>

#include "document/formats/makefile_variables.h"

namespace tollbar::document {

namespace {

using Words = std::vector<std::string>;

constexpr unsigned kDeepest = 10;
constexpr std::size_t kMostWords = 256;
constexpr std::string_view kOwn = "${MAKEFILE_OWN}", kMain = "${MAKEFILE_MAIN}";

/// Nothing in it must be looked up but the place of a Makefile.
bool is_told(std::string_view text) {
  for (auto at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1))
    if (!text.substr(at).starts_with("${MAKEFILE_")) return false;
  return true;
}

/// The arguments of a function, as they are written: commas inside parentheses part nothing.
Words split_arguments(std::string_view text) {
  Words arguments(1);
  int open = 0;
  for (const char c : text) {
    open += c == '(' || c == '{' ? 1 : c == ')' || c == '}' ? -1 : 0;
    if (c == ',' && open == 0)
      arguments.emplace_back();
    else
      arguments.back() += c;
  }
  return arguments;
}

std::string joined(const Words& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// What `%` stands for where the word fits the pattern; no value where it does not.
const std::string* fits(const std::string& word, std::string_view pattern, std::string& stem) {
  const auto percent = pattern.find('%');
  if (percent == std::string_view::npos) return word == pattern ? &stem : nullptr;
  const auto head = pattern.substr(0, percent), tail = pattern.substr(percent + 1);
  if (word.size() < head.size() + tail.size() || !word.starts_with(head) || !word.ends_with(tail)) return nullptr;
  stem = word.substr(head.size(), word.size() - head.size() - tail.size());
  return &stem;
}

std::string with_stem(std::string_view pattern, const std::string& stem) {
  std::string text(pattern);
  if (const auto percent = text.find('%'); percent != std::string::npos) text.replace(percent, 1, stem);
  return text;
}

Words substituted(const Words& words, std::string_view pattern, std::string_view replacement) {
  Words result;
  for (const auto& word : words) {
    std::string stem;
    result.push_back(fits(word, pattern, stem) != nullptr ? with_stem(replacement, stem) : word);
  }
  return result;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (from.empty()) return text;
  for (auto at = text.find(from); at != std::string::npos && text.size() < MakeVariables::maximum_length;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// `dir` and `notdir` of one name.
std::string part_of_path(const std::string& path, bool directory) {
  if (path == kOwn || path == kMain)
    return directory ? path.substr(0, path.size() - 1) + "%/*}/" : path.substr(0, path.size() - 1) + "##*/}";
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return directory ? "./" : path;
  return directory ? path.substr(0, slash + 1) : path.substr(slash + 1);
}

/// Functions of one list that change or choose its words.
std::optional<std::string> of_words(std::string_view function, const Words& words) {
  if (function == "strip" || function == "sort" || function == "abspath" || function == "realpath")
    return joined(words);
  if (function == "firstword") return words.empty() ? std::string() : words.front();
  if (function == "lastword") return words.empty() ? std::string() : words.back();
  if (function != "dir" && function != "notdir") return std::nullopt;
  Words parts;
  for (const auto& word : words) parts.push_back(part_of_path(word, function == "dir"));
  return joined(parts);
}

/// Functions of a pattern, or two texts, and a list.
std::optional<std::string> of_pattern(std::string_view function, const Words& arguments) {
  const auto words = make_words(arguments.back());
  if (function == "subst" && arguments.size() == 3) return replaced(arguments[2], arguments[0], arguments[1]);
  if (function == "patsubst" && arguments.size() == 3)
    return joined(substituted(words, make_trimmed(arguments[0]), make_trimmed(arguments[1])));
  if (arguments.size() != 2) return std::nullopt;
  if (function == "addprefix") return joined(substituted(words, "%", arguments[0] + "%"));
  if (function == "addsuffix") return joined(substituted(words, "%", "%" + arguments[0]));
  if (function != "filter" && function != "filter-out") return std::nullopt;
  Words kept;
  for (const auto& word : words) {
    std::string stem;
    const auto patterns = make_words(arguments[0]);
    const bool any = std::any_of(patterns.begin(), patterns.end(),
                                 [&](const auto& pattern) { return fits(word, pattern, stem) != nullptr; });
    if (any == (function == "filter")) kept.push_back(word);
  }
  return joined(kept);
}

}  // namespace

std::optional<std::string> MakeVariables::substitution(std::string_view name, unsigned depth) const {
  const auto colon = name.find(':');
  const auto equals = name.find('=', colon == std::string_view::npos ? name.size() : colon);
  const auto found = equals == std::string_view::npos ? values_.end() : values_.find(name.substr(0, colon));
  if (found == values_.end() || depth >= kDeepest) return std::nullopt;
  const std::string value = expand(found->second, depth + 1);
  if (!is_told(value)) return std::nullopt;
  std::string pattern(name.substr(colon + 1, equals - colon - 1)), replacement(name.substr(equals + 1));
  if (pattern.find('%') == std::string::npos) {
    pattern.insert(0, "%");
    replacement.insert(0, "%");
  }
  return joined(substituted(make_words(value), pattern, expand(replacement, depth + 1)));
}

std::optional<std::string> MakeVariables::function(std::string_view text, unsigned depth) const {
  const auto blank = text.find_first_of(" \t");
  if (blank == std::string_view::npos || depth >= kDeepest) return std::nullopt;
  const auto name = text.substr(0, blank);
  const auto rest = text.substr(std::min(text.find_first_not_of(" \t", blank), text.size()));
  if (name == "call") return called(split_arguments(rest), depth);
  if (name == "foreach") return repeated(split_arguments(rest), depth);
  if (name == "if") return chosen(split_arguments(rest), depth);
  if (name == "eval") {
    if (evaluated_.size() < kMostWords) evaluated_.push_back(replaced(expand(rest, depth + 1), "$$", "$"));
    return std::string();
  }
  if (name == "info" || name == "warning" || name == "error") return std::string();
  static constexpr std::array<std::string_view, 12> functions{"strip",     "sort",     "abspath",   "realpath",
                                                              "firstword", "lastword", "dir",       "notdir",
                                                              "subst",     "patsubst", "addprefix", "addsuffix"};
  const bool filters = name == "filter" || name == "filter-out";
  if (!filters && std::find(functions.begin(), functions.end(), name) == functions.end()) return std::nullopt;
  Words arguments = split_arguments(rest);
  for (auto& argument : arguments) {
    // Only recipes say where they stand.
    const bool list = in_recipe_ && (argument == "$(MAKEFILE_LIST)" || argument == "${MAKEFILE_LIST}");
    argument = list ? std::string(name == "firstword" ? kMain : kOwn) : expand(argument, depth + 1);
    if (!is_told(argument)) return std::nullopt;
  }
  if (arguments.size() == 1) return of_words(name, make_words(arguments.front()));
  return of_pattern(name, arguments);
}

std::optional<std::string> MakeVariables::called(const Words& written, unsigned depth) const {
  const auto definition = values_.find(make_trimmed(written.front()));
  if (definition == values_.end()) return std::nullopt;
  Words arguments = written;
  for (auto& argument : arguments) argument = expand(make_trimmed(argument), depth + 1);
  arguments.swap(arguments_);
  auto result = expand(definition->second, depth + 1);
  arguments.swap(arguments_);
  return result;
}

std::optional<std::string> MakeVariables::repeated(const Words& written, unsigned depth) const {
  if (written.size() < 3) return std::nullopt;
  const std::string list = expand(written[1], depth + 1);
  if (!is_told(list)) return std::nullopt;
  const std::string name(make_trimmed(written[0]));
  std::string body = written[2], result;
  for (std::size_t i = 3; i < written.size(); ++i) body += "," + written[i];
  auto outer = locals_;
  std::size_t number = 0;
  for (const auto& word : make_words(list)) {
    if (++number > kMostWords || result.size() > maximum_length) break;
    locals_[name] = word;
    result += (result.empty() ? "" : " ") + expand(body, depth + 1);
  }
  locals_ = std::move(outer);
  return result;
}

std::optional<std::string> MakeVariables::chosen(const Words& written, unsigned depth) const {
  if (written.size() < 2) return std::nullopt;
  const std::string condition(make_trimmed(expand(written[0], depth + 1)));
  const std::string otherwise = written.size() > 2 ? written[2] : std::string();
  if (condition.empty()) return expand(make_trimmed(otherwise), depth + 1);
  auto result = expand(make_trimmed(written[1]), depth + 1);
  // What cannot be told may be either; the one that does something is told.
  return result.empty() && !is_told(condition) ? expand(make_trimmed(otherwise), depth + 1) : result;
}

bool MakeVariables::is_optional(std::string_view line) const {
  constexpr std::string_view begin = "$(if ";
  line = make_trimmed(line);
  if (!line.starts_with(begin) || !line.ends_with(')')) return false;
  const auto inside = line.substr(begin.size(), line.size() - begin.size() - 1);
  int open = 0;
  for (const char c : inside) {
    open += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (open < 0) return false;  // another text stands behind it
  }
  const auto written = split_arguments(inside);
  if (written.size() < 2 || (written.size() > 2 && !make_trimmed(written[2]).empty())) return false;
  const auto condition = expand(written[0], 1);
  return !make_trimmed(condition).empty() && !is_told(condition);
}

}  // namespace tollbar::document
