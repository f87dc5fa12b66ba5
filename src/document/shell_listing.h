// Lists the simple commands of a shell tree in source order, with what the text alone says of their surroundings.
#pragma once

#include <string>
#include <string_view>

#include "document/shell.h"
#include "document/shell_tree.h"

namespace tollbar::document {

/// Appends every command of the tree to the script, numbers the tree's nodes after them, and attaches nested scripts
/// (`sh -c '...'`, `eval`, here-documents fed to a shell, traps) to the commands that hold them.
void list_commands(ShellNode& root, Script& script);

/// Whether a node runs a shell definition or builtin that sets variables: `export`, `local`, `readonly`, `declare`,
/// `typeset`.
bool is_declaration(std::string_view program);

/// The text of a word, its expansions as they are written.
std::string literal_text(const ShellWord& word);

/// `NAME` of `NAME=value` at the start of a text; empty where there is none.
std::string_view assigned_name(std::string_view text);

}  // namespace tollbar::document
