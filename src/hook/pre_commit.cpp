// pre-commit: no arguments, no input; git says in the environment which index it is about to commit.
#include "hook/staged_commit.h"

namespace tollbar::hook {

int run_pre_commit(Call& call) {
  return judge_staged(call, "commit");
}

}  // namespace tollbar::hook
