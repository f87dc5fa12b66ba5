// The bytes of a commit or tag object, taken apart. Internal to src/git.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/commit.h"
#include "model/object_id.h"

namespace tollbar::git {

/// All of a commit. Lenient about names and dates, which old histories hold in many shapes; throws util::Error for
/// anything else malformed.
model::Commit parse_commit(const model::ObjectId& id, std::string_view data);

/// What a history walk needs of a commit.
struct CommitLinks {
  std::vector<model::ObjectId> parents;
  std::int64_t time = 0;  ///< of the committer
};
CommitLinks parse_links(const model::ObjectId& id, std::string_view data);

/// The object that a tag object names. Throws util::Error for a malformed one.
model::ObjectId parse_tag_target(const model::ObjectId& id, std::string_view data);

}  // namespace tollbar::git
