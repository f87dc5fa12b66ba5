// update REF OLD NEW: for servers that offer no pre-receive; judges one reference and cannot see the others of its
// push.
#include "hook/ref_lines.h"
#include "hook/server_gate.h"
#include "util/error.h"

namespace tollbar::hook {

int run_update(Call& call) {
  return guarded(call, [&](ServerGate& gate) {
    if (call.arguments.size() != 3) {
      throw util::UsageError("update takes a reference, its old value and its new one");
    }
    const auto update = read_ref_update(call.arguments[0], call.arguments[1], call.arguments[2]);
    return gate.answer(gate.judge_in_time([&] { return std::vector{update}; }));
  });
}

}  // namespace tollbar::hook
