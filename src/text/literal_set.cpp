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

LiteralSet::LiteralSet(const std::vector<std::string>& literals) : count_(literals.size()), classes_(256, 0) {
  assign_classes(literals);
  std::vector<std::uint32_t> trie = build_trie(literals);
  resolve_failures(trie);
}

/// Bytes that occur in no literal share column 0.
void LiteralSet::assign_classes(const std::vector<std::string>& literals) {
  for (const std::string& literal : literals) {
    for (const char c : literal) {
      const char lower = ascii_lower(c);
      if (classes_[index_of(lower)] != 0) continue;
      // 26 letters share their columns, so at most 231 of the 255 are used.
      const auto column = static_cast<std::uint8_t>(columns_++);
      classes_[index_of(lower)] = column;
      classes_[index_of(ascii_upper(lower))] = column;
    }
  }
}

/// States in the order of insertion, `none` where no child stands; fills output_ with the literals that end in each
/// state.
std::vector<std::uint32_t> LiteralSet::build_trie(const std::vector<std::string>& literals) {
  std::vector<std::uint32_t> trie(columns_, none);
  output_.resize(1);
  for (std::size_t number = 0; number < literals.size(); ++number) {
    std::size_t state = 0;
    for (const char c : literals[number]) {
      const std::size_t edge = state * columns_ + classes_[index_of(c)];
      if (trie[edge] == none) {
        trie[edge] = static_cast<std::uint32_t>(output_.size());
        output_.emplace_back();
        trie.resize(trie.size() + columns_, none);
      }
      state = trie[edge];
    }
    output_[state].push_back(static_cast<std::uint32_t>(number));
  }
  return trie;
}

/// Walks the trie in breadth, so that a state's failure state is complete before it and rows near the root lie close
/// together.
void LiteralSet::resolve_failures(const Trie& trie) {
  const std::size_t states = output_.size();
  if (states * columns_ >= output_mark) throw util::Error("build literal set: too many literals");
  std::vector<std::uint32_t> order{0};  // new number -> number in the trie
  std::vector<std::uint32_t> failure{0};
  std::vector<std::vector<std::uint32_t>> output(states);
  output[0] = output_[0];
  next_.resize(states * columns_);
  for (std::size_t state = 0; state < order.size(); ++state) {
    for (std::size_t column = 0; column < columns_; ++column) {
      const std::uint32_t child = trie[order[state] * columns_ + column];
      const std::uint32_t fallback = state == 0 ? 0 : next_[failure[state] * columns_ + column];
      if (child == none) {
        next_[state * columns_ + column] = fallback;
        continue;
      }
      const std::size_t number = order.size();
      const std::uint32_t fails_to = (fallback & ~output_mark) / static_cast<std::uint32_t>(columns_);
      order.push_back(child);
      failure.push_back(fails_to);
      output[number] = output_[child];
      output[number].insert(output[number].end(), output[fails_to].begin(), output[fails_to].end());
      const std::uint32_t mark = output[number].empty() ? 0 : output_mark;
      next_[state * columns_ + column] = static_cast<std::uint32_t>(number * columns_) | mark;
    }
  }
  output_ = std::move(output);
}

void LiteralSet::report(std::uint32_t state, std::vector<bool>& hits) const {
  for (const std::uint32_t number : output_[state / columns_]) hits[number] = true;
}

bool LiteralSet::search(std::string_view text, std::vector<bool>& hits) const {
  bool any = !output_[0].empty();
  report(0, hits);
  const std::uint8_t* const classes = classes_.data();
  const std::uint32_t* const next = next_.data();
  std::uint32_t row = 0;
  for (const char c : text) {
    row = next[row + classes[index_of(c)]];
    if (row >= output_mark) {
      row -= output_mark;
      report(row, hits);
      any = true;
    }
  }
  return any;
}

std::vector<LiteralSet::Occurrence> LiteralSet::occurrences(std::string_view text) const {
  std::vector<Occurrence> found;
  std::uint32_t row = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    row = next_[row + classes_[index_of(text[i])]];
    if (row < output_mark) continue;
    row -= output_mark;
    for (const std::uint32_t number : output_[row / columns_]) found.push_back({number, i + 1});
  }
  return found;
}

bool LiteralSet::occurs_in(std::string_view text) const {
  std::uint32_t row = 0;
  for (const char c : text) {
    row = next_[row + classes_[index_of(c)]];
    if (row >= output_mark) return true;
  }
  return !output_[0].empty();
}

}  // namespace tollbar::text
