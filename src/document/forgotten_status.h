// Programs that start others and do nothing with how those end.
#pragma once

#include <string_view>

#include "document/language.h"

namespace tollbar::document {

/// The program (of JavaScript, Python, Ruby or Go) starts others in a way that leaves their failure to itself
/// (`spawnSync(...)`, `subprocess.run(...)`) or catches it (`try { execSync(...) } catch {}`), and nothing in it can
/// end in failure. What it merely might do counts as done.
bool starts_and_forgets(std::string_view program, Language language);

}  // namespace tollbar::document
