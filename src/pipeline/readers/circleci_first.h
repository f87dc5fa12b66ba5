// CircleCI 1.0: `circle.yml` with its fixed phases; internal to readers/circleci*.cpp.
#pragma once

#include <string_view>
#include <vector>

#include "document/node.h"
#include "pipeline/model.h"

namespace tollbar::pipeline::circleci {

inline constexpr std::string_view kFirstPath = "circle.yml";

/// The phases before the verdict as the job `build`, each entry of `deployment` as a job of its own that needs it.
std::vector<Job> read_first_jobs(const document::Node& root);

}  // namespace tollbar::pipeline::circleci
