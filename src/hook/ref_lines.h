// What git tells pre-receive and post-receive about a push. Internal to src/hook.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "gate/ref_update.h"

namespace tollbar::hook {

/// All of `before SP after SP ref LF` lines. Throws util::Error for anything else, a reference that comes twice, and no
/// line at all: then somebody else has read them.
std::vector<gate::RefUpdate> read_ref_lines(std::istream& in);

/// Throws util::Error where the parts are no update of a reference.
gate::RefUpdate read_ref_update(std::string_view ref, std::string_view before, std::string_view after);

}  // namespace tollbar::hook
