// Jobs whose output leaves the repository.
#pragma once

#include <set>
#include <vector>

#include "pipeline/model.h"
#include "reach/execution.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

/// The jobs that release something themselves, and those that hand what they built on to one that does.
std::set<const pipeline::Job*> delivering_jobs(const std::vector<ExecutedStep>& steps, const Knowledge& knowledge);

}  // namespace tollbar::reach
