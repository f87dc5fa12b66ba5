// Finds the signers, reads the store.
#include "cli/approval_store.h"

#include <ostream>

#include "gate/policy_source.h"
#include "gate/signers.h"
#include "report/escape.h"
#include "rule/rule_set.h"
#include "util/error.h"
#include "util/instant.h"

namespace tollbar::cli {

TrustedSigners trusted_signers(const git::Repository& repository, const Arguments& arguments, const Console& console) {
  const rule::RuleSet rules = rule::load_builtin();
  gate::PolicySource policies(repository, rules, policy_file(arguments, console));
  TrustedSigners signers;
  try {
    signers.verifier = gate::default_signers(repository, policies);
  } catch (const util::UsageError& error) {
    signers.problem = error.what();
  }
  return signers;
}

approval::Overview overview_of_store(const git::Repository& repository, const Arguments& arguments, Console& console) {
  const TrustedSigners signers = trusted_signers(repository, arguments, console);
  if (!signers.verifier) {
    console.err << "note: no signature was verified: " << report::escape(signers.problem) << '\n';
  }
  return read_overview(approval::Store(repository), signers.verifier ? &*signers.verifier : nullptr, util::now());
}

}  // namespace tollbar::cli
