// `tollbar approvals verify`: every record of the store, with the signers of the default branch.
#include <fmt/format.h>

#include <ostream>

#include "cli/approval_store.h"
#include "cli/run.h"
#include "report/escape.h"
#include "util/error.h"
#include "util/instant.h"

namespace tollbar::cli {
namespace {

constexpr std::size_t shown_digits = 12;

std::string line_of(const approval::Listed& listed) {
  const std::string digest = listed.record.digest.substr(0, shown_digits);
  if (!listed.problem.empty()) {
    return fmt::format("refused  {}  {}: {}", digest, listed.record.type, listed.problem);
  }
  return fmt::format("good     {}  {} of {}, key {}", digest, listed.record.type, listed.signer->principal,
                     listed.signer->key);
}

}  // namespace

int run_approvals_verify(const Arguments& arguments, Console& console) {
  const git::Repository repository = git::Repository::open(".", {.from_environment = true});
  const TrustedSigners signers = trusted_signers(repository, arguments, console);
  if (!signers.verifier) {
    throw util::UsageError(signers.problem);
  }
  const approval::Overview overview = read_overview(approval::Store(repository), &*signers.verifier, util::now());
  std::size_t refused = overview.damaged.size();
  for (const std::string& problem : overview.damaged) {
    console.out << report::escape("refused  " + problem) << '\n';
  }
  for (const approval::Listed& listed : overview.records) {
    const bool good = listed.problem.empty();
    refused += good ? 0 : 1;
    if (!good || !arguments.has("--quiet")) {
      console.out << report::escape(line_of(listed)) << '\n';
    }
  }
  const std::size_t all = overview.records.size() + overview.damaged.size();
  console.out << fmt::format("{} of {} record{} good\n", all - refused, all, all == 1 ? " is" : "s are");
  return refused == 0 ? exit_allowed : exit_blocked;
}

}  // namespace tollbar::cli
