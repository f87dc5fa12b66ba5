// post-commit: the commit is there; what its author must know about it is said once.
#include "gate/exit_status.h"
#include "hook/local_gate.h"

namespace tollbar::hook {

int run_post_commit(Call& call) {
  LocalGate gate(call);
  if (const auto head = gate.repository().resolve_commit("HEAD")) {
    note_verdict(call, gate.mark({*head}).front());
  }
  return gate::exit_allowed;
}

}  // namespace tollbar::hook
