// Functions of a script that run what they are given: `run() { echo "+ $*"; "$@"; }`.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string_view>

#include "document/shell.h"

namespace tollbar::document {

/// The functions of a script, looked up by name. The script must outlive it.
class HandingFunctions {
 public:
  explicit HandingFunctions(const Script& script);

  const Script& script() const { return script_; }
  bool has(std::string_view name) const { return bodies_.count(name) != 0; }
  /// The command that such a function is handed here: `kubectl delete ns shop` of `run kubectl delete ns shop`,
  /// `curl -s -X POST x` of `api -X POST x` where `api() { curl -s "$@"; }`. Empty where the command calls no such
  /// function, and where the function bears the name of what it runs.
  std::optional<Command> handed_on(const Command& command) const;

 private:
  /// A command that takes all arguments.
  struct Taker {
    const Command* command = nullptr;
    std::size_t at = 0;       ///< of the arguments among its words
    std::size_t shifted = 0;  ///< arguments that are gone before it
  };
  struct Body {
    std::size_t shifts = 0;
    std::optional<Taker> runs;  ///< the first that runs them
    std::optional<Taker> adds;  ///< the first that runs a program with them
  };

  static void note(const Command& inner, Body& body);

  const Script& script_;
  std::map<std::string_view, Body> bodies_;
};

/// The same for one command of a script.
std::optional<Command> handed_on(const Command& command, const Script& script);

}  // namespace tollbar::document
