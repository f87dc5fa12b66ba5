// pre-commit: no arguments, no input; git says in the environment which index it is about to commit.
#include "hook/local_gate.h"

namespace tollbar::hook {

int run_pre_commit(Call& call) {
  return judge_index(call, "commit");
}

}  // namespace tollbar::hook
