// The state of an abstract run of a script: what is known of variables, options and exit statuses, and how surely.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/shell_tree.h"
#include "util/copy_on_write.h"

namespace tollbar::document {

/// An exit status; uncertain where it is assumed (an unknown command succeeds) and not known.
struct ShellStatus {
  int code = 0;
  bool certain = true;
  bool ok() const { return code == 0; }
  bool operator==(const ShellStatus&) const = default;
};

/// A variable's or word's text; empty `text` where nothing is known.
struct ShellValue {
  std::optional<std::string> text;
  bool certain = false;
  std::optional<long> at_least = std::nullopt;  ///< a number that is not certain, but surely no less
  bool operator==(const ShellValue&) const = default;
};

/// Values by name. Sorted in one piece of memory and shared one by one, as an abstract run copies them at every branch.
class ShellVariables {
 public:
  /// Null where nothing was said of the name.
  const ShellValue* find(std::string_view name) const;
  void set(std::string_view name, ShellValue value);
  std::size_t size() const { return entries_.size(); }
  bool operator==(const ShellVariables&) const = default;
  /// What differs is no longer certain; what only the other knows is known to be set to something.
  void join(const ShellVariables& other);

 private:
  struct Entry {
    std::string name;
    ShellValue value;
    bool operator==(const Entry&) const = default;
  };
  std::size_t place_of(std::string_view name) const;

  std::vector<util::CopyOnWrite<Entry>> entries_;
};

enum class ShellMove : std::uint8_t { onward, next_round, leave_loop, leave_function, leave_script };

struct ShellOutcome {
  ShellStatus status;
  ShellMove move = ShellMove::onward;
  int levels = 1;  ///< loops that `break` and `continue` leave
};

struct ShellTrap {
  const ShellNode* body = nullptr;  ///< null where it is reset or ignored
  bool operator==(const ShellTrap&) const = default;
};

struct ShellState {
  util::CopyOnWrite<ShellVariables> variables;
  util::CopyOnWrite<std::map<std::string, const ShellNode*, std::less<>>> functions;
  ShellTrap exit_trap, error_trap;
  bool errexit = false, pipefail = false, inherit_errexit = false, trace_errors = false;
  ShellStatus last;
  std::vector<ShellStatus> stages;  ///< of the last pipeline
  ShellStatus job;                  ///< of the last background command
  bool operator==(const ShellState&) const = default;

  /// `$name`, `$?`, `${PIPESTATUS[0]}`.
  ShellValue lookup(std::string_view name) const;
  ShellValue evaluate(const ShellWord& word) const;
  /// Sets a variable; the number of those that are kept is bounded.
  void store(std::string_view name, ShellValue value);
  /// After a branch that may or may not have run: what differs is no longer certain.
  void join(const ShellState& other);
};

/// The number that the text is; empty where it is none.
std::optional<long> number_of(const ShellValue& value);
/// The least number that it may be.
std::optional<long> least_of(const ShellValue& value);

/// The status of `[ ... ]`, `test ...` or `[[ ... ]]` given its words without brackets; uncertain where a word or
/// operator is unknown.
ShellStatus evaluate_test(const std::vector<ShellValue>& words);

/// The exit code a word means: `1`, `$status`; uncertain success where it is unknown.
ShellStatus status_of(const ShellValue& value);

}  // namespace tollbar::document
