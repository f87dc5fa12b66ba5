// Globs over words: braces expanded on the fly, stars matched without recursion.
#include "reach/word_glob.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "text/glob.h"

namespace tollbar::reach {
namespace {

constexpr char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

bool same_byte(char a, char b) {
  return a == b;
}
bool same_letter(char a, char b) {
  return lower(a) == lower(b);
}

template <typename Same>
bool matches_plain(std::string_view pattern, std::string_view word, Same same) {
  std::size_t p = 0, w = 0, star = std::string_view::npos, resume = 0;
  while (w < word.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = w;
    } else if (p + 1 < pattern.size() && pattern[p] == '\\' && same(pattern[p + 1], word[w])) {
      p += 2;
      ++w;
    } else if (p < pattern.size() && (pattern[p] == '?' || same(pattern[p], word[w]))) {
      ++p;
      ++w;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      w = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

/// The pattern begins with a plain character and the word, whatever its case, with another one: most comparisons end
/// here.
bool begins_otherwise(std::string_view pattern, std::string_view word) {
  if (pattern.empty() || word.empty() || pattern.front() == '*' || pattern.front() == '?' || pattern.front() == '{' ||
      pattern.front() == '\\')
    return false;
  return !same_letter(pattern.front(), word.front());
}

template <typename Same>
bool matches(std::string_view pattern, std::string_view word, Same same) {
  if (begins_otherwise(pattern, word)) return false;
  const auto open = pattern.find('{');
  const auto close = open == std::string_view::npos ? open : pattern.find('}', open);
  if (close == std::string_view::npos) return matches_plain(pattern, word, same);
  std::size_t begin = open + 1;
  while (begin <= close) {
    const std::size_t end = std::min(pattern.find(',', begin), close);
    std::string one(pattern.substr(0, open));
    one.append(pattern.substr(begin, end - begin)).append(pattern.substr(close + 1));
    if (matches(one, word, same)) return true;
    begin = end + 1;
  }
  return false;
}

/// The longest text without wildcards outside the braces of a pattern. What is escaped belongs to none: a backslash may
/// be meant as one.
std::string longest_literal(std::string_view pattern) {
  std::string_view longest;
  for (std::size_t begin = 0; begin < pattern.size();) {
    const auto end = std::min(pattern.find_first_of("*?\\{", begin), pattern.size());
    if (end - begin > longest.size()) longest = pattern.substr(begin, end - begin);
    if (end == pattern.size()) break;
    if (pattern[end] == '{' && pattern.find('}', end) == std::string_view::npos) return {};  // no alternatives
    begin = pattern[end] == '{' ? pattern.find('}', end) + 1 : end + (pattern[end] == '\\' ? 2 : 1);
  }
  return std::string(longest);
}

/// A flag that takes itself back: `--cov=false` is no `--cov`.
bool turned_off(std::string_view argument) {
  constexpr std::array<std::string_view, 4> kOff{"false", "no", "off", "never"};
  const auto equals = argument.find('=');
  return equals != std::string_view::npos &&
         std::find(kOff.begin(), kOff.end(), argument.substr(equals + 1)) != kOff.end();
}

/// It may be followed by its value as a word of its own; `--no-cache` needs none.
bool takes_value(const std::string& flag) {
  return flag.size() > 1 && flag.front() == '-' && flag.find('=') == std::string::npos && !flag.starts_with("--no-");
}

/// How the flag stands at `arguments[index]`, as text; empty where it does not.
std::string flag_at(const std::string& flag, const std::vector<std::string>& arguments, std::size_t index) {
  const std::string& argument = arguments[index];
  const bool valued = flag.find('=') != std::string::npos;
  if (word_matches(flag, argument) && (valued || !turned_off(argument))) return argument;
  if (!valued) {
    const bool with_value = argument.size() > flag.size() && argument.starts_with(flag) && argument[flag.size()] == '=';
    const bool joined = word_matches(flag + "=*", argument);
    return (with_value || joined) && !turned_off(argument) ? argument : std::string();
  }
  if (index + 1 == arguments.size() || argument.empty() || argument.front() != '-') return {};
  const std::string joined = argument + "=" + arguments[index + 1];
  return word_matches(flag, joined) ? argument + " " + arguments[index + 1] : std::string();
}

}  // namespace

bool word_matches(std::string_view pattern, std::string_view word) {
  return matches(pattern, word, same_byte);
}

bool word_matches_folded(std::string_view pattern, std::string_view word) {
  return matches(pattern, word, same_letter);
}

bool any_word_matches(const std::vector<std::string>& patterns, std::string_view word) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return word_matches(pattern, word); });
}

WordGlobs::WordGlobs(const std::vector<std::string>& patterns) {
  for (const auto& pattern : patterns) {
    General general{longest_literal(pattern), {}};
    for (auto& word : text::expand_braces(pattern)) {
      if (word.find_first_of("*?\\") == std::string::npos)
        exact_.insert(std::move(word));
      else
        general.alternatives.push_back({word, longest_literal(word)});
    }
    if (!general.alternatives.empty()) general_.push_back(std::move(general));
  }
}

bool WordGlobs::matches(std::string_view word) const {
  const auto holds = [&](const std::string& literal) { return word.find(literal) != std::string_view::npos; };
  return exact_.count(std::string(word)) != 0 || std::any_of(general_.begin(), general_.end(), [&](const auto& one) {
           return holds(one.literal) &&
                  std::any_of(one.alternatives.begin(), one.alternatives.end(), [&](const Plain& plain) {
                    return holds(plain.literal) && word_matches(plain.pattern, word);
                  });
         });
}

std::string folded(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

std::string find_flag(const std::vector<std::string>& flags, const std::vector<std::string>& arguments) {
  const auto found = find_flags(flags, arguments);
  return found.empty() ? std::string() : found.front();
}

std::vector<std::string> find_flags(const std::vector<std::string>& flags, const std::vector<std::string>& arguments) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    for (const auto& flag : flags) {
      std::string text = flag_at(flag, arguments, i);
      if (text.empty()) continue;
      // A narrowing flag is known by its value: `-k slow` is not `-k fast`.
      const bool bare = takes_value(flag) && text == flag.substr(0, flag.find('*')) && i + 1 < arguments.size() &&
                        !arguments[i + 1].starts_with('-');
      if (bare) text += " " + arguments[i + 1];
      if (std::find(found.begin(), found.end(), text) == found.end()) found.push_back(std::move(text));
      break;
    }
  }
  return found;
}

}  // namespace tollbar::reach
