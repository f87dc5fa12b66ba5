// What templates of Helm charts say is to be kept when the chart goes.
#pragma once

#include <vector>

#include "rule/change.h"
#include "rule/fact.h"

namespace tollbar::rule {

/// Adds a `program-protection-lost` for each resource that a template still makes and no longer has kept.
void add_chart_protections(FileChange& file, std::vector<Fact>& facts);

}  // namespace tollbar::rule
