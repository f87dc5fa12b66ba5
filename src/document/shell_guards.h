// Guards: where a script may end with success before it is through, as in `[ -f done ] && exit 0`.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "document/shell_tree.h"

namespace tollbar::document {

/// Conditions on the script's own arguments are no guards: who calls the script has the say, as for `--help`.
class ShellGuards {
 public:
  /// Takes note of a name that holds an argument: `command=$1`, `for argument in "$@"`.
  void assign(std::string_view name, const ShellWord& value);

  /// Whether the statement ends the script, or the function that it stands in, with success where some condition holds.
  bool may_end_well(const ShellNode& statement) const;

 private:
  bool ends_well(const ShellNode& node, bool conditional) const;
  bool ends_well_in_chain(const ShellNode& node, bool conditional) const;
  bool ends_well_in_branch(const ShellNode& node) const;
  bool asks_arguments(const ShellNode& node) const;
  bool holds_argument(const ShellWord& word) const;

  std::set<std::string, std::less<>> arguments_;
};

}  // namespace tollbar::document
