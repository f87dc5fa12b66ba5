// What every command has in common that signs for a person.
#pragma once

#include <string>
#include <string_view>

#include "attest/signing_key.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "git/repository.h"
#include "rule/rule_set.h"

namespace tollbar::cli {

/// Throws util::UsageError where a coding agent started us. `what` begins the sentence: `approving`.
void refuse_agents(const Console& console, std::string_view what);

/// What the flag says, its secrets taken out: whatever is signed is kept for good. Throws util::UsageError where it
/// says nothing.
std::string required_text(const Arguments& arguments, std::string_view flag, const rule::RuleSet& rules);

/// How git signs here. Throws util::UsageError, before anybody is asked for anything, where no verifier would take it.
attest::SigningSettings settings_that_verify(const git::Repository& repository);

}  // namespace tollbar::cli
