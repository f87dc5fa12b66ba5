// Conditions of a privileged job that leave the code of strangers out.
#pragma once

#include <string_view>

namespace tollbar::rule {

/// Whatever makes the condition true, no stranger's code is at hand: the run that went before was no pull request
/// (`github.event.workflow_run.event == 'release'`), its branch lies in this repository, or the event is one of ours.
bool leaves_strangers_out(std::string_view condition);

}  // namespace tollbar::rule
