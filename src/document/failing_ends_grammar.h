// The words by which each language fails, succeeds and says something. Internal to src/document.
#pragma once

#include "document/language.h"
#include "text/pattern.h"

namespace tollbar::document {

struct FailingGrammar {
  text::Pattern fails;     ///< over a bare statement: it ends the program in failure
  text::Pattern starts;    ///< over a whole statement: it starts a check that ends the program where it fails
  text::Pattern caught;    ///< those of them that a general handler of errors swallows
  text::Pattern succeeds;  ///< over a whole statement: ends it with success
  text::Pattern harmless;  ///< over a whole statement: it says something, or nothing, and judges nothing
};

/// The language is not `none`.
const FailingGrammar& failing_grammar(Language language);

}  // namespace tollbar::document
