// Texts of configurations that a follower reads. Internal to src/reach.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "document/node.h"

namespace tollbar::reach {

/// The scalar that the names lead to; empty where there is none.
inline std::string text_at(const document::Node& root, std::initializer_list<std::string_view> names) {
  const document::Node* node = root.get(names);
  return node != nullptr && node->is_scalar() ? node->scalar : std::string();
}

}  // namespace tollbar::reach
