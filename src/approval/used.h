// Which approvals a reference has used up: written when a push was accepted, where no push can take it away.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "git/repository.h"

namespace tollbar::approval {

/// Below `refs/tollbar/`, which pushes may not change. A tree of `ab/<fingerprint>/<digest>` as the store has it, each
/// file one line of text.
inline constexpr std::string_view used_ref = "refs/tollbar/used";

/// One approval that let a change through.
struct Use {
  std::string fingerprint;  ///< of the fact, which names the reference
  std::string record;       ///< digest of the approval
  std::string ref;
  std::string commit;  ///< that landed, in hexadecimal
};

/// Why it can let nothing through any more, without a line's end.
std::string to_text(const Use& use);
/// Why the approval can let nothing through any more; empty where it was not used.
std::string use_of(const git::Repository& repository, std::string_view fingerprint, std::string_view record);

/// Adds to what was used, whoever else is adding; what stands there already stays.
void add_uses(git::Repository& repository, const std::vector<Use>& uses);

}  // namespace tollbar::approval
