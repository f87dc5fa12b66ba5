// Writing where others write, too.
#pragma once

#include <functional>
#include <string>

#include "model/commit.h"

namespace tollbar::git {

/// Calls `attempt` (read the reference, then Repository::write_records) until it succeeds, waiting a little longer, by
/// chance, after every loss. Throws util::Error naming `ref` where others win again and again.
void until_written(const std::string& ref, const std::function<bool()>& attempt);

/// The author of what tollbar writes, now.
model::Signature record_author();

}  // namespace tollbar::git
