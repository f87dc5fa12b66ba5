// What the targets of a bake file (docker-bake.hcl, docker-bake.json) build.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document/node.h"

namespace tollbar::reach {

/// One build that a target stands for. A value that is computed when it runs is empty.
struct BakeTarget {
  std::string name;
  std::string context;     ///< as written, "." by default
  std::string dockerfile;  ///< relative to the context, "Dockerfile" by default
  std::string stage;       ///< empty for the last one
};

/// The builds of a target or group, with those whose results they take (`contexts = {x = "target:y"}`); nothing where
/// the file does not define the name.
std::vector<BakeTarget> bake_targets(const document::Node& root, const std::string& name);

/// The builds of all targets of the file.
std::vector<BakeTarget> all_bake_targets(const document::Node& root);

}  // namespace tollbar::reach
