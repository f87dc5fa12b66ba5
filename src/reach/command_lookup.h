// What the tables know of commands, looked up once however many jobs run them. Internal to src/reach.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "reach/execution.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

/// Answers stay valid until the table is trimmed. Not thread-safe.
class CommandLookup {
 public:
  explicit CommandLookup(const Knowledge& knowledge) : knowledge_(knowledge) {}

  const Knowledge& knowledge() const { return knowledge_; }
  /// Forgets everything where that is much.
  void trim();
  /// essential_words()
  const std::vector<std::string>& words(const ExecutedCommand& executed) { return of(executed).words; }
  /// document::identity()
  const std::string& identity(const ExecutedCommand& executed);
  /// Null where the command is no known check.
  const CheckTool* tool(const ExecutedCommand& executed);
  bool is_setup(const ExecutedCommand& executed);
  /// It ends the whole job.
  bool halts(const ExecutedCommand& executed);
  bool has_effect(const ExecutedCommand& executed);
  /// Knowledge::effect(), where words ask for it with the command's environment.
  const Effect* effect(const ExecutedCommand& executed);
  /// The program is a file that bears the name of a known tool and so runs it: `node scripts/eslint.mjs`.
  bool named_after_tool(const ExecutedCommand& executed);
  /// How clearly its own first words say "check".
  NameStrength own_strength(const ExecutedCommand& executed);
  /// Knowledge::name_strength()
  NameStrength name_strength(std::string_view name);

 private:
  struct Answers {
    std::shared_ptr<const document::Command> command;  // alive, so that its address is nobody else's
    std::vector<std::string> words;
    std::optional<const CheckTool*> tool;
    std::optional<const Effect*> effect;  // where no word asks for the environment
    std::optional<bool> is_setup, halts, has_effect, named_after_tool;
    std::optional<NameStrength> strength;
    std::optional<std::string> identity;
  };
  Answers& of(const ExecutedCommand& executed);
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  const Knowledge& knowledge_;
  std::unordered_map<const document::Command*, Answers> known_;
  std::unordered_map<std::string, NameStrength, Hash, std::equal_to<>> names_;
};

}  // namespace tollbar::reach
