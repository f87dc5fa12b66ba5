// One line a hook.
#include "hook/hooks.h"

#include <algorithm>

namespace tollbar::hook {

const std::vector<Hook>& hooks() {
  static const std::vector<Hook> table{
      {"pre-commit", Side::client, "judges what is about to be committed", run_pre_commit},
      {"pre-merge-commit", Side::client, "judges what a merge without conflicts is about to commit",
       run_pre_merge_commit},
  };
  return table;
}

const Hook* find_hook(std::string_view name) {
  const auto& all = hooks();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Hook& hook) { return hook.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace tollbar::hook
