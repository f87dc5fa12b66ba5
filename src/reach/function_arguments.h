// What functions of a script are called with: `$1` in a body has the values of all its callers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "document/shell.h"

namespace tollbar::reach {

/// By function, what its arguments and the variables that only name one (`local file="$1"`) may be, in the words of a
/// loop over them, computed ones as they are written; the loops of the script come after. Empty where no function is
/// called with words.
std::map<std::string, std::vector<document::Iteration>> iterations_of_functions(const document::Script& script);

}  // namespace tollbar::reach
