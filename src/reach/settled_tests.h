// What the tests of a script come to where the job itself says what they ask for.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "document/shell.h"

namespace tollbar::reach {

/// The script as it runs with `environment`: where `[ -n "$SKIP" ] && exit 0` stands in it and the job sets SKIP, what
/// follows is unreachable. The same script where its tests ask for nothing that is set there to a text, or where that
/// makes no difference. `text` is what it was parsed from.
std::shared_ptr<const document::Script> with_tests_settled(std::shared_ptr<const document::Script> script,
                                                           std::string_view text, document::ShellOptions options,
                                                           const std::map<std::string, std::string>& environment);

/// Some test of the script asks for a variable that is set there to a text.
bool asks_for(const document::Script& script, const std::map<std::string, std::string>& environment);

}  // namespace tollbar::reach
