// What an approval of a finding binds to besides the fact itself: the file it stands in, or all that guards the gate.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/tree.h"

namespace tollbar::gate {

/// Where tollbar keeps who may approve.
inline constexpr std::string_view trust_directory = ".tollbar";

/// Adds to the context of each finding what its binding wants to stay: for `file` the blob and mode of its path before
/// and after; for `tree` one digest over policies, owners and keys before and after.
void bind_findings(std::vector<model::Finding>& findings, model::Tree& before, model::Tree& after);

/// A digest over the content and mode of everything that says who may do what: policies, CODEOWNERS, `.tollbar/`.
std::string digest_of_guards(model::Tree& tree);

}  // namespace tollbar::gate
