// What a job has to act with: credentials that a step leaves to those after it, what the platform's token may write.
#pragma once

#include <string>
#include <vector>

#include "pipeline/model.h"
#include "reach/execution.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

/// The step leaves credentials where later steps of its job find them: `docker login`, `configure-aws-credentials`.
bool logs_in(const pipeline::Step& step);

/// What the job's own token may write; what only reports on the commit itself (`security-events`) is no power.
std::vector<std::string> write_permissions(const pipeline::Job& job);

/// The job's own token may do this to a system of the platform, as far as its permissions say.
bool token_may(const pipeline::Job& job, const Effect& effect);

/// Anybody may do this: previews of packages that a service takes from any run.
bool needs_nothing(const Effect& effect);

/// The job has something to act with: one with nothing but the platform's token reaches no further than the platform,
/// so that the database of a test is its own. `held` are credentials of steps before.
bool can_act(const pipeline::Pipeline& pipeline, const ExecutedStep& step,
             const std::vector<pipeline::CredentialUse>& held, const Effect& effect, const Knowledge& knowledge);

}  // namespace tollbar::reach
