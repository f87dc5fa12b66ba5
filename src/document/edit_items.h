// Which items of two lists are the same item, whatever their places.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "document/node.h"

namespace tollbar::document {

/// What an item is called: `id`, `name`, `key` and their like, else what it uses or runs, else the scalar's text; empty
/// where it has nothing of the kind. `actions/checkout@v4` is called `actions/checkout`.
std::string item_identity(const Node& item);

constexpr std::size_t no_item = std::numeric_limits<std::size_t>::max();

/// For each item of the after side.
struct ItemMatch {
  std::size_t before = no_item;  ///< its partner, or no_item where it was added
  bool moved = false;            ///< changed its place among the matched items
};

/// Every item of `before` is the partner of at most one item of `after`. Close to linear in the number of items.
std::vector<ItemMatch> match_items(const std::vector<Node>& before, const std::vector<Node>& after);

}  // namespace tollbar::document
