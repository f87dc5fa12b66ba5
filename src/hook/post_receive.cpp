// post-receive: the push is accepted, its references have moved. What needs approval is marked now, as nothing may be
// written before.
#include <ostream>
#include <vector>

#include "gate/exit_status.h"
#include "hook/marks.h"
#include "hook/ref_lines.h"
#include "hook/server_gate.h"

namespace tollbar::hook {

int run_post_receive(Call& call) {
  ServerGate gate(call);
  const gate::PushResult result = gate.judge(read_ref_lines(call.in));
  std::vector<approval::Use> used;
  for (const gate::RefVerdict& ref : result.refs) {
    if (ref.is_protected) {
      const auto uses = gate::Approvals::uses(ref.verdicts, ref.update.ref, ref.update.after);
      used.insert(used.end(), uses.begin(), uses.end());
    }
    write_marks(gate.repository(), ref.verdicts, {.ref = ref.update.ref, .origin = gate.origin()});
  }
  approval::add_uses(gate.repository(), used);
  return gate::exit_allowed;
}

}  // namespace tollbar::hook
