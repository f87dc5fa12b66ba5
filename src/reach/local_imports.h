// Which files of the tree a program takes in: modules beside it, packages of its own module.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/tree.h"

namespace tollbar::reach {

/// The files of the tree that the program at `path` imports: Python's modules, `require` and `import` of JavaScript,
/// packages of a Go module, `require_relative` of Ruby. Only those that lie in the tree, each once; libraries are none.
std::vector<std::string> local_imports(const std::string& path, std::string_view program, model::Tree& tree);

}  // namespace tollbar::reach
