// pre-merge-commit: a merge without conflicts is about to be committed (one with conflicts ends in pre-commit).
#include "hook/local_gate.h"

namespace tollbar::hook {

int run_pre_merge_commit(Call& call) {
  return judge_index(call, "merge");
}

}  // namespace tollbar::hook
