// How each coding agent tells a hook what it is about to do, and how it is answered.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hook/pending_action.h"

namespace tollbar::hook {

/// There is no answer that allows: an agent would skip its own question to the user. Silence leaves that to the agent.
enum class Answer { ask, deny };

struct AgentProtocol {
  std::string_view name;  ///< as --for names it
  /// The JSON that says so, for the user and for the agent. Where an agent cannot ask, the user is told.
  std::string (*answer)(Answer answer, std::string_view reason);
};

const std::vector<AgentProtocol>& agent_protocols();
/// Null for a name that is none.
const AgentProtocol* find_agent_protocol(std::string_view name);

/// What the input says, in the spelling of any of these agents. Empty for a tool that neither runs a command nor
/// changes a file. Throws util::Error for input that cannot be understood.
std::optional<PendingAction> read_action(std::string_view input);

}  // namespace tollbar::hook
