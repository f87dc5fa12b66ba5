// post-receive: the push is accepted, its references have moved. What needs approval is marked now, and the
// decision logged, as nothing may be written before.
#include <exception>
#include <functional>
#include <initializer_list>

#include "gate/exit_status.h"
#include "hook/evidence.h"
#include "hook/marks.h"
#include "hook/ref_lines.h"
#include "hook/server_gate.h"
#include "hook/uses.h"
#include "util/error.h"

namespace tollbar::hook {
namespace {

void mark(ServerGate& gate, const gate::PushResult& result) {
  for (const gate::RefVerdict& ref : result.refs) {
    write_marks(gate.repository(), ref.verdicts, gate.rules(), {.ref = ref.update.ref, .origin = gate.origin()});
  }
}

/// Every step is taken, whatever became of those before, what guards most first. The first failure is told then.
void each_of(std::initializer_list<std::function<void()>> steps) {
  std::exception_ptr failure;
  for (const auto& step : steps) {
    try {
      step();
    } catch (const util::Error&) {
      if (!failure) {
        failure = std::current_exception();
      }
    }
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

}  // namespace

int run_post_receive(Call& call) {
  ServerGate gate(call);
  const gate::PushResult result = gate.judge(read_ref_lines(call.in));
  each_of({
      [&] { write_uses(gate.repository(), result); },
      [&] { log_decisions(gate, result); },
      [&] { mark(gate, result); },
  });
  return gate::exit_allowed;
}

}  // namespace tollbar::hook
