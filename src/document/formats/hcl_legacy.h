// What Terraform 0.11 asked for and later releases read as the same: `"${var.x}"` for `var.x`, `type = "string"`.
#pragma once

#include <optional>
#include <vector>

#include "document/formats/hcl_lexer.h"
#include "document/node.h"

namespace tollbar::document {

/// The tokens of the one expression of which a string consists, at their places in the file and with an `end` as the
/// last; nothing for any other string.
std::optional<std::vector<HclToken>> sole_interpolation(const HclToken& token);

/// Puts the type itself in place of its quoted name in a `variable` block, which is not sealed yet.
void unquote_type(Node& variable);

}  // namespace tollbar::document
