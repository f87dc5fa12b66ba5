// Which credentials a text makes use of, in the spelling of each CI system.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "pipeline/model.h"

namespace tollbar::pipeline {

/// GitHub: every `secrets.X`, `secrets['X']`, `secrets[expr]`, `toJSON(secrets)` and `github.token` inside the `${{ }}`
/// of a scalar. `bare_expression`: the whole text is an expression, with or without `${{ }}` (the value of an `if`).
std::vector<CredentialUse> credentials_in(std::string_view scalar, std::string_view bound_to = {},
                                          std::uint32_t line = 0, bool bare_expression = false);
/// The same for every scalar of a tree; what stands under a key is bound to that key.
std::vector<CredentialUse> credentials_in(const document::Node& node, std::string_view bound_to = {});
/// Workload identity that the inputs of a well-known login action ask for (`role-to-assume`,
/// `workload_identity_provider`, ...).
std::vector<CredentialUse> identities_in(std::string_view uses, const document::Node& with);

/// A variable name that by its ending is a credential: `NPM_TOKEN`, `DB_PASSWORD`, `SSH_KEY`, ...
bool looks_like_credential(std::string_view variable);
/// The names of `$NAME`, and `${NAME...}` in a text, in order, `$$` and `\$` skipped.
std::vector<std::string> variables_in(std::string_view text);

/// Appends what is not there yet (same kind, name and binding).
void add_credentials(std::vector<CredentialUse>& to, const std::vector<CredentialUse>& from);

}  // namespace tollbar::pipeline
