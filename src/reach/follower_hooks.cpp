// Hooks that a framework such as pre-commit runs for a job: each judges the tree like a step of its own.
#include <algorithm>

#include "reach/follower.h"

namespace tollbar::reach {
namespace {

using document::Node;

std::string text_of(const Node* node) {
  return node && node->is_scalar() ? node->scalar : std::string();
}

bool lists(const std::string& words, const std::string& wanted) {
  for (std::size_t begin = 0; begin <= words.size();) {
    const std::size_t end = std::min(words.find(',', begin), words.size());
    if (words.compare(begin, end - begin, wanted) == 0) return true;
    begin = end + 1;
  }
  return false;
}

/// Only a person who names the stage runs it.
bool only_by_hand(const Node* stages) {
  if (!stages) return false;
  const auto texts = stages->texts();
  return !texts.empty() && std::all_of(texts.begin(), texts.end(), [](const auto& stage) { return stage == "manual"; });
}

}  // namespace

void Follower::enter_hooks(const std::vector<std::string>& selected, std::uint32_t line, const std::string& path,
                           const Place& place) {
  Place within = place;
  const auto entry = find(path);
  if (!entry || !descend(within, path, "", line, place.directory)) return;
  const auto document = documents_.yaml(tree_, *entry);
  const Node* repos = document->root().get("repos");
  if (!repos) return;
  const auto skip = within.env->find("SKIP");
  const bool by_hand = only_by_hand(document->root().get("default_stages"));
  for (const auto& repo : repos->items) {
    const Node* hooks = repo.get("hooks");
    if (!hooks) continue;
    const bool local = text_of(repo.get("repo")) == "local";
    for (const auto& hook : hooks->items) {
      const Node* stages = hook.get("stages");
      const std::string id = text_of(hook.get("id"));
      if (id.empty() || only_by_hand(stages) || (by_hand && !stages)) continue;
      if (!selected.empty() && std::find(selected.begin(), selected.end(), id) == selected.end()) continue;
      if (skip != within.env->end() && lists(skip->second, id)) continue;
      ExecutedHook executed{id, {}, path, hook.line, within.chain, within.fatal && !within.unreachable};
      if (local) executed.entry = document::parse_shell(text_of(hook.get("entry")));
      step_->hooks.push_back(std::move(executed));
    }
  }
}

}  // namespace tollbar::reach
