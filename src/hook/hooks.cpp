// One line a hook.
#include "hook/hooks.h"

#include <algorithm>

namespace tollbar::hook {

const std::vector<Hook>& hooks() {
  static const std::vector<Hook> table{
      {"pre-commit", Side::client, "judges what is about to be committed", run_pre_commit},
      {"pre-merge-commit", Side::client, "judges what a merge without conflicts is about to commit",
       run_pre_merge_commit},
      {"commit-msg", Side::client, "judges what the message asks of CI, and takes emergencies as claims",
       run_commit_msg},
      {"post-commit", Side::client, "marks what needs approval", run_post_commit},
      {"post-rewrite", Side::client, "marks what amend and rebase made anew", run_post_rewrite},
      {"pre-push", Side::client, "judges what is about to be pushed", run_pre_push},
  };
  return table;
}

const Hook* find_hook(std::string_view name) {
  const auto& all = hooks();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Hook& hook) { return hook.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace tollbar::hook
