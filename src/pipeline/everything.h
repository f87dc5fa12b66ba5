// Patterns of filters that leave nothing out.
#pragma once

#include <string_view>

namespace tollbar::pipeline {

/// A branch or path pattern that every name meets: `**`, `*`, `/.*/`.
bool meets_every_name(std::string_view pattern);

}  // namespace tollbar::pipeline
