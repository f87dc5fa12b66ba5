// Aho-Corasick with every failure link resolved into one table: a byte costs two loads, whatever the number of
// literals.
#include "text/literal_set.h"

#include <limits>

#include "text/ascii.h"
#include "util/error.h"

namespace tollbar::text {
namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

constexpr std::uint32_t output_mark = 0x8000'0000;

std::size_t index_of(char c) {
  return static_cast<unsigned char>(c);
}

}  // namespace

LiteralSet::LiteralSet(const std::vector<std::string>& literals) : classes_(256, 0) {
  tables_.literals = literals.size();
  assign_classes(literals);
  Output output;
  const Trie trie = build_trie(literals, output);
  flatten(resolve_failures(trie, output));
  tables_.classes = classes_;
  tables_.next = next_;
  tables_.output_starts = output_starts_;
  tables_.output = output_;
}

/// Bytes that occur in no literal share column 0.
void LiteralSet::assign_classes(const std::vector<std::string>& literals) {
  for (const std::string& literal : literals) {
    for (const char c : literal) {
      const char lower = ascii_lower(c);
      if (classes_[index_of(lower)] != 0) continue;
      // 26 letters share their columns, so at most 231 of the 255 are used.
      const auto column = static_cast<std::uint8_t>(tables_.columns++);
      classes_[index_of(lower)] = column;
      classes_[index_of(ascii_upper(lower))] = column;
    }
  }
}

/// States in the order of insertion, `none` where no child stands; fills `output` with the literals that end in each
/// state.
LiteralSet::Trie LiteralSet::build_trie(const std::vector<std::string>& literals, Output& output) {
  const std::size_t columns = tables_.columns;
  Trie trie(columns, none);
  output.resize(1);
  for (std::size_t number = 0; number < literals.size(); ++number) {
    std::size_t state = 0;
    for (const char c : literals[number]) {
      const std::size_t edge = state * columns + classes_[index_of(c)];
      if (trie[edge] == none) {
        trie[edge] = static_cast<std::uint32_t>(output.size());
        output.emplace_back();
        trie.resize(trie.size() + columns, none);
      }
      state = trie[edge];
    }
    output[state].push_back(static_cast<std::uint32_t>(number));
  }
  return trie;
}

/// Walks the trie in breadth, so that a state's failure state is complete before it and rows near the root lie close
/// together.
LiteralSet::Output LiteralSet::resolve_failures(const Trie& trie, const Output& trie_output) {
  const std::size_t columns = tables_.columns;
  const std::size_t states = trie_output.size();
  if (states * columns >= output_mark) throw util::Error("build literal set: too many literals");
  std::vector<std::uint32_t> order{0};  // new number -> number in the trie
  std::vector<std::uint32_t> failure{0};
  Output output(states);
  output[0] = trie_output[0];
  next_.resize(states * columns);
  for (std::size_t state = 0; state < order.size(); ++state) {
    for (std::size_t column = 0; column < columns; ++column) {
      const std::uint32_t child = trie[order[state] * columns + column];
      const std::uint32_t fallback = state == 0 ? 0 : next_[failure[state] * columns + column];
      if (child == none) {
        next_[state * columns + column] = fallback;
        continue;
      }
      const std::size_t number = order.size();
      const std::uint32_t fails_to = (fallback & ~output_mark) / static_cast<std::uint32_t>(columns);
      order.push_back(child);
      failure.push_back(fails_to);
      output[number] = trie_output[child];
      output[number].insert(output[number].end(), output[fails_to].begin(), output[fails_to].end());
      const std::uint32_t mark = output[number].empty() ? 0 : output_mark;
      next_[state * columns + column] = static_cast<std::uint32_t>(number * columns) | mark;
    }
  }
  return output;
}

void LiteralSet::flatten(const Output& output) {
  for (const auto& literals : output) {
    output_starts_.push_back(static_cast<std::uint32_t>(output_.size()));
    output_.insert(output_.end(), literals.begin(), literals.end());
  }
  output_starts_.push_back(static_cast<std::uint32_t>(output_.size()));
}

std::vector<LiteralSet::Occurrence> LiteralSet::occurrences(std::string_view text) const {
  std::vector<Occurrence> found;
  const std::uint8_t* const classes = tables_.classes.data();
  const std::uint32_t* const next = tables_.next.data();
  std::uint32_t row = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    row = next[row + classes[index_of(text[i])]];
    if (row < output_mark) continue;
    row -= output_mark;
    for (const std::uint32_t number : output_of(row)) found.push_back({number, i + 1});
  }
  return found;
}

bool LiteralSet::occurs_in(std::string_view text) const {
  std::uint32_t row = 0;
  for (const char c : text) {
    row = tables_.next[row + tables_.classes[index_of(c)]];
    if (row >= output_mark) return true;
  }
  return !output_of(0).empty();
}

}  // namespace tollbar::text
