// pre-receive: the authority. All references of a push on standard input, none of them moved yet; its objects lie in
// quarantine.
#include "hook/ref_lines.h"
#include "hook/server_gate.h"

namespace tollbar::hook {

int run_pre_receive(Call& call) {
  return guarded(
      call, [&](ServerGate& gate) { return gate.answer(gate.judge_in_time([&] { return read_ref_lines(call.in); })); });
}

}  // namespace tollbar::hook
