// Aho-Corasick over lower-cased literals: the prefilter in front of every expression.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::text {

/// What a LiteralSet looks at, so that one can be made beforehand and kept.
struct LiteralTables {
  std::size_t literals = 0;
  std::size_t columns = 1;
  std::span<const std::uint8_t> classes;         ///< byte -> column
  std::span<const std::uint32_t> next;           ///< row + column -> row (state * columns), marked where it has output
  std::span<const std::uint32_t> output_starts;  ///< state -> where its literals begin in `output`; one more at the end
  std::span<const std::uint32_t> output;         ///< numbers of literals
};

/// ASCII-case-insensitive. Immutable after construction; searching is thread-safe.
class LiteralSet {
 public:
  /// Literal i is reported as number i.
  explicit LiteralSet(const std::vector<std::string>& literals);
  /// The set whose tables these are. They must outlive it.
  explicit LiteralSet(const LiteralTables& tables) : tables_(tables) {}
  LiteralSet(LiteralSet&&) noexcept = default;
  LiteralSet& operator=(LiteralSet&&) noexcept = default;
  struct Occurrence {
    std::uint32_t literal;
    std::size_t end;  ///< offset behind it
  };
  /// Every occurrence, by its end. An empty literal is left out.
  std::vector<Occurrence> occurrences(std::string_view text) const;
  /// True where some literal occurs.
  bool occurs_in(std::string_view text) const;
  std::size_t size() const { return tables_.literals; }
  const LiteralTables& tables() const { return tables_; }

 private:
  using Trie = std::vector<std::uint32_t>;
  using Output = std::vector<std::vector<std::uint32_t>>;  // state -> literals that end there
  void assign_classes(const std::vector<std::string>& literals);
  Trie build_trie(const std::vector<std::string>& literals, Output& output);
  Output resolve_failures(const Trie& trie, const Output& trie_output);
  void flatten(const Output& output);
  /// The literals that end in the state of a row.
  std::span<const std::uint32_t> output_of(std::uint32_t row) const {
    const std::size_t state = row / tables_.columns;
    const std::uint32_t begin = tables_.output_starts[state];
    return tables_.output.subspan(begin, tables_.output_starts[state + 1] - begin);
  }

  LiteralTables tables_;
  // What the tables show, unless they were made beforehand.
  std::vector<std::uint8_t> classes_;
  std::vector<std::uint32_t> next_, output_starts_, output_;
};

}  // namespace tollbar::text
