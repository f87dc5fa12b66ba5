// Writing the references that tollbar keeps. Internal to src/git.
#pragma once

#include "git/backend.h"
#include "git/repository.h"

namespace tollbar::git {

/// See Repository::write_records.
bool write_records(const Location& location, const RecordCommit& record);

}  // namespace tollbar::git
