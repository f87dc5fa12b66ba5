// What break-glass records let pass, and which of them still owe a review.
#pragma once

#include <string>
#include <vector>

#include "approval/glass_records.h"
#include "approval/store.h"
#include "gate/policy_source.h"
#include "gate/push.h"
#include "git/repository.h"
#include "util/instant.h"

namespace tollbar::gate {

/// The break-glass records in the store, as a policy sees them; empty where it lets nobody break the glass. Throws
/// util::Error where store or signers cannot be read.
std::vector<approval::GlassRecord> glass_records(const git::Repository& repository, const approval::Store& store,
                                                 const Policy& policy, const PolicyBase& base, util::Instant now);

/// The same for whoever works here: by the policy at HEAD.
std::vector<approval::GlassRecord> glass_records_at_head(const git::Repository& repository, PolicySource& policies,
                                                         util::Instant now);

/// One reference of a push, and what it is measured by.
struct GlassCase {
  RefVerdict& ref;
  const Policy& policy;
  const std::vector<approval::GlassRecord>& records;
  std::string incident;  ///< that the pusher named; empty: any
  util::Instant now = 0;
};

/// Marks the findings that a record covers as broken. A verdict in which nothing else holds the push back becomes
/// `break-glass`; the problems of records that were named, or would have covered something, are told in
/// RefVerdict::glass_problems. Undecided findings are never covered, nor what protects policy and keys.
void break_glass(const GlassCase& glass);

/// `break-glass INC-7 by reviewer has not been reviewed; the review was due by 2026-11-26T...`
std::string overdue_text(const approval::GlassRecord& record);

}  // namespace tollbar::gate
