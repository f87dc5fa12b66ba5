// Refusals that come before a key is asked for.
#include "cli/signing.h"

#include <fmt/format.h>

#include "approval/signing.h"
#include "gate/signers.h"
#include "hook/agent_environment.h"
#include "rule/redaction.h"
#include "util/error.h"

namespace tollbar::cli {

void refuse_agents(const Console& console, std::string_view what) {
  if (const std::string_view agent = hook::agent_around(console.environment); !agent.empty()) {
    throw util::UsageError(
        fmt::format("{} is for people, and this was started by a coding agent ({}): ask a person to "
                    "run it in a terminal of their own",
                    what, agent));
  }
}

std::string required_text(const Arguments& arguments, std::string_view flag, const rule::RuleSet& rules) {
  const std::string text = arguments.value(flag).value_or("");
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw util::UsageError(
        fmt::format("{} needs {}: who reads it later has nothing else", arguments.command->name, flag));
  }
  return rule::Redactor(rules).redact_prose(text);
}

attest::SigningSettings settings_that_verify(const git::Repository& repository) {
  attest::SigningSettings settings = approval::signing_settings();
  if (const auto problem = attest::never_verified(
          settings, gate::trusts_openpgp(repository) ? attest::OpenPgp::counts : attest::OpenPgp::counts_for_nothing)) {
    throw util::UsageError(*problem);
  }
  return settings;
}

}  // namespace tollbar::cli
