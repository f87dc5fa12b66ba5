// The server's own key.
#pragma once

#include "evidence/bundle.h"
#include "git/repository.h"

namespace tollbar::evidence {

/// Signs with the SSH key that git's configuration names as `tollbar.evidenceKey`; empty where it names none.
Signer server_signer(const git::Repository& repository);

}  // namespace tollbar::evidence
