// Whether a command of a job acts on a service that the job started for itself.
#pragma once

#include <string_view>

#include "pipeline/model.h"

namespace tollbar::rule {

/// The job starts services, databases among them, and deploys nowhere.
bool has_own_services(const pipeline::Job* job);

/// The only hosts that the command names (`-h db`, `--host=db`, `postgres://user@db/x`, `PGHOST=db`) are services of
/// its job: by the names that the job gives them, or by those of their images.
bool acts_on_own_service(const pipeline::Job* job, std::string_view command);

}  // namespace tollbar::rule
