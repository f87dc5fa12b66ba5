// Arrays of a shell as the texts by which scripts write them: `(a 'b c')`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "document/shell.h"

namespace tollbar::reach {

/// The words of an array; empty ones are unknown. None where the text is no array.
std::vector<std::string> array_elements(const std::string& text);

/// What `name` holds after the assignment of `text`, which is `${name}(c)` for `name+=(c)`; `known` is what it held.
std::string assigned(const std::string& known, const std::string& name, const std::string& text);

/// The command with `"${name[@]}"` taken apart; no value where the environment knows none of its arrays.
std::optional<document::Command> with_arrays(const document::Command& command,
                                             const std::map<std::string, std::string>& env);

}  // namespace tollbar::reach
