// What a check judges, as far as its words, its folder and the events that start it tell.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reach/inventory.h"

namespace tollbar::reach {

/// Arguments that are neither flags nor, as far as their look tells, values of flags.
std::vector<std::string> operands(const Check& check);

/// What the check judged, where the change takes all of it away: the folder it ran in, every path it was given, or
/// every path that started it. Empty otherwise, and where `gone` is null.
std::string lost_subject(const Check& check, const std::function<bool(const std::string& path, bool is_path)>& gone);

/// Its job or step asks for a tag, a release or the clock: what it judges is in already.
bool only_after_merge(const Check& check);

}  // namespace tollbar::reach
