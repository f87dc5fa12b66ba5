// What pre-commit and pre-merge-commit have in common: the index that git is about to commit. Internal to src/hook.
#pragma once

#include <string_view>

#include "hook/hooks.h"

namespace tollbar::hook {

/// Judges the index that git means. Prints nothing unless it refuses; `action` is what git is doing: `commit`, `merge`.
int judge_staged(Call& call, std::string_view action);

}  // namespace tollbar::hook
