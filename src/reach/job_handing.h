// What a job hands to others as a whole: its token, a pipeline that it starts. Internal to the files that make the map.
#pragma once

#include <string>
#include <vector>

#include "reach/execution.h"
#include "reach/job_map.h"

namespace tollbar::reach {

/// The project or pipeline that the job starts with what the platform gives it (`trigger` of GitLab and Buildkite);
/// empty where there is none.
std::string started_pipeline(const PipelineExecution& run, const ExecutedStep& step);
/// A step hands the token by its name to a program of the tree.
bool hands_token_to_own(const JobSteps& steps);
/// Actions of other repositories that a step hands the job's token to by its name.
std::vector<const ExecutedAction*> token_takers(const JobSteps& steps);

}  // namespace tollbar::reach
