// Whether one check judges as much as another, as far as its words tell.
#pragma once

#include "reach/inventory.h"

namespace tollbar::reach {

/// `wide` judges at least what `narrow` judged: the same tool, no paths or parents of all of them, nothing more left
/// out.
bool covers(const Check& wide, const Check& narrow);
/// A call that runs what a file outside the tree or a value computed later says: `npm test` without its manifest,
/// `pnpm run ${{ steps.scope.outputs.script }}`.
bool is_opaque(const Check& check);

}  // namespace tollbar::reach
