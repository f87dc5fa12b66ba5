// Answers from the tables of effects: what a command or an action acts on, and where it acts besides.
#include <algorithm>
#include <array>

#include "reach/arrays.h"
#include "reach/knowledge.h"
#include "reach/leading_words.h"
#include "reach/local_target.h"
#include "reach/read_only.h"

namespace tollbar::reach {
namespace {

using Words = std::vector<std::string>;

/// `go run ./cmd/send --all` is taken for `send --all`: a tool that the tree brings itself is called as it is
/// elsewhere.
Words own_program(Words words) {
  if (words.size() < 3 || words[0] != "go" || words[1] != "run") return words;
  const auto path =
      std::find_if(words.begin() + 2, words.end(), [](const auto& word) { return !word.starts_with('-'); });
  if (path == words.end() || !path->starts_with("./") || path->ends_with(".go")) return words;
  words.erase(words.begin(), path);
  words.front().erase(0, words.front().rfind('/') + 1);
  return words;
}

/// The entry stands for the command; `plain` are its words without flags.
bool fits(const EffectTool& tool, const Words& words, const Words& plain) {
  return leads(tool.words, plain, false) && (tool.requires_any.empty() || holds_any(tool.requires_any, words)) &&
         (tool.and_any.empty() || holds_any(tool.and_any, words)) &&
         (tool.unless_any.empty() || !holds_any(tool.unless_any, words));
}

bool fits(const EffectAction& action, std::string_view uses, const std::map<std::string, std::string>& with) {
  const auto says = [&](const auto& wanted) {
    const auto found = with.find(wanted.first);
    return found != with.end() && word_matches_folded(wanted.second, found->second);
  };
  return word_matches_folded(action.uses, uses) &&
         std::all_of(action.requires_input.begin(), action.requires_input.end(), says) &&
         std::none_of(action.unless_input.begin(), action.unless_input.end(), says);
}

bool acts_nowhere(const document::Command& command, const Words& words) {
  return words.empty() || targets_this_machine(command, words) || only_queries(command, words) || only_downloads(words);
}

/// The command with a leading variable of constant value put in.
document::Command resolved(const document::Command& command, const std::map<std::string, std::string>& env) {
  if (command.argv.empty() || !command.argv.front().dynamic) return command;
  std::string name = command.argv.front().text;
  if (!name.starts_with('$')) return command;
  name = name.starts_with("${") && name.ends_with('}') ? name.substr(2, name.size() - 3) : name.substr(1);
  const auto value = env.find(name);
  if (value == env.end() || value->second.find('$') != std::string::npos) return command;
  document::Command result = command;
  result.argv.erase(result.argv.begin());
  const Words words = split_words(value->second);
  for (auto word = words.rbegin(); word != words.rend(); ++word)
    result.argv.insert(result.argv.begin(), document::Word{*word, false, false, command.line});
  return result;
}

/// The command once for every task of a build tool: `gradle publish githubRelease` does two things.
std::vector<document::Command> task_by_task(const document::Command& command) {
  std::vector<document::Command> result;
  const Words words = essential_words(command);
  constexpr std::array<std::string_view, 7> kBuildTools{"gradle", "gradlew", "mvn", "mvnw", "rake", "sbt", "ant"};
  const bool has_tasks =
      words.size() > 2 && std::find(kBuildTools.begin(), kBuildTools.end(), words[0]) != kBuildTools.end();
  for (std::size_t task = 1; has_tasks && task < words.size(); ++task) {
    if (words[task].starts_with('-')) continue;
    document::Command alone = command;
    alone.argv = {document::Word{words[0], false, false, command.line}};
    for (std::size_t i = 1; i < words.size(); ++i)
      if (i == task || words[i].starts_with('-')) alone.argv.push_back({words[i], false, false, command.line});
    result.push_back(std::move(alone));
  }
  return result;
}

void add(const Effect* effect, std::vector<const Effect*>& found) {
  const bool is_new = effect != nullptr && std::none_of(found.begin(), found.end(), [&](const Effect* known) {
                        return known->system == effect->system && known->action == effect->action;
                      });
  if (is_new) found.push_back(effect);
}

}  // namespace

const Effect* Knowledge::effect(const document::Command& command) const {
  const Words words = own_program(essential_words(command));
  if (acts_nowhere(command, words)) return nullptr;
  const Words plain = plain_words(words, value_flags);
  const EffectTool* best = nullptr;
  for (const auto number : candidates(effect_index_, effect_tools.size(), plain)) {
    const auto& tool = effect_tools[number];
    if (best && tool.words.size() <= best->words.size()) continue;
    if (fits(tool, words, plain)) best = &tool;
  }
  return best ? &best->effect : nullptr;
}

const Effect* Knowledge::effect(const document::Command& command, const std::map<std::string, std::string>& env) const {
  if (const auto filled = with_arrays(command, env)) return effect(*filled, env);
  const bool leads_with_variable = !command.argv.empty() && command.argv.front().dynamic;
  return leads_with_variable ? effect(resolved(command, env)) : effect(command);
}

std::vector<const Effect*> Knowledge::effects(const document::Command& command,
                                              const std::map<std::string, std::string>& env) const {
  std::vector<const Effect*> found;
  add(effect(command, env), found);
  for (const auto& alone : task_by_task(command)) add(effect(alone), found);
  return found;
}

std::vector<const Effect*> Knowledge::further_effects(const document::Command& command,
                                                      const std::map<std::string, std::string>& env) const {
  const auto filled = with_arrays(command, env);
  const auto known = resolved(filled ? *filled : command, env);
  const Words words = own_program(essential_words(known));
  std::vector<const Effect*> found;
  if (acts_nowhere(known, words)) return found;
  const Words plain = plain_words(words, value_flags);
  for (const auto& tool : further_tools)
    if (fits(tool, words, plain)) add(&tool.effect, found);
  return found;
}

const Effect* Knowledge::effect(std::string_view uses, const std::map<std::string, std::string>& with) const {
  for (const auto number : candidates(effect_action_index_, effect_actions.size(), {folded(uses)}))
    if (fits(effect_actions[number], uses, with)) return &effect_actions[number].effect;
  return nullptr;
}

std::vector<const Effect*> Knowledge::further_effects(std::string_view uses,
                                                      const std::map<std::string, std::string>& with) const {
  std::vector<const Effect*> found;
  for (const auto& action : further_actions)
    if (fits(action, uses, with)) add(&action.effect, found);
  return found;
}

}  // namespace tollbar::reach
