// Scripts that stand in the words or the input of a command: `sh -c '...'`, `eval`, traps, here-documents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "document/shell.h"
#include "document/shell_tree.h"

namespace tollbar::document {

struct NestedText {
  std::string text;
  std::uint32_t line = 0;
  NestedKind kind = NestedKind::child_shell;
  bool errexit = false, pipefail = false;
};

/// The script that a command runs from its own words or input.
std::optional<NestedText> nested_text(const Command& command);

/// What `echo`, `printf` and `cat` with a here-document write; empty for all else.
std::string printed_text(const Command& command);

}  // namespace tollbar::document
