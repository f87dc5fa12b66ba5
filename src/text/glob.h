// Path globs with the semantics of git's wildmatch (as in .gitignore), compared as file systems may: case-folded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tollbar::text {

/// `*` stays within a segment, `**` crosses them, `?`, `[a-z]`, `[!a]`, `\x`, `{a,b}`. A glob without a slash matches the
/// last segment anywhere (`Jenkinsfile`); with one it is anchored at the root (`.github/workflows/*.yml`); a trailing `/` matches
/// everything below.
class Glob {
 public:
  explicit Glob(std::string_view pattern);
  /// `path` should be folded with fold_path first where file systems may fold it.
  bool matches(std::string_view path) const;
  const std::string& pattern() const { return pattern_; }

 private:
  std::string pattern_;
  std::vector<std::string> alternatives_;  // braces expanded, folded
};

/// ASCII lower case, trailing dots and spaces stripped from every segment: `.GitHub/Workflows./a.yml ` -> `.github/workflows/a.yml`.
std::string fold_path(std::string_view path);

}  // namespace tollbar::text
