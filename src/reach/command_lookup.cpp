// A table by the command's address: scripts are parsed once, and every job that runs one points into it.
#include "reach/command_lookup.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "document/command_identity.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kTellingWords = 3;
constexpr std::size_t kMostCommands = 20'000;  // each keeps its script

bool bears_name_of_tool(const std::vector<std::string>& words, const Knowledge& knowledge) {
  constexpr std::array<std::string_view, 9> kPrograms{".js",  ".cjs", ".mjs", ".ts", ".cts",
                                                      ".mts", ".py",  ".rb",  ".pl"};
  for (std::size_t i = 0; i < std::min(words.size(), kTellingWords); ++i) {
    const auto name = std::string_view(words[i]).substr(words[i].rfind('/') + 1);
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot < 4) continue;
    if (std::find(kPrograms.begin(), kPrograms.end(), name.substr(dot)) == kPrograms.end()) continue;
    const CheckTool* tool = knowledge.check_tool_named(name.substr(0, dot));
    return tool && tool->kind != CheckKind::build;
  }
  return false;
}

template <typename T, typename Find>
const T& answer(std::optional<T>& known, Find find) {
  if (!known) known = find();
  return *known;
}

}  // namespace

void CommandLookup::trim() {
  if (known_.size() > kMostCommands) known_.clear();
  if (names_.size() > kMostCommands) names_.clear();
}

CommandLookup::Answers& CommandLookup::of(const ExecutedCommand& executed) {
  const auto [entry, is_new] = known_.try_emplace(executed.command.get());
  if (is_new) {
    entry->second.command = executed.command;
    entry->second.words = essential_words(*executed.command);
  }
  return entry->second;
}

const std::string& CommandLookup::identity(const ExecutedCommand& executed) {
  return answer(of(executed).identity, [&] { return document::identity(*executed.command); });
}

const CheckTool* CommandLookup::tool(const ExecutedCommand& executed) {
  return answer(of(executed).tool, [&] { return knowledge_.check_tool(*executed.command); });
}

bool CommandLookup::is_setup(const ExecutedCommand& executed) {
  return answer(of(executed).is_setup, [&] { return knowledge_.is_setup(*executed.command); });
}

bool CommandLookup::halts(const ExecutedCommand& executed) {
  return answer(of(executed).halts, [&] { return knowledge_.halts(*executed.command); });
}

bool CommandLookup::has_effect(const ExecutedCommand& executed) {
  return answer(of(executed).has_effect, [&] { return knowledge_.effect(*executed.command) != nullptr; });
}

const Effect* CommandLookup::effect(const ExecutedCommand& executed) {
  const auto& argv = executed.command->argv;
  const auto find = [&] { return knowledge_.effect(*executed.command, *executed.env); };
  const bool asks = std::any_of(argv.begin(), argv.end(), [](const auto& word) { return word.dynamic; });
  return asks ? find() : answer(of(executed).effect, find);
}

bool CommandLookup::named_after_tool(const ExecutedCommand& executed) {
  auto& answers = of(executed);
  return answer(answers.named_after_tool, [&] { return bears_name_of_tool(answers.words, knowledge_); });
}

NameStrength CommandLookup::own_strength(const ExecutedCommand& executed) {
  auto& answers = of(executed);
  return answer(answers.strength, [&] {
    auto strength = named_after_tool(executed) ? NameStrength::weak : NameStrength::none;
    for (std::size_t i = 0; i < std::min(answers.words.size(), kTellingWords); ++i) {
      if (!answers.words[i].starts_with('-')) strength = std::max(strength, name_strength(answers.words[i]));
    }
    return strength;
  });
}

NameStrength CommandLookup::name_strength(std::string_view name) {
  const auto known = names_.find(name);
  if (known != names_.end()) return known->second;
  return names_.emplace(name, knowledge_.name_strength(name)).first->second;
}

}  // namespace tollbar::reach
