// Path globs with the semantics of git's wildmatch (as in .gitignore), compared as file systems may: case-folded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::text {

/// `*` stays within a segment, `**` crosses them, `?`, `[a-z]`, `[!a]`, `\x`, `{a,b}`. A glob without a slash matches
/// the last segment anywhere (`Jenkinsfile`); with one it is anchored at the root (`.github/workflows/*.yml`); a
/// trailing `/` matches everything below (and alone does not anchor). As in git, `**` crosses segments only where it is
/// a whole segment.
class Glob {
 public:
  /// Throws util::UsageError where the braces expand to too many alternatives.
  explicit Glob(std::string_view pattern);
  /// `path` should be folded with fold_path first where file systems may fold it.
  bool matches(std::string_view path) const;
  const std::string& pattern() const { return pattern_; }

 private:
  enum class Shape : std::uint8_t { any, literal, prefix, suffix, general, crossing };
  struct Segment {
    Shape shape = Shape::general;
    std::string text;  // folded literal part, or the raw pattern of a general segment
    bool matches(std::string_view name) const;
  };
  using Segments = std::vector<Segment>;

  static Segments compile(std::string_view alternative);
  static Segment compile_segment(std::string_view segment);
  static bool matches(const Segments& segments, std::string_view path);

  std::string pattern_;
  std::vector<Segments> alternatives_;  // braces expanded
};

/// ASCII lower case, trailing dots and spaces stripped from every segment: `.GitHub/Workflows./a.yml ` ->
/// `.github/workflows/a.yml`.
std::string fold_path(std::string_view path);

/// `a.{b,c}` -> `a.b`, `a.c`; nested braces too. Braces without a comma, behind `\` or inside `[...]` stand for
/// themselves; escapes are kept. Throws util::UsageError above 1,024 alternatives.
std::vector<std::string> expand_braces(std::string_view pattern);

}  // namespace tollbar::text
