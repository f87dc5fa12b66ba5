// What the hooks on a server keep of their decisions. Internal to src/hook.
#pragma once

#include <string>

#include "gate/push.h"
#include "hook/server_gate.h"

namespace tollbar::hook {

/// pre-receive and update, once they know their answer: decisions of a refused push wait for the log in the spool, as
/// nothing may be written into git; those of an accepted one wait there for post-receive, so that none is lost where
/// that is ended. Whatever fails is said, and changes no answer, except that nobody breaks the glass unseen: gives what
/// to refuse the push for, empty where nothing.
std::string keep_answer(ServerGate& gate, const gate::PushResult& result);

/// post-receive: appends the decisions of this push and all that waits to the log and prints its head. Whatever fails
/// is said loudly and waits for the next push.
void log_decisions(ServerGate& gate, const gate::PushResult& result);

}  // namespace tollbar::hook
