// pre-push REMOTE URL: called once for every URL that is pushed to, with all its refs on standard input.
#include <algorithm>

#include "approval/store.h"
#include "gate/exit_status.h"
#include "hook/local_gate.h"
#include "hook/pushed_ref.h"
#include "report/refusal.h"
#include "util/error.h"

namespace tollbar::hook {
namespace {

/// The verdicts on what one ref brings; those that refuse are told.
std::vector<gate::Verdict> judge(Call& call, LocalGate& gate, const PushedRef& pushed, const git::Range& range) {
  gate::ScanResult result = gate.range(range, pushed.remote_ref);
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

/// The pre-commit framework hands no input on: it says in the environment which ref it was called for, the first one.
std::vector<PushedRef> refs_of_framework(const Call& call) {
  const auto id = [&](const char* name) {
    return model::ObjectId::from_hex(call.environment(name).value_or("")).value_or(model::ObjectId{});
  };
  return {{call.environment("PRE_COMMIT_LOCAL_BRANCH").value_or(""), id("PRE_COMMIT_TO_REF"),
           call.environment("PRE_COMMIT_REMOTE_BRANCH").value_or(""), id("PRE_COMMIT_FROM_REF")}};
}

}  // namespace

int run_pre_push(Call& call) {
  const bool framework = call.arguments.empty() && call.environment("PRE_COMMIT_TO_REF").has_value();
  if (call.arguments.empty() && !framework) {
    throw util::UsageError("pre-push takes the name of the remote and its URL");
  }
  const std::string remote =
      framework ? call.environment("PRE_COMMIT_REMOTE_NAME").value_or("") : call.arguments.front();
  const std::vector<PushedRef> refs = framework ? refs_of_framework(call) : read_pushed_refs(call.in);
  if (std::all_of(refs.begin(), refs.end(), [](const PushedRef& pushed) { return pushed.deletes(); })) {
    return gate::exit_allowed;  // what may be deleted is the server's to say
  }
  LocalGate gate(call);
  const std::string known = known_namespace(gate.repository(), remote);
  std::vector<model::ObjectId> judged;
  std::vector<gate::Verdict> verdicts;
  for (const PushedRef& pushed : refs) {
    if (pushed.deletes() || pushed.remote_ref == approval::store_ref) {  // the server judges what people signed
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
