// Which break-glass records of a store count, whose they are, and which still owe a review.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "approval/break_glass.h"
#include "approval/people.h"
#include "approval/store.h"
#include "attest/verifier.h"
#include "util/instant.h"

namespace tollbar::approval {

/// What a policy says about breaking the glass. Without teams nobody may.
struct GlassTerms {
  std::vector<std::string> teams;
  std::vector<std::string> rules;  ///< ids or globs of what may be broken; empty: everything that can be
  util::Instant review_within = util::Instant{3} * 24 * 60 * 60;
  util::Instant longest = util::Instant{24} * 60 * 60;  ///< seconds from a record's making to its end
};

/// A record as it lies in the store, and what is wrong with it.
struct GlassRecord {
  BreakGlass said;
  std::string digest;             ///< of its envelope
  std::set<std::string> digests;  ///< of all envelopes around the same statement
  attest::Signer signer;
  std::string person;  ///< as the policy calls them
  util::Instant review_by = 0;
  std::string reviewed_by;  ///< another person, who signed a review; empty: none did
  std::string problem;      ///< why it opens nothing, for people; empty where it does until it ends

  bool expired(util::Instant now) const { return now > said.expires; }
  /// Nobody else has looked at it in time. Whoever leaves a team later still owes it; what nobody signed owes nothing.
  bool overdue(util::Instant now) const { return !person.empty() && reviewed_by.empty() && now > review_by; }
};

/// All of them, oldest first. `verifier` null: nobody may sign. Throws util::Error where the store cannot be read.
std::vector<GlassRecord> read_glass(const Store& store, const attest::Verifier* verifier, const People& people,
                                    const GlassTerms& terms, const std::string& repository, util::Instant now);

}  // namespace tollbar::approval
