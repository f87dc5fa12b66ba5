// Git's index read straight from its file: the trees that its cache knows are taken as they are, so that a commit that
// touches few directories costs little however many files there are. Internal to src/git.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "git/staged.h"
#include "model/object_id.h"

namespace tollbar::git {

/// The root tree that committing the index file of these bytes would make. Trees that are not in the object database
/// (as `has_tree` says) go into `overlay`. Empty for what this reader leaves to others: version 4, split and sparse
/// indexes, extensions that must be understood, conflicts, and whatever is malformed.
/// The format: https://git-scm.com/docs/index-format
std::optional<model::ObjectId> staged_root(std::string_view bytes, std::size_t hash_size,
                                           const std::function<bool(const model::ObjectId&)>& has_tree,
                                           Overlay& overlay);

}  // namespace tollbar::git
