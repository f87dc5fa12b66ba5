// Regular expressions: PCRE2 with JIT and a match limit whose hit is an error, never "no match".
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::text {

struct Match {
  std::size_t begin = 0, end = 0;                       ///< byte offsets into the subject
  std::vector<std::optional<std::string_view>> groups;  ///< groups[0] is the whole match
};

/// Compiled on first use and then immutable; matching is thread-safe.
class Pattern {
 public:
  /// Remembers the expression. Throws util::UsageError from the first match (or from check()) where it does not
  /// compile.
  explicit Pattern(std::string expression);
  ~Pattern();
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;

  /// Compiles now. Throws util::UsageError naming expression and offset.
  void check() const;
  /// Finds the first match at or after `from`. Throws util::Error when the match limit is hit.
  std::optional<Match> find(std::string_view subject, std::size_t from = 0) const;
  /// As find(), without the cost of a Match.
  bool matches(std::string_view subject) const;
  const std::string& expression() const { return expression_; }
  /// Lower-cased literals of which every match holds at least one (3 bytes or longer); empty where none can be derived.
  std::vector<std::string> required_literals() const;

 private:
  struct Compiled;
  std::string expression_;
  std::unique_ptr<Compiled> compiled_;  // filled once, by the first thread that matches
};

/// Calls `use` with every match, from the left, none overlapping.
template <typename Use>
void each_match(const Pattern& pattern, std::string_view text, const Use& use) {
  std::size_t from = 0;
  while (from <= text.size()) {
    const auto match = pattern.find(text, from);
    if (!match) return;
    use(*match);
    from = std::max(match->end, match->begin + 1);
  }
}

}  // namespace tollbar::text
