// GitHub hands a called workflow the secrets that its caller names, or all where the caller says `inherit`.
#include "reach/handed_secrets.h"

#include "text/ascii.h"

namespace tollbar::reach {

using pipeline::CredentialUse;

HandedSecrets HandedSecrets::to_called_by(const pipeline::Job& caller) const {
  if (caller.inherits_secrets) return *this;
  HandedSecrets handed;
  handed.names_.emplace();
  for (const auto& [name, value] : caller.secrets)
    if (!value.empty()) handed.names_->insert(text::ascii_upper(name));
  return handed;
}

bool HandedSecrets::hold(const CredentialUse& use, const pipeline::Job& job) const {
  // An environment has secrets of its own.
  if (!names_ || !job.environment.empty()) return true;
  if (use.kind == CredentialUse::Kind::secret) return names_->count(text::ascii_upper(use.name)) != 0;
  const bool any = use.kind == CredentialUse::Kind::all_secrets || use.kind == CredentialUse::Kind::computed;
  return !any || !names_->empty();
}

}  // namespace tollbar::reach
