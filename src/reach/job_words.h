// What steps, actions and credentials are called on the map; internal to the files that make it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reach/action_map.h"
#include "reach/execution.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

/// An action or workflow of another repository.
bool is_foreign(std::string_view uses);
std::string with_version(const std::string& uses, const std::string& version);
/// Its name, id, action or first command.
std::string step_name(const ExecutedStep& step);
/// `NPM_TOKEN and 2 more`; there must be one.
std::string called(const std::vector<pipeline::CredentialUse>& uses);
/// `its token (contents: write)`
std::string token_words(const MapAuthority& authority);
/// A condition of a program as people write it: `infra.isTrusted()` in place of its spaced out tokens.
std::string readable(const std::string& condition);
/// `gh pr merge`, `git push`: what tells the acts of a step apart that have the same effect.
std::string verb_of(const std::string& by, const Knowledge& knowledge);

}  // namespace tollbar::reach
