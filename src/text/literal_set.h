// Aho-Corasick over lower-cased literals: the prefilter in front of every expression.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::text {

/// ASCII-case-insensitive. Immutable after construction; searching is thread-safe.
class LiteralSet {
 public:
  /// Literal i is reported as number i.
  explicit LiteralSet(const std::vector<std::string>& literals);
  /// Sets hits[i] (of literals.size() entries) for every literal that occurs in `text`; true where at least one did.
  bool search(std::string_view text, std::vector<bool>& hits) const;
  struct Occurrence {
    std::uint32_t literal;
    std::size_t end;  ///< offset behind it
  };
  /// Every occurrence, by its end. An empty literal is left out.
  std::vector<Occurrence> occurrences(std::string_view text) const;
  /// True where some literal occurs.
  bool occurs_in(std::string_view text) const;
  std::size_t size() const { return count_; }

 private:
  using Trie = std::vector<std::uint32_t>;
  void assign_classes(const std::vector<std::string>& literals);
  Trie build_trie(const std::vector<std::string>& literals);
  void resolve_failures(const Trie& trie);
  void report(std::uint32_t state, std::vector<bool>& hits) const;

  std::size_t count_ = 0;
  std::vector<std::uint8_t> classes_;  // byte -> column
  std::size_t columns_ = 1;
  std::vector<std::uint32_t> next_;  // row + column -> row (state * columns_), with a mark where the state has output
  std::vector<std::vector<std::uint32_t>> output_;  // state -> literals that end there
};

}  // namespace tollbar::text
