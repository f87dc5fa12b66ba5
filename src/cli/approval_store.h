// What the commands about approvals share: the store as the default branch's signers see it.
#pragma once

#include <optional>
#include <string>

#include "approval/overview.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "git/repository.h"

namespace tollbar::cli {

/// The signers of the default branch, or why there are none.
struct TrustedSigners {
  std::optional<attest::Verifier> verifier;
  std::string problem;
};
TrustedSigners trusted_signers(const git::Repository& repository, const Arguments& arguments, const Console& console);

/// Everything in the store. Where nobody's signature counts it is listed as people claim, and standard error says so.
approval::Overview overview_of_store(const git::Repository& repository, const Arguments& arguments, Console& console);

}  // namespace tollbar::cli
