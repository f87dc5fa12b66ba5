// A statement of a person becomes a record: signed as git signs, ready for the store.
#pragma once

#include <string>

#include "approval/store.h"
#include "attest/signing_key.h"
#include "attest/statement.h"

namespace tollbar::approval {

/// Read as git reads it in the current folder, `git -c` and the environment included.
attest::SigningSettings signing_settings();

/// An envelope around `statement` with one signature, as the record that the store keeps under `fingerprint`. Throws as
/// attest::sign() does.
StoredRecord sign_record(const attest::Statement& statement, const std::string& fingerprint,
                         const attest::SigningSettings& settings);

}  // namespace tollbar::approval
