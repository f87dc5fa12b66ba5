// Globs over the words of a command line: flags, program names, labels, variable names. Unlike text::Glob nothing here
// is a path.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace tollbar::reach {

/// `*` any text, `?` any byte, `{a,b}` alternatives (not nested), `\*` a star itself. Matching is exact in case and
/// costs at most pattern times word.
bool word_matches(std::string_view pattern, std::string_view word);
/// The same without regard to ASCII case.
bool word_matches_folded(std::string_view pattern, std::string_view word);
/// Some pattern matches.
bool any_word_matches(const std::vector<std::string>& patterns, std::string_view word);

/// Many patterns at once: those without wildcards cost a look-up, however many they are.
class WordGlobs {
 public:
  WordGlobs() = default;
  explicit WordGlobs(const std::vector<std::string>& patterns);
  /// Some pattern matches, exact in case.
  bool matches(std::string_view word) const;

 private:
  struct Plain {
    std::string pattern;  ///< its braces expanded
    std::string literal;  ///< in every word that it matches; perhaps empty
  };
  struct General {
    std::string literal;  ///< outside the braces of the pattern: in every word that it matches; perhaps empty
    std::vector<Plain> alternatives;
  };
  std::unordered_set<std::string> exact_;
  std::vector<General> general_;
};

/// ASCII lower case.
std::string folded(std::string_view text);

/// The first of `arguments` that is one of the flags. A flag is met by itself, by `flag=value`, and, where the pattern
/// names a value (`--fail-under=0`), by that value in the next word. Nothing is met by a flag that is turned off again
/// (`--flag=false`). Empty where none is met.
std::string find_flag(const std::vector<std::string>& flags, const std::vector<std::string>& arguments);
/// Every such flag, each once, as written with its value.
std::vector<std::string> find_flags(const std::vector<std::string>& flags, const std::vector<std::string>& arguments);

}  // namespace tollbar::reach
