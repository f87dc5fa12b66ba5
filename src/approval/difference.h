// How an approval misses a fact, for people: what died is shown with what differs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "approval/record.h"

namespace tollbar::approval {

/// How many members of two facts differ.
std::size_t differing(const Fact& approved, const Fact& fact);

/// How two facts differ: `after was "self-hosted", is "macos"`; empty where they do not. Of a context only the parts
/// that do, of a long value what stands where the two part.
std::string difference(const Fact& approved, const Fact& fact);

/// What a fact does: `jobs.test.timeout-minutes was nothing, is `9``.
std::string described(const Fact& fact);

/// What the difference amounts to, the strongest first: `another repository`.
std::string_view name_of_difference(const Fact& approved, const Fact& fact);

/// Close enough to be what somebody had in mind: another change of the same place, or the same change of another one.
bool is_near(const Fact& approved, const Fact& fact);

}  // namespace tollbar::approval
