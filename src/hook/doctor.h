// Looks for what makes hooks silently not judge, or judge less than one thinks.
#pragma once

#include <string>
#include <vector>

#include "hook/hooks.h"

namespace tollbar::hook {

/// One thing looked at.
struct Diagnosis {
  enum class Health { good, doubtful, bad };
  Health health = Health::good;
  std::string subject;  ///< `pre-push`, `receive.fsckObjects`
  std::string state;    ///< what was found
  std::string mend{};   ///< how to mend it, for the same reader; empty where it is good
};

/// Looks at git and the repository here.
std::vector<Diagnosis> examine(const Call& call);

/// The worst of all.
Diagnosis::Health worst(const std::vector<Diagnosis>& diagnoses);

}  // namespace tollbar::hook
