// The id that git would give to bytes. Internal to src/git.
#pragma once

#include <cstddef>
#include <string_view>

#include "git/repository.h"
#include "model/object_id.h"

namespace tollbar::git {

/// `hash_size` is the length of the id in bytes: 20 (SHA-1) or 32 (SHA-256).
model::ObjectId hash_object(ObjectType type, std::string_view data, std::size_t hash_size);

}  // namespace tollbar::git
