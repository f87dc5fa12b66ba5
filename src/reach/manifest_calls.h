// Tools that do what a file of the tree says, which they are told by an option or find under a known name.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reach/calls.h"

namespace tollbar::reach {

/// The manifests that the words name, a call for each: `updatecli apply --config ci/updates`, `goreleaser release`.
std::vector<Call> manifest_calls(const std::vector<std::string>& argv);

/// An action that is such a tool, with its inputs as a command: `release-plz release --config ci/plz.toml`. Empty where
/// it is none.
std::string tool_command(std::string_view uses, const std::map<std::string, std::string>& inputs);

}  // namespace tollbar::reach
