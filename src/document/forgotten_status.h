// Programs that start others and do nothing with how those end.
#pragma once

#include <string_view>

namespace tollbar::document {

/// The program (of JavaScript, Python or Ruby) starts others in a way that leaves their failure to itself
/// (`spawnSync(...)`, `subprocess.run(...)`), and nothing in it can end in failure. What it merely might do counts as
/// done.
bool starts_and_forgets(std::string_view program);

}  // namespace tollbar::document
