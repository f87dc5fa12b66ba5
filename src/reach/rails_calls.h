// What the command of Rails runs: files for its runner, tasks of the application; internal to the files that tell
// calls.
#pragma once

#include <vector>

#include "reach/call_words.h"

namespace tollbar::reach {

/// `bin/rails runner lib/send.rb`, `rails data:send`; none for the commands that Rails brings itself.
std::vector<Call> rails_call(const Words& argv);

}  // namespace tollbar::reach
