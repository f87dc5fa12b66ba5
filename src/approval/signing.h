// What git's configuration says about signing.
#pragma once

#include "attest/signing_key.h"

namespace tollbar::approval {

/// Read as git reads it in the current folder, `git -c` and the environment included.
attest::SigningSettings signing_settings();

}  // namespace tollbar::approval
