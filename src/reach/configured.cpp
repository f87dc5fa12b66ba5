// Sections of configurations, looked up among the files that were followed already.
#include "reach/configured.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "reach/word_glob.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using document::Node;

bool acts_with(const StepItems& step, const std::string& tool, const Knowledge& knowledge) {
  return std::any_of(step.actions.begin(), step.actions.end(),
                     [&](const auto& action) {
                       return action.uses.find(tool) != std::string::npos &&
                              knowledge.effect(action.uses, action.with) != nullptr;
                     }) ||
         std::any_of(step.commands.begin(), step.commands.end(), [&](const auto& executed) {
           const bool named = std::any_of(executed.command->argv.begin(), executed.command->argv.end(),
                                          [&](const auto& word) { return text::base_name(word.text) == tool; });
           return named && !executed.unreachable && knowledge.effect(*executed.command, *executed.env) != nullptr;
         });
}

bool is_on(const Node& section, const std::string& key) {
  if (section.items.empty() && section.members.empty()) return false;
  if (key.empty()) return true;
  const auto says = [&](const Node& item) {
    const Node* value = item.get(key);
    return value != nullptr && value->truth().value_or(true);
  };
  return says(section) || std::any_of(section.items.begin(), section.items.end(), says);
}

/// The section by its name, or by the names on the way to it: `notarize.macos`.
const Node* section_of(const Node& root, std::string_view key) {
  const Node* node = &root;
  while (node != nullptr && !key.empty()) {
    const auto name = key.substr(0, key.find('.'));
    key.remove_prefix(std::min(key.size(), name.size() + 1));
    node = node->get(name);
  }
  return node;
}

}  // namespace

const std::vector<const ConfiguredEffect*>& ConfiguredActs::known_for(std::string_view name) {
  if (const auto known = by_name_.find(name); known != by_name_.end()) return known->second;
  std::vector<const ConfiguredEffect*> effects;
  for (const auto& effect : knowledge_.configured_effects)
    if (word_matches(effect.files, name)) effects.push_back(&effect);
  return by_name_.emplace(name, std::move(effects)).first->second;
}

void ConfiguredActs::add(StepItems& step) {
  for (const auto& file : step.files) {
    for (const auto* known : known_for(text::base_name(file.path))) {
      if (!acts_with(step, known->tool, knowledge_)) continue;
      dependence_.consulted.insert(file.path);
      const auto entry = tree_.find(file.path);
      if (!entry) continue;
      const auto document = documents_.yaml(tree_, *entry);
      if (document->roots.empty()) continue;
      for (const auto& key : known->keys) {
        const Node* section = section_of(document->root(), key);
        if (section == nullptr || !is_on(*section, known->needs)) continue;
        step.configured.push_back({known->effect, known->tool + ": " + key, file.path, section->line, file.chain});
        break;
      }
    }
  }
}

}  // namespace tollbar::reach
