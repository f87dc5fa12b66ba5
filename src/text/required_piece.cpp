// Combining what is known of parts: products of neighbours, unions of alternatives, and the choice of the best
// literals.
#include "text/required_piece.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>

namespace tollbar::text {
namespace {

constexpr std::size_t min_length = 3;
constexpr std::size_t max_product = 64;        // strings of a concatenation
constexpr std::size_t max_alternatives = 256;  // strings of an alternation
constexpr std::size_t max_bytes = 256;         // of one string

/// Longer shortest literals select better; many literals cost table space. 0: unusable.
int score(const Strings& literals) {
  if (literals.empty()) return 0;
  std::size_t shortest = max_bytes;
  for (const std::string& literal : literals) shortest = std::min(shortest, literal.size());
  if (shortest < min_length) return 0;
  return 100 + 8 * static_cast<int>(std::min<std::size_t>(shortest, 10)) -
         3 * static_cast<int>(std::bit_width(literals.size()));
}

void improve(Strings& best, const Strings& candidate) {
  if (score(candidate) > score(best)) best = candidate;
}

std::optional<Strings> product(const Strings& left, const Strings& right) {
  if (left.size() * right.size() > max_product) return std::nullopt;
  Strings all;
  for (const std::string& head : left) {
    for (const std::string& tail : right) {
      if (head.size() + tail.size() > max_bytes) return std::nullopt;
      all.push_back(head + tail);
    }
  }
  simplify(all);
  return all;
}

}  // namespace

void simplify(Strings& strings) {
  std::sort(strings.begin(), strings.end());
  strings.erase(std::unique(strings.begin(), strings.end()), strings.end());
}

Strings without_supersets(Strings strings) {
  simplify(strings);
  Strings kept;
  for (const std::string& candidate : strings) {
    const bool redundant = std::any_of(strings.begin(), strings.end(), [&](const std::string& other) {
      return other.size() < candidate.size() && candidate.find(other) != std::string::npos;
    });
    if (!redundant) kept.push_back(candidate);
  }
  return kept;
}

Strings requirement(const Piece& piece) {
  Strings best = piece.required;
  if (piece.exact) improve(best, *piece.exact);
  return score(best) > 0 ? best : Strings{};
}

void Concatenation::add(const Piece& piece) {
  if (!piece.exact) {
    flush();
  } else if (auto longer = product(run_, *piece.exact)) {
    run_ = std::move(*longer);
  } else {
    flush();
    run_ = *piece.exact;
  }
  improve(best_, piece.required);
}

void Concatenation::flush() {
  improve(best_, run_);
  run_ = {""};
  whole_ = false;
}

Piece Concatenation::finish() {
  improve(best_, run_);
  if (whole_) return {std::move(run_), std::move(best_)};
  return {std::nullopt, std::move(best_)};
}

Piece alternation(const std::vector<Piece>& branches) {
  if (branches.size() == 1) return branches.front();
  Piece all{Strings{}, {}};
  bool required = true;
  for (const Piece& branch : branches) {
    if (all.exact && branch.exact)
      all.exact->insert(all.exact->end(), branch.exact->begin(), branch.exact->end());
    else
      all.exact.reset();
    const Strings needed = requirement(branch);
    required = required && !needed.empty();
    all.required.insert(all.required.end(), needed.begin(), needed.end());
  }
  if (all.exact) simplify(*all.exact);
  if (all.exact && all.exact->size() > max_alternatives) all.exact.reset();
  all.required = required ? without_supersets(std::move(all.required)) : Strings{};
  if (all.required.size() > max_alternatives) all.required.clear();
  return all;
}

}  // namespace tollbar::text
