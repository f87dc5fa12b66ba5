// Functions of a script that run what they are given: `run() { echo "+ $*"; "$@"; }`.
#pragma once

#include <optional>

#include "document/shell.h"

namespace tollbar::document {

/// The command that such a function of the script is handed here: `kubectl delete ns shop` of `run kubectl delete ns
/// shop`, `curl -s -X POST x` of `api -X POST x` where `api() { curl -s "$@"; }`. Empty where the command calls no such
/// function, and where the function bears the name of what it runs.
std::optional<Command> handed_on(const Command& command, const Script& script);

}  // namespace tollbar::document
