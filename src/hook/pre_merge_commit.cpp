// pre-merge-commit: a merge without conflicts is about to be committed (one with conflicts ends in pre-commit).
#include "hook/staged_commit.h"

namespace tollbar::hook {

int run_pre_merge_commit(Call& call) {
  return judge_staged(call, "merge");
}

}  // namespace tollbar::hook
