// `dynamic "x"` blocks whose number is written out are the blocks that they stand for.
#pragma once

#include "document/node.h"

namespace tollbar::document {

/// Puts `x {...}` in place of `dynamic "x" {for_each = [1], content {...}}`, nothing in place of one over an empty
/// list. Blocks of which nobody knows here how many there are, or that use what they are repeated for, stay.
void unroll_dynamic_blocks(Node& node);

}  // namespace tollbar::document
