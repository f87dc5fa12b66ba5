// The variables by which agents show to what they run.
#include "hook/agent_environment.h"

#include <algorithm>
#include <array>

namespace tollbar::hook {
namespace {

struct Sign {
  const char* variable;
  std::string_view agent;
};
constexpr std::array<Sign, 12> signs{{
    {"CLAUDECODE", "claude-code"},
    {"CLAUDE_CODE_ENTRYPOINT", "claude-code"},
    {"CODEX_SANDBOX", "codex"},
    {"CODEX_SANDBOX_NETWORK_DISABLED", "codex"},
    {"CURSOR_AGENT", "cursor"},
    {"COPILOT_AGENT_JOB_ID", "copilot"},
    {"GEMINI_CLI", "gemini"},
    {"OPENCODE", "opencode"},
    {"OPENHANDS_RUNTIME", "openhands"},
    {"REPLIT_AGENT", "replit"},
    {"AMP_THREAD_ID", "amp"},
    {"AI_AGENT", "an agent"},
}};

}  // namespace

std::string_view agent_around(const Environment& environment) {
  const auto* const found = std::find_if(signs.begin(), signs.end(), [&](const Sign& sign) {
    const auto value = environment(sign.variable);
    return value && !value->empty() && *value != "0" && *value != "false";
  });
  return found == signs.end() ? std::string_view{} : found->agent;
}

}  // namespace tollbar::hook
