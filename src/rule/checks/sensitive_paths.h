// Which paths of a tree decide what CI, releases and the gate do, and the patterns by which CODEOWNERS and
// .gitattributes name paths.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/tree.h"
#include "rule/kinds.h"

namespace tollbar::rule {

/// Which kinds of files count: those that decide by themselves what happens to a change or a release, or also those
/// that such files run.
enum class Breadth : std::uint8_t { deciding, executed_too };

KindSet sensitive_kinds(const Kinds& kinds, Breadth breadth);

/// The files of the tree that are of a sensitive kind and that `wanted` lets through (it is asked first, being cheap),
/// and a path for a workflow yet to be written where the tree has workflows. At most some ten thousand files are looked
/// at.
std::vector<std::string> sensitive_paths(model::Tree& tree, const Kinds& kinds, Breadth breadth,
                                         const std::function<bool(std::string_view)>& wanted);

/// A pattern as in .gitignore without negation, braces and character classes; exact in case, as GitHub and GitLab match
/// CODEOWNERS. What names a folder names everything in it, but `docs/*` names only what stands directly in `docs`.
bool names_path(std::string_view pattern, std::string_view path);

}  // namespace tollbar::rule
