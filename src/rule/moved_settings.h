// Settings that a new version of their tool keeps at another place of the same file.
#pragma once

#include "document/edit.h"

namespace tollbar::rule {

/// What stands at `path` stood under the same two last keys elsewhere before, and no longer does:
/// `linters-settings.gosec.excludes` became `linters.settings.gosec.excludes`.
bool stood_elsewhere(const document::Document& before, const document::Document& after, const document::NodePath& path,
                     const document::Node& node);

}  // namespace tollbar::rule
