// Judging on a developer's machine: advice that can be skipped, so it is never in the way of ordinary work.
#include "hook/local_gate.h"

#include <ostream>
#include <utility>

#include "gate/exit_status.h"
#include "hook/marks.h"
#include "report/refusal.h"

namespace tollbar::hook {

namespace {

/// Made once and kept until the program ends: taking the rules apart would cost a hook more than judging a commit.
const rule::RuleSet& builtin_rules() {
  static const rule::RuleSet& rules = *new rule::RuleSet(rule::load_builtin());
  return rules;
}

const rule::Engine& engine() {
  static const rule::Engine& engine = *new rule::Engine(builtin_rules());
  return engine;
}

}  // namespace

LocalGate::LocalGate(const Call& call)
    : repository_(git::Repository::open(".", {.from_environment = true})), engine_(engine()) {
  options_.policy_file = call.policy_file;
}

gate::Verdict LocalGate::staged(std::optional<std::string> message) {
  gate::ScanOptions options = options_;
  options.message = std::move(message);
  return std::move(gate::scan_staged(repository_, engine_, options).verdicts.front());
}

std::vector<gate::Verdict> LocalGate::mark(const std::vector<model::ObjectId>& ids) {
  std::vector<gate::Verdict> verdicts = gate::scan_commits(repository_, engine_, ids, options_).verdicts;
  write_marks(repository_, verdicts, builtin_rules());
  return verdicts;
}

gate::ScanResult LocalGate::range(const git::Range& range, const std::string& target) {
  gate::ScanOptions options = options_;
  options.approvals = true;
  options.target = target;
  return gate::scan_range(repository_, engine_, range, options);
}

bool refuses_locally(const gate::Verdict& verdict) {
  switch (verdict.status) {
    case model::Status::blocked:
    case model::Status::undecided:
      return true;
    case model::Status::needs_approval:
      return verdict.approve_locally;
    default:
      return false;
  }
}

int local_status(const std::vector<gate::Verdict>& verdicts) {
  gate::ScanResult refused;
  for (const gate::Verdict& verdict : verdicts) {
    if (refuses_locally(verdict)) {
      refused.count(verdict);
    }
  }
  return refused.exit_code();
}

void note_verdict(Call& call, const gate::Verdict& verdict) {
  if (verdict.status == model::Status::allowed) {
    return;
  }
  const bool approvable = verdict.status == model::Status::needs_approval;
  call.err << "note: commit " << verdict.commit.id.short_hex()
           << (approvable ? " needs approval: " : " will be refused when it is pushed: ")
           << report::brief_reason(verdict) << '\n';
}

int judge_index(Call& call, std::string_view action) {
  const gate::Verdict verdict = LocalGate(call).staged();
  if (refuses_locally(verdict)) {
    report::write_refusal(call.err, verdict, {.action = action});
  }
  return local_status({verdict});
}

}  // namespace tollbar::hook
