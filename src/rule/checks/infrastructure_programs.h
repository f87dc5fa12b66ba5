// Which programs declare infrastructure (Pulumi, CDK, CDK for Terraform), and what in them is code.
#pragma once

#include <string>
#include <string_view>

#include "rule/change.h"

namespace tollbar::rule {

/// A program whose place says so, or one that imports such a library and stands in a project of it.
bool declares_infrastructure(FileChange& file, Change& change);

/// The program of SST, which finds its library without an import.
bool is_whole_project(std::string_view folded_path);

/// The text without comments, strings in double quotes: of the same length.
std::string infrastructure_code(std::string_view text);

}  // namespace tollbar::rule
