// The conditions under which a merge bot acts, as text that other spellings of the same condition share.
#pragma once

#include <string>
#include <string_view>

#include "document/node.h"

namespace tollbar::rule {

/// `a`, for `{or: [b, a]}` `a or b`, for `{not: a}` `-a`.
std::string condition_text(const document::Node& node);

/// It asks for checks or reviews; others only select what a bot looks at.
bool asks_for_verdict(std::string_view condition);

/// A rule of a bot that merges, or lets into the queue that does.
bool lets_merge(const document::Node& rule);

}  // namespace tollbar::rule
