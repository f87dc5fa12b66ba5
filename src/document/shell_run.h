// One abstract run of a script's syntax tree in which a chosen command fails.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "document/shell.h"
#include "document/shell_state.h"
#include "document/shell_tree.h"

namespace tollbar::document {

/// The command that fails in a run, and the calls that lead to it where it stands in a function.
struct ShellTarget {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t id = none;
  std::vector<std::size_t> through;  ///< sorted ids of the target and of the commands that call its function
};

/// `$@`, `$*`, `$1`: the script's or a function's arguments, which may name any function. `$SUDO` or `$SED` do not.
bool names_any_function(const Word& program);

class ShellRun {
 public:
  /// `budget` counts down with every node that is run, over all runs; a run stops where it reaches zero.
  ShellRun(const Script& script, const ShellTarget& target, std::size_t& budget)
      : script_(script), target_(target), budget_(budget) {}

  /// Runs one child of the script's top list.
  ShellOutcome run(const ShellNode& list, std::size_t index, ShellState& state) {
    return run_item(list, index, state, false);
  }
  /// The end of the script: the EXIT trap has the last word.
  ShellStatus finish(ShellState& state, ShellOutcome outcome);

  bool reached() const { return reached_; }
  /// The target ran while its name was a function's.
  bool shadowed() const { return shadowed_; }

 private:
  ShellOutcome run_node(const ShellNode& node, ShellState& state, bool exempt);
  ShellOutcome run_item(const ShellNode& list, std::size_t index, ShellState& state, bool exempt);
  ShellOutcome run_list(const ShellNode& node, ShellState& state, bool exempt);
  ShellOutcome run_and_or(const ShellNode& node, ShellState& state, bool exempt);
  ShellOutcome run_pipeline(const ShellNode& node, ShellState& state, bool exempt);
  ShellOutcome run_stages(const ShellNode& node, ShellState& state, bool exempt);
  ShellOutcome run_branch(const ShellNode& node, ShellState& state, bool exempt);
  ShellOutcome run_either(const ShellNode* chosen, const ShellNode* other, ShellState& state, bool exempt);
  ShellOutcome run_loop(const ShellNode& node, ShellState& state, bool exempt);
  ShellOutcome run_iteration(const ShellNode& node, ShellState& state, bool exempt);
  ShellOutcome run_choice(const ShellNode& node, ShellState& state, bool exempt);
  ShellOutcome run_simple(const ShellNode& node, ShellState& state, bool exempt);
  ShellOutcome run_command(const ShellNode& node, ShellState& state, bool exempt);
  /// exit, return, break, continue, eval: what moves control, and nothing else.
  std::optional<ShellOutcome> run_control(const ShellNode& node, ShellState& state, bool exempt);
  ShellStatus run_builtin(const ShellNode& node, ShellState& state);
  ShellOutcome run_function(const ShellNode& function, ShellState& state, bool exempt);
  ShellOutcome run_nested(const ShellNode& node, const ShellState& state);
  ShellStatus run_subshell(const ShellNode& node, const ShellState& outer, bool exempt);
  ShellState copy(const ShellState& state);
  ShellStatus run_substitutions(const ShellWord& word, const ShellState& state, bool exempt, ShellStatus before);
  ShellOutcome settle(ShellOutcome outcome, ShellState& state, bool exempt);
  std::optional<ShellStatus> tested(const ShellNode& node, const ShellState& state) const;
  ShellValue argument(const ShellNode& node, const ShellState& state, std::size_t index) const;
  void assign(const ShellNode& node, ShellState& state) const;
  void declare(const ShellNode& node, ShellState& state) const;
  void set_options(const ShellNode& node, ShellState& state) const;
  void set_trap(const ShellNode& node, ShellState& state);
  const ShellNode* called(const ShellNode& node, const ShellState& state) const;
  bool leads_to_target(const ShellNode& node) const;
  bool leads_to_target(const ShellNode& node, const ShellNode& among) const;

  const Script& script_;
  const ShellTarget& target_;
  std::size_t& budget_;
  bool reached_ = false, shadowed_ = false;
  unsigned calls_ = 0;
  bool in_trap_ = false;
};

}  // namespace tollbar::document
