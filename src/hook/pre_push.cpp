// pre-push REMOTE URL: called once for every URL that is pushed to, with all its refs on standard input.
#include <algorithm>

#include "gate/exit_status.h"
#include "hook/local_gate.h"
#include "hook/pushed_ref.h"
#include "report/refusal.h"
#include "util/error.h"

namespace tollbar::hook {
namespace {

/// The verdicts on what one ref brings; those that refuse are told.
std::vector<gate::Verdict> judge(Call& call, LocalGate& gate, const PushedRef& pushed, const git::Range& range) {
  gate::ScanResult result = gate.range(range);
  if (result.net) {
    result.verdicts.push_back(std::move(*result.net));
  }
  for (const gate::Verdict& verdict : result.verdicts) {
    if (refuses_locally(verdict)) {
      report::write_refusal(call.err, verdict, {.action = "push", .ref = pushed.remote_ref});
    }
  }
  return std::move(result.verdicts);
}

}  // namespace

int run_pre_push(Call& call) {
  if (call.arguments.empty()) {
    throw util::UsageError("pre-push takes the name of the remote and its URL");
  }
  const std::vector<PushedRef> refs = read_pushed_refs(call.in);
  if (std::all_of(refs.begin(), refs.end(), [](const PushedRef& pushed) { return pushed.deletes(); })) {
    return gate::exit_allowed;  // what may be deleted is the server's to say
  }
  LocalGate gate(call);
  const std::string known = known_namespace(gate.repository(), call.arguments.front());
  std::vector<model::ObjectId> judged;
  std::vector<gate::Verdict> verdicts;
  for (const PushedRef& pushed : refs) {
    if (pushed.deletes()) {
      continue;
    }
    const git::Range range = new_commits(gate.repository(), pushed, known, judged);
    for (gate::Verdict& verdict : judge(call, gate, pushed, range)) {
      verdicts.push_back(std::move(verdict));
    }
    if (range.tip) {
      judged.push_back(*range.tip);
    }
  }
  return local_status(verdicts);
}

}  // namespace tollbar::hook
