// Scripts that a platform runs when it takes in a release: its settings at the root of the tree name them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/tree.h"

namespace tollbar::rule {

/// Reads the settings (`fly.toml`, `Procfile`, `render.yaml`, ...) of one tree, once and only when somebody asks.
class ReleaseCalls {
 public:
  explicit ReleaseCalls(model::Tree& tree) : tree_(tree) {}
  /// `bin/boot` of `release_command = "./bin/boot"`.
  bool name(std::string_view path);

 private:
  model::Tree& tree_;
  std::optional<std::string> settings_;
};

}  // namespace tollbar::rule
