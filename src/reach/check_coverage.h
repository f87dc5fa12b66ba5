// Whether one check judges as much as another, as far as its words tell.
#pragma once

#include <string>

#include "reach/inventory.h"

namespace tollbar::reach {

/// `wide` judges at least what `narrow` judged: the same tool, no paths or parents of all of them, nothing more left
/// out.
bool covers(const Check& wide, const Check& narrow);
/// A configuration of its own (`vitest --config contract.ts`) takes the place of the usual one: what it names is
/// judged, and what `narrow` judged by another is not.
bool obeys_another_configuration(const Check& wide, const Check& narrow);
/// `narrowing` of `after` selects what `before` selected and more: `-tags a,b` where it was `-tags a`.
bool widens(const Check& after, const Check& before, const std::string& narrowing);
/// What one check judges by `part` is some of what another judges by `place`: `tests/unit` of `tests`, `test/one.js` of
/// `test/*.js`, `:mill:test` of `test`.
bool holds_part(const Check& wide, const std::string& place, const Check& narrow, const std::string& part);
/// A call that runs what a file outside the tree or a value computed later says: `npm test` without its manifest,
/// `pnpm run ${{ steps.scope.outputs.script }}`.
bool is_opaque(const Check& check);

}  // namespace tollbar::reach
