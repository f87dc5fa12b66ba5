// Whether one check may stand in another's place: by its tool, by what it judges.
#pragma once

#include <string_view>

#include "reach/inventory.h"

namespace tollbar::reach {

/// `go` of `go test`: what a build and the tests that imply it share.
std::string_view family(const Check& check);
/// A call of the same program that has no part in judging: a formatter without the flags that make it judge, a build.
bool judges_no_more(const Check& before, const Check& after);
/// Both name the same tool, one as an action and the other as a command, or behind a name of its own. A build is no kin
/// of what tests.
bool akin(const Check& before, const Check& after);
/// The same known tool, judging on both sides: a formatter without the flags that make it judge is no check.
bool same_tool(const Check& before, const Check& after);
/// A task named after a tool gave way to the tool itself: `rake brakeman` to `brakeman -c config/brakeman.yml`.
bool runs_tool_itself(const Check& before, const Check& after);
bool same_kind(const Check& before, const Check& after);

}  // namespace tollbar::reach
