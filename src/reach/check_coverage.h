// What a check judges, as far as its words tell: its paths, and whether another judges as much.
#pragma once

#include <string>
#include <vector>

#include "reach/inventory.h"

namespace tollbar::reach {

/// Arguments that are neither flags nor, as far as their look tells, values of flags.
std::vector<std::string> paths(const Check& check);
/// The folders before the first wildcard; all of a path without one.
std::string literal_part(const std::string& path);
/// The paths outside the pipeline itself whose changes start the check; empty where something else starts it as well.
std::vector<std::string> starting_paths(const Check& check);
/// `wide` judges at least what `narrow` judged: the same tool, no paths or parents of all of them, nothing more left
/// out.
bool covers(const Check& wide, const Check& narrow);
/// A call that runs what a file outside the tree or a value computed later says: `npm test` without its manifest,
/// `pnpm run ${{ steps.scope.outputs.script }}`.
bool is_opaque(const Check& check);

}  // namespace tollbar::reach
