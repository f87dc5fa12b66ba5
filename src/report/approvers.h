// Who must approve, as a policy may write it.
#pragma once

#include <string>

#include "approval/quorum.h"

namespace tollbar::report {

/// JSON: one team, or several of which any will do, is an object; more demands are a list of them.
std::string approvers_json(const approval::Quorum& quorum);

}  // namespace tollbar::report
