// Calls whose target nobody can tell without running them: `"$TASK" --now`, `bash "scripts/$NAME.sh"`, `eval "$line"`.
#pragma once

#include <string>
#include <vector>

#include "document/shell.h"

namespace tollbar::reach {

/// True where `words` (essential, as written) run a file, target or script of a computed name. `argv` is what literal()
/// made of them: an empty text is a word that stays unknown. Programs in directories that are surely outside the tree
/// (`$HOME/bin/x`, `$RUNNER_TEMP/x`) and arguments that a function hands on are none.
bool is_computed_call(const std::vector<document::Word>& words, const std::vector<std::string>& argv,
                      const document::CommandContext& context);

/// The word, known as `text`, names a folder of the tree that is computed: `cd "$CHART"`, not `cd "$HOME"`.
bool is_computed_folder(const document::Word& word, const std::string& text);

}  // namespace tollbar::reach
