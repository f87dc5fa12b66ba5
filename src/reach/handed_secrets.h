// What a workflow that others call holds of their secrets: those it is handed, nothing else.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "pipeline/model.h"

namespace tollbar::reach {

class HandedSecrets {
 public:
  /// Everything: nobody called.
  HandedSecrets() = default;
  /// What is left of it for the workflow that `caller` calls.
  HandedSecrets to_called_by(const pipeline::Job& caller) const;
  /// Identities and the platform's own token belong to the job itself.
  bool hold(const pipeline::CredentialUse& use, const pipeline::Job& job) const;

 private:
  std::optional<std::set<std::string>> names_;  ///< upper case; no value for all
};

}  // namespace tollbar::reach
