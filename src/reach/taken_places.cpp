// What a command leads to lies behind it, at the end of longer chains.
#include "reach/taken_places.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "document/command_identity.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

/// Some command of the text can fail, so that it may run something.
bool may_run(std::string_view text) {
  const auto commands = document::parse_shell(text, {.failures = document::Failures::left_out}).commands;
  return std::any_of(commands.begin(), commands.end(), document::can_fail);
}

/// The command runs what the function is handed, or the program whose name the function bears.
bool hands_on(const document::Command& command) {
  return document::can_fail(command) &&
         std::any_of(command.argv.begin(), command.argv.end(), [&](const document::Word& word) {
           return hands_on_to(word.text, command.context.function) || hands_on_to(word.text, "$*");
         });
}

enum class Taking : std::uint8_t { surely, perhaps };

struct Taken {
  Taking taking;
  std::string why;
};

/// The functions and aliases that a step has defined so far.
class StandIns {
 public:
  void note(const ExecutedCommand& executed) {
    const document::Command& command = *executed.command;
    const bool remembers = command.program() == "hash" && command.argv.size() == 4 && command.argv[1].text == "-p";
    if (!command.context.function.empty()) return note_body(executed);
    if (command.program() == "alias") note_aliases(command);
    if (command.program() == "unset" || command.program() == "unalias")
      for (const auto& word : command.argv) known_.erase(word.text);
    if (remembers) note_text(command.argv[3].text, text::base_name(command.argv[2].text), command);
    depends_ = command.context.is_condition || command.context.conditional;
    path_ = executed.path;
  }

  /// What takes the place of the program that the command calls; no value where that may run all the same.
  std::optional<Taken> taken(const ExecutedCommand& executed) const {
    const auto program = std::string(executed.command->program());
    if (!executed.shadowed_by.empty()) return Taken{Taking::surely, "PATH finds " + executed.shadowed_by + " first"};
    if (!executed.command->context.shadowed) return std::nullopt;
    const auto found = known_.find(program);
    if (found == known_.end() || found->second.hands_on || (executed.followed && found->second.runs))
      return std::nullopt;
    const auto taking = found->second.depends ? Taking::perhaps : Taking::surely;
    return Taken{taking, program + (found->second.runs ? " is redefined" : " is redefined and runs nothing")};
  }

 private:
  struct StandIn {
    bool runs = false;      ///< something in it can fail
    bool hands_on = false;  ///< to the program of its name, or to what it is handed
    bool depends = false;   ///< on a condition
  };

  void note_body(const ExecutedCommand& executed) {
    const document::Command& command = *executed.command;
    auto& body = known_.try_emplace(command.context.function, StandIn{false, false, depends_ && executed.path == path_})
                     .first->second;
    body.runs = body.runs || document::can_fail(command);
    body.hands_on = body.hands_on || hands_on(command);
  }

  void note_aliases(const document::Command& command) {
    for (const auto& word : command.argv)
      if (const auto equals = word.text.find('='); equals != std::string::npos)
        note_text(word.text.substr(0, equals), std::string_view(word.text).substr(equals + 1), command);
  }

  void note_text(const std::string& name, std::string_view text, const document::Command& command) {
    known_[name] = {may_run(text), hands_on_to(text, name), command.context.conditional};
  }

  std::map<std::string, StandIn> known_;
  bool depends_ = false;  ///< the last command outside of functions is a condition, or hangs on one
  std::string path_;      ///< of that command
};

void apply(const Taken& taken, const SwitchedOff& off, ExecutedCommand& command) {
  if (taken.taking == Taking::surely) {
    if (command.switched_off.why.empty()) command.switched_off = off;
    return;
  }
  auto guarded = *command.command;
  guarded.context.guarded = true;
  command.command = std::make_shared<const document::Command>(std::move(guarded));
}

}  // namespace

void switch_off_taken(std::vector<ExecutedCommand>& commands) {
  StandIns stand_ins;
  std::optional<Taken> taken;
  SwitchedOff off;
  std::size_t depth = 0;
  for (auto& command : commands) {
    if (taken && command.chain.size() <= depth) taken.reset();
    stand_ins.note(command);
    if (!taken) {
      taken = stand_ins.taken(command);
      if (!taken) continue;
      off = {taken->why, command.path, command.line};
      depth = command.chain.size();
    }
    apply(*taken, off, command);
  }
}

bool hands_on_to(std::string_view text, std::string_view program) {
  const auto is_part = [](char byte) { return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_'; };
  for (const std::string_view wanted : {program, std::string_view("$@"), std::string_view("$0"),
                                        std::string_view("${0"), std::string_view("argv"), std::string_view("ARGV")}) {
    for (auto at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1)) {
      const auto end = at + wanted.size();
      const auto line = text.substr(text.rfind('\n', at) + 1, at - text.rfind('\n', at) - 1);
      const bool in_comment = text::trimmed(line).starts_with('#') || text::trimmed(line).starts_with("echo");
      const bool is_whole = (at == 0 || !is_part(text[at - 1])) && (end == text.size() || !is_part(text[end]));
      if (is_whole && !in_comment) return true;
    }
  }
  return false;
}

}  // namespace tollbar::reach
