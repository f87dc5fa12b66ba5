// The store as people read it: every record with its signer and what became of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "approval/signed_record.h"
#include "approval/store.h"
#include "attest/verifier.h"
#include "util/instant.h"

namespace tollbar::approval {

/// What became of a record: whether it is enough for anything is for the gate to say, change by change.
enum class Standing : std::uint8_t { in_force, expired, revoked, refused };

/// `in force`, `expired`, `revoked`, `refused`.
std::string_view to_string(Standing standing);

struct Listed {
  SignedRecord record;
  std::optional<attest::Signer> signer;  ///< empty where nobody looked, or nobody stands behind it
  std::string problem;                   ///< why the signature counts for nothing; empty where it counts
  std::string revoked_by;                ///< digest of the revocation
  Standing standing = Standing::in_force;
};

/// Records in order of their making. Without a verifier signatures are not looked at, and revocations are believed.
struct Overview {
  std::vector<Listed> records;
  /// Files that are no records: `path problem`.
  std::vector<std::string> damaged;
};
Overview read_overview(const Store& store, const attest::Verifier* verifier, util::Instant now);

/// The record whose digest begins so. Throws util::UsageError where there is none, or more than one.
const Listed& find_listed(const Overview& overview, std::string_view prefix);

}  // namespace tollbar::approval
