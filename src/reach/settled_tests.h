// What the tests of a script come to where the job itself says what they ask for.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "document/shell.h"

namespace tollbar::reach {

/// The value that the surroundings of a script give a variable; null where they give none.
using Given = std::function<const std::string*(const std::string& name)>;

/// The variables that tests of the script ask for.
std::set<std::string> tested_names(const document::Script& script);
/// Assignments of those that are given as a text, one a line; empty where none is.
std::string settling_assignments(const std::set<std::string>& names, const Given& given);

/// The script as it runs behind the assignments: where `[ -n "$SKIP" ] && exit 0` stands in it and the job sets SKIP,
/// what follows is unreachable. The same script where that makes no difference. `text` is what it was parsed from.
std::shared_ptr<const document::Script> with_tests_settled(std::shared_ptr<const document::Script> script,
                                                           std::string_view text, document::ShellOptions options,
                                                           std::string_view assignments);

}  // namespace tollbar::reach
