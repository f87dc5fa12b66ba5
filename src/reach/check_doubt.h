// A check that is gone: what may judge in its place though nobody can tell from the tree. Internal to src/reach.
#pragma once

#include <string>
#include <vector>

#include "reach/inventory.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

struct BothSides {
  const std::vector<Check>& before;
  const std::vector<Check>& after;
  const Knowledge& knowledge;
  const Surroundings& surroundings;
};

/// `, unless `make verify` does`: what weakens the loss of the check; empty where nothing does.
std::string unless_another_judges(const Check& check, const BothSides& sides);

}  // namespace tollbar::reach
