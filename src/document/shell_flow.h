// What a command's failure does to its script: found by running the syntax tree with that one command failing.
#pragma once

#include "document/shell.h"
#include "document/shell_tree.h"

namespace tollbar::document {

/// Fills fatal, masked, unreachable and shadowed of every command and forced_success of the script.
///
/// For each command the script is run in the abstract: this command fails, every other command of unknown outcome
/// succeeds, conditions of unknown outcome are decided so that the command is reached. It is fatal when the script then
/// ends with a failure, masked when it ends with success, unreachable when it cannot be reached.
void judge_flow(const ShellNode& root, const ShellOptions& options, Script& script);

}  // namespace tollbar::document
