// `tollbar hook agent`: judges what a coding agent is about to do, before it does it.
#pragma once

#include "hook/agent_protocol.h"
#include "hook/hooks.h"

namespace tollbar::hook {

/// Reads one tool call from `call.in` and answers on `call.out` in the agent's protocol: nothing where nothing is to be
/// said. What cannot be decided is asked about. The exit status is always 0, as agents read the answer only then.
int run_agent(Call& call, const AgentProtocol& protocol);

}  // namespace tollbar::hook
