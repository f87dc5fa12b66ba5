// One line a hook.
#include "hook/hooks.h"

#include <algorithm>

namespace tollbar::hook {

const std::vector<Hook>& hooks() {
  using enum Side;
  using enum Input;
  using enum Placing;
  static const std::vector<Hook> table{
      {"pre-commit", client, nothing, by_default, "judges what is about to be committed", run_pre_commit},
      {"pre-merge-commit", client, nothing, by_default, "judges what a merge is about to commit", run_pre_merge_commit},
      {"commit-msg", client, nothing, by_default, "judges what the message asks of CI", run_commit_msg},
      {"post-commit", client, nothing, by_default, "marks what needs approval", run_post_commit},
      {"post-rewrite", client, lines, by_default, "marks what amend and rebase made anew", run_post_rewrite},
      {"pre-push", client, lines, by_default, "judges what is about to be pushed", run_pre_push},
      {"pre-receive", server, lines, by_default, "judges every reference of a push, and refuses", run_pre_receive},
      {"update", server, nothing, by_hand, "judges one reference, where there is no pre-receive", run_update},
      {"post-receive", server, lines, by_default, "marks what was accepted and needs approval", run_post_receive},
  };
  return table;
}

const Hook* find_hook(std::string_view name) {
  const auto& all = hooks();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Hook& hook) { return hook.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace tollbar::hook
