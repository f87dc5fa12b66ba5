// What scripts of PowerShell call, as far as it stands there plainly.
#pragma once

#include <string>

#include "reach/script_cache.h"

namespace tollbar::reach {

/// Calls of programs and scripts as texts for a POSIX shell, each on its own line: `& ./x.ps1 -All`, `.\\x.ps1`,
/// `docker push x`. A text that is made when it runs (`Invoke-Expression "$a b"`) is a call of a variable. Cmdlets and
/// the language itself are left out.
ScriptCache::Line powershell_calls(const std::string& script);

}  // namespace tollbar::reach
