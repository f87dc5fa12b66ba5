// Whether the log is what was written: every byte, in order, from the first record to the last.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "attest/verifier.h"
#include "evidence/log.h"
#include "git/repository.h"

namespace tollbar::evidence {

struct LogVerification {
  std::optional<Link> head;  ///< empty where there is no log
  std::uint64_t records = 0;
  std::uint64_t unsigned_records = 0;              ///< held by the chain alone
  std::uint64_t unchecked_signatures = 0;          ///< there was nothing to check them against
  std::map<std::string, std::uint64_t> signed_by;  ///< principal, number of records
  std::vector<std::string> problems;               ///< one sentence each; none: it is whole
};

struct VerifyOptions {
  std::vector<Link> heads;                     ///< seen earlier: each must still be there, unchanged
  const attest::Verifier* verifier = nullptr;  ///< null: signatures are not checked
  std::string required_signer;                 ///< the principal who must have signed every record; empty: any
};

/// Without an earlier head a log that somebody rewrote as a whole, or cut at its end, looks whole: only signatures and
/// what the log's commits say about themselves speak against it. Signatures are checked at the time that the record
/// says, as keys end and logs are kept.
LogVerification verify_log(const git::Repository& repository, const VerifyOptions& options);

}  // namespace tollbar::evidence
