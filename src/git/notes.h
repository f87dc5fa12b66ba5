// Notes as `git notes` keeps them: a tree whose files are named after commits. Internal to src/git.
#pragma once

#include <optional>
#include <string>

#include "git/repository.h"
#include "model/object_id.h"

namespace tollbar::git {

/// The note on `id` in a notes tree, whatever fan-out it has; empty where there is none.
std::optional<std::string> find_note(model::Tree& notes, const model::ObjectId& id);

}  // namespace tollbar::git
