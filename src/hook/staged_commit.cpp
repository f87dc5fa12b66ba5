// Judges the index against HEAD and refuses what is blocked or undecided.
#include "hook/staged_commit.h"

#include "gate/exit_status.h"
#include "gate/scan.h"
#include "git/repository.h"
#include "report/refusal.h"
#include "rule/rule_set.h"

namespace tollbar::hook {

int judge_staged(Call& call, std::string_view action) {
  git::Repository repository = git::Repository::open(".", {.from_environment = true});
  const rule::RuleSet rules = rule::load_builtin();
  const rule::Engine engine(rules);
  gate::ScanOptions options;
  options.policy_file = call.policy_file;
  const gate::ScanResult result = gate::scan_staged(repository, engine, options);
  const int status = result.exit_code();
  if (status == gate::exit_allowed || status == gate::exit_needs_approval) {
    return gate::exit_allowed;
  }
  report::write_refusal(call.err, result.verdicts.front(), {.action = action});
  return status;
}

}  // namespace tollbar::hook
