// Lines of the step's own file are those of items without a chain, and those of the first link of every chain.
#include "reach/moved_lines.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace tollbar::reach {
namespace {

using document::Command;
using document::Script;

/// Moves lines by so many; what stands nowhere stays there.
class Move {
 public:
  Move(std::uint32_t from, std::uint32_t to) : from_(from), to_(to) {}

  std::uint32_t line(std::uint32_t number) const { return number == 0 ? 0 : number - from_ + to_; }

  void command(Command& command) const {
    command.line = line(command.line);
    for (auto& assignment : command.assignments) word(assignment.value);
    for (auto& each : command.argv) word(each);
    for (auto& redirection : command.redirections) word(redirection.target);
  }

  Script script(Script script) const {
    for (auto& each : script.commands) command(each);
    for (auto& loop : script.iterations)
      for (auto& value : loop.values) word(value);
    for (auto& problem : script.problems) problem.line = line(problem.line);
    return script;
  }

 private:
  void word(document::Word& word) const { word.line = line(word.line); }

  std::uint32_t from_, to_;
};

/// Chains that begin on other lines; neighbours mostly share one.
class MovedChains {
 public:
  explicit MovedChains(const Move& move) : move_(move) {}

  const Chain& of(const Chain& chain) {
    if (!is_made_ || !chain.shares(from_)) {
      Chain::Links links = chain;
      if (!links.empty()) links.front().line = move_.line(links.front().line);
      from_ = chain;
      to_ = std::move(links);
      is_made_ = true;
    }
    return to_;
  }

 private:
  const Move& move_;
  bool is_made_ = false;
  Chain from_, to_;
};

template <typename Item>
void move_items(util::SharedList<Item>& items, const Move& move) {
  MovedChains chains(move);
  if (items.empty()) return;
  for (auto& item : items.edit()) {
    if (item.chain.empty()) item.line = move.line(item.line);
    item.chain = chains.of(item.chain);
  }
}

void move_files(util::SharedList<FollowedFile>& files, const Move& move) {
  MovedChains chains(move);
  if (files.empty()) return;
  for (auto& file : files.edit()) file.chain = chains.of(file.chain);
}

void move_acts(util::SharedList<ConfiguredAct>& acts, const Move& move) {
  MovedChains chains(move);
  if (acts.empty()) return;
  for (auto& act : acts.edit()) act.chain = chains.of(act.chain);  // its line is one of the configuration
}

/// Commands of the step itself are those of its script as it stands now.
void replace_own(std::vector<ExecutedCommand>& commands, const Script& was, const std::shared_ptr<const Script>& is,
                 const Move& move) {
  for (auto& executed : commands) {
    if (!executed.chain.empty()) continue;
    const auto found = std::find_if(was.commands.begin(), was.commands.end(),
                                    [&](const Command& command) { return &command == executed.command.get(); });
    if (found != was.commands.end()) {
      executed.command = {is, &is->commands[static_cast<std::size_t>(found - was.commands.begin())]};
    } else {
      auto moved = std::make_shared<Command>(*executed.command);
      move.command(*moved);
      executed.command = std::move(moved);
    }
  }
}

}  // namespace

bool stands_elsewhere(const StepRun& run, const pipeline::Step& step) {
  const Move move(run.line, step.line);
  return move.line(run.run_line) == step.run_line && run.script->commands.size() == step.script.commands.size() &&
         move.script(*run.script) == step.script;
}

StepRun moved_to(const pipeline::Step& step, const std::shared_ptr<const Script>& script, const StepRun& run) {
  const Move move(run.line, step.line);
  StepRun moved = run;
  moved.script = script;
  moved.line = step.line;
  moved.run_line = step.run_line;
  if (!moved.commands.empty()) replace_own(moved.commands.edit(), *run.script, script, move);
  move_items(moved.commands, move);
  move_items(moved.actions, move);
  move_items(moved.hooks, move);
  move_items(moved.unknown, move);
  move_files(moved.files, move);
  move_acts(moved.configured, move);
  return moved;
}

}  // namespace tollbar::reach
