// The files of one module of Terraform.
#pragma once

#include <string>
#include <vector>

#include "document/node.h"
#include "model/tree.h"

namespace tollbar::rule {

/// The `.tf` files of a folder, read; those whose content is not there are left out.
std::vector<document::Document> terraform_in(model::Tree& tree, const std::string& folder);

/// `count = 0`, `for_each = {}`: the block stands there, but nothing of it is.
bool makes_none(const document::Node& block);

}  // namespace tollbar::rule
