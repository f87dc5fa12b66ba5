// Breaking the glass: a signed, expiring statement of somebody entitled to it that named rules shall not hold back an
// emergency, and the review by somebody else that it owes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "attest/statement.h"
#include "util/instant.h"

namespace tollbar::approval {

inline constexpr std::string_view break_glass_type = "https://tollbar.dev/break-glass/v1";
inline constexpr std::string_view review_type = "https://tollbar.dev/break-glass-review/v1";

struct BreakGlass {
  std::string repository;          ///< which one, the same for everybody who clones it
  std::string ref;                 ///< full name; empty: any reference
  std::vector<std::string> rules;  ///< ids, no globs
  std::string incident, reason;
  util::Instant created = 0;
  util::Instant expires = 0;  ///< the last second in which it counts
  std::string principal;      ///< that the signer claims to be
  std::string version;        ///< of tollbar
  bool operator==(const BreakGlass&) const = default;
};

/// Closes what a record of breaking the glass owes.
struct Review {
  std::string repository;
  std::string record;  ///< digest of the envelope that was reviewed
  std::string incident, reason;
  util::Instant created = 0;
  std::string principal;  ///< that the signer claims to be
  bool operator==(const Review&) const = default;
};

/// Under which both lie in the store: one place for a repository, as they are few and all of them count.
std::string break_glass_fingerprint(std::string_view repository);

attest::Statement to_statement(const BreakGlass& record);
attest::Statement to_statement(const Review& review);

/// Both throw util::Error naming `source` for another predicate type and for a member that is missing, empty, unknown
/// or of the wrong type, and for an end before the beginning.
BreakGlass read_break_glass(const attest::Statement& statement, std::string_view source);
Review read_review(const attest::Statement& statement, std::string_view source);

/// Neither policies nor the keys of approvers open in an emergency: who could change them would need no other record.
bool can_be_broken(std::string_view rule);

}  // namespace tollbar::approval
