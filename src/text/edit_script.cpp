// Myers' O(ND) search ("An O(ND) Difference Algorithm and Its Variations", 1986), forward and in windows of bounded
// cost.
#include "text/edit_script.h"

#include <algorithm>
#include <cstddef>

namespace tollbar::text {
namespace {

using Index = std::int64_t;

constexpr Index window_edits = 512;              // edits searched exactly before the best path so far is taken
constexpr std::int64_t total_cost = 60'000'000;  // diagonal steps and compared elements of the whole search

class Search {
 public:
  Search(const std::vector<std::uint32_t>& before, const std::vector<std::uint32_t>& after)
      : before_(before), after_(after), common_{std::vector<bool>(before.size()), std::vector<bool>(after.size())} {}

  CommonLines run() {
    while (x_ < before_size() && y_ < after_size() && cost_ < total_cost) window();
    return std::move(common_);
  }

 private:
  Index before_size() const { return static_cast<Index>(before_.size()); }
  Index after_size() const { return static_cast<Index>(after_.size()); }
  bool equal(Index x, Index y) const {
    return before_[static_cast<std::size_t>(x)] == after_[static_cast<std::size_t>(y)];
  }

  void window();
  Index start_of(const std::vector<Index>& reach, Index edits, Index diagonal) const;
  Index follow(Index x, Index y);
  void take_path(Index edits, Index diagonal);

  const std::vector<std::uint32_t>& before_;
  const std::vector<std::uint32_t>& after_;
  CommonLines common_;
  Index x_ = 0, y_ = 0;  // where the window begins
  std::int64_t cost_ = 0;
  // reached_[d][d + k]: the furthest x with d edits on diagonal k (x - y, relative to the window); -1 where none.
  std::vector<std::vector<Index>> reached_;
};

/// Follows equal elements; returns the x behind them.
Index Search::follow(Index x, Index y) {
  const Index begin = x;
  while (x < before_size() && y < after_size() && equal(x, y)) {
    ++x;
    ++y;
  }
  cost_ += x - begin + 1;
  return x;
}

/// The x at which step `edits` enters `diagonal`, from what `edits - 1` reached; -1 where it cannot.
Index Search::start_of(const std::vector<Index>& reach, Index edits, Index diagonal) const {
  const auto at = [&](Index k) -> Index {
    const Index i = k + edits - 1;
    return i < 0 || i >= static_cast<Index>(reach.size()) ? -1 : reach[static_cast<std::size_t>(i)];
  };
  const Index from_left = at(diagonal - 1);   // removes an element
  const Index from_above = at(diagonal + 1);  // adds one
  Index x = -1;
  if (from_left >= 0 && from_left < before_size()) x = from_left + 1;
  if (from_above >= 0 && from_above - x_ - (diagonal + 1) + y_ < after_size()) x = std::max(x, from_above);
  return x;
}

void Search::window() {
  reached_.clear();
  Index best_sum = -1;
  Index best_diagonal = 0;
  for (Index edits = 0; edits <= window_edits; ++edits) {
    std::vector<Index> reach(static_cast<std::size_t>(2 * edits + 1), -1);
    best_sum = -1;
    for (Index diagonal = -edits; diagonal <= edits; diagonal += 2) {
      Index x = edits == 0 ? x_ : start_of(reached_.back(), edits, diagonal);
      if (x < 0) continue;
      x = follow(x, x - x_ - diagonal + y_);
      reach[static_cast<std::size_t>(diagonal + edits)] = x;
      const Index y = x - x_ - diagonal + y_;
      if (x + y > best_sum) {
        best_sum = x + y;
        best_diagonal = diagonal;
      }
    }
    reached_.push_back(std::move(reach));
    if (best_sum == before_size() + after_size()) break;
  }
  take_path(static_cast<Index>(reached_.size()) - 1, best_diagonal);
}

/// Marks the equal elements on the path to the furthest point of `diagonal`, and begins the next window there.
void Search::take_path(Index edits, Index diagonal) {
  Index x = reached_.back()[static_cast<std::size_t>(diagonal + edits)];
  const Index end_x = x;
  const Index end_y = x - x_ - diagonal + y_;
  for (; edits >= 0; --edits) {
    const Index begin = edits == 0 ? x_ : start_of(reached_[static_cast<std::size_t>(edits - 1)], edits, diagonal);
    for (; x > begin; --x) {
      common_.before[static_cast<std::size_t>(x - 1)] = true;
      common_.after[static_cast<std::size_t>(x - 1 - x_ - diagonal + y_)] = true;
    }
    if (edits == 0) break;
    const std::vector<Index>& previous = reached_[static_cast<std::size_t>(edits - 1)];
    const Index left = diagonal - 1 + edits - 1;
    const bool removed = left >= 0 && left < static_cast<Index>(previous.size()) &&
                         previous[static_cast<std::size_t>(left)] >= 0 &&
                         previous[static_cast<std::size_t>(left)] + 1 == begin;
    diagonal += removed ? -1 : 1;
    x = removed ? begin - 1 : begin;
  }
  x_ = end_x;
  y_ = end_y;
}

}  // namespace

CommonLines common_lines(const std::vector<std::uint32_t>& before, const std::vector<std::uint32_t>& after) {
  return Search(before, after).run();
}

}  // namespace tollbar::text
