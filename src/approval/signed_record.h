// A record of the store taken apart, whatever people signed in it, and whose signature stands under it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "approval/record.h"
#include "approval/store.h"
#include "attest/verifier.h"
#include "util/instant.h"

namespace tollbar::approval {

/// What people sign, as far as lists show it.
struct SignedRecord {
  std::string digest;       ///< of the envelope
  std::string fingerprint;  ///< under which it lies
  std::string statement;    ///< digest of what was signed: the same for every envelope around it
  std::string type;         ///< `approval`, `revocation`, `break-glass`: the predicate type without its frame
  std::string claimed_by;   ///< the principal that it says signed it; empty where it says none
  std::string reason;
  util::Instant created = 0;  ///< 0: not said
  util::Instant expires = 0;  ///< the last second in which it counts; 0: not said
  std::string keyid;          ///< a hint; never trusted
  std::optional<Approval> approval;
  std::optional<Revocation> revocation;
};

/// Throws util::Error for a record whose form is not that of the store.
SignedRecord read_signed(const StoredRecord& record);

/// Who signed it, with which key, or what is wrong with the signature. A record that claims to be of another principal
/// than its signer has a problem, too.
/// `read` is what read_signed() gives of it.
attest::Verification verify_signed(const StoredRecord& record, const SignedRecord& read,
                                   const attest::Verifier& verifier, util::Instant now);

}  // namespace tollbar::approval
