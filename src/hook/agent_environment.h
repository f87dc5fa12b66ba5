// Whether a coding agent started this program: what it may not do in a person's name.
#pragma once

#include <string_view>

#include "hook/hooks.h"

namespace tollbar::hook {

/// The agent whose variables stand in the environment; empty where none do. A claim that anyone can take away: good for
/// refusing, never for allowing.
std::string_view agent_around(const Environment& environment);

}  // namespace tollbar::hook
