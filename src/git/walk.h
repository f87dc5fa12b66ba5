// Which commits a range holds: one walk for every backend. Internal to src/git.
#pragma once

#include <vector>

#include "git/repository.h"
#include "model/object_id.h"

namespace tollbar::git {

/// See Repository::commits.
std::vector<model::ObjectId> walk_history(const Repository& repository, const std::vector<model::ObjectId>& include,
                                          const std::vector<model::ObjectId>& exclude);

}  // namespace tollbar::git
