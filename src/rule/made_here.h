// Whether a job destroys only what it made itself.
#pragma once

#include <vector>

#include "rule/change.h"

namespace tollbar::rule {

/// Before this new command the same job makes, as newly and by the same program, all that the command names:
/// `terraform -chdir=e2e apply`, then `terraform -chdir=e2e destroy`. Never in a job that deploys to an environment.
bool made_by_own_job(const Change::NewCommand& command, const std::vector<Change::NewCommand>& all);

}  // namespace tollbar::rule
