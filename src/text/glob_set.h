// Many path globs at once, told apart by the last segment of a path: most of them need no comparison.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/glob.h"

namespace tollbar::text {

/// Immutable once filled; searching is thread-safe.
class GlobSet {
 public:
  void add(const Glob& glob, std::size_t number);
  /// The numbers of the globs that match, in no order, some perhaps twice. `folded_path` comes from fold_path.
  std::vector<std::size_t> matching(std::string_view folded_path) const;

 private:
  struct Entry {
    Glob glob;  ///< of one alternative
    std::size_t number;
  };
  using Table = std::unordered_map<std::string, std::vector<Entry>>;

  Table by_name_;       ///< a last segment without wildcards
  Table by_extension_;  ///< `*.yml`: what stands behind its last dot
  std::vector<Entry> general_;
};

}  // namespace tollbar::text
