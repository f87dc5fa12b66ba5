// What is kept of a decision: everything that somebody needs to understand it a year later, and nothing invented.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attest/statement.h"
#include "util/instant.h"

namespace tollbar::evidence {

inline constexpr std::string_view record_type = "https://tollbar.dev/evidence/v1";

/// How a record writes a text that nobody could tell. Records in memory hold empty texts instead.
inline constexpr std::string_view unknown = "unknown";

/// Somebody whose signature let a fact pass.
struct Approver {
  std::string principal;
  std::string team;  ///< for which the signature counted
  std::string key;   ///< `SHA256:...`
  std::string reason;
  std::string relayed_for;  ///< the person whose approval a bot passed on
  std::string approval;     ///< digest of the signed envelope in the store
  std::string expires;
  bool operator==(const Approver&) const = default;
};

/// A break-glass record that let a fact pass.
struct Emergency {
  std::string incident, reason, principal, key;
  std::string envelope;  ///< digest of the signed envelope in the store
  std::string expires;
  std::string review_by;  ///< when somebody else must have looked at it
  bool operator==(const Emergency&) const = default;
};

/// A finding, and all that is known about who answers for it and what it can do.
struct JudgedFact {
  std::string rule, trigger, decision, risk, fingerprint;
  std::string path, subject, before, after, action, message;
  std::uint64_t line = 0, line_before = 0;
  std::vector<std::string> owners;
  std::string owner_source;  ///< `CODEOWNERS at 1a2b3c4d5e6f`, `policy`
  std::string workflow, job, tool;
  std::string credential, credential_source, credential_scope, credential_purpose;
  std::string system, environment, target;
  std::vector<std::string> reach;
  std::string waiver;  ///< reason, owner and end of the waiver by which it does not count; empty where none
  std::vector<Approver> approvers;
  std::optional<Emergency> emergency;
  bool operator==(const JudgedFact&) const = default;
};

/// The record before in the chain.
struct Link {
  std::uint64_t number = 0;
  std::string digest;  ///< SHA-256 over the bytes of its file
  bool operator==(const Link&) const = default;
};

struct Record {
  enum class Kind : std::uint8_t {
    decision,    ///< of the gate, about one change of a push
    attachment,  ///< what became of an earlier one: `refers_to`
    signed_in,   ///< a statement of a person (break-glass, review) that arrived in the store
  };
  Kind kind = Kind::decision;
  std::uint64_t number = 1;
  std::optional<Link> previous;  ///< empty for the first record
  util::Instant time = 0;
  std::string version;  ///< of tollbar
  std::string event;    ///< the same for a decision that was written down twice, because a hook was ended in between

  std::string repository, ref, pull_request, actor;
  std::vector<std::string> agents;  ///< what commits claim; never a proof
  std::string of;                   ///< `commit`, `net`, `reference`
  std::string object;               ///< the id that the change ends in
  std::string object_type;          ///< `commit`, `tree`, `blob`, `tag`
  std::string title, author, committer;
  std::string before, after;  ///< ids between which the reference moved

  std::string decision, status;
  std::string outcome;  ///< of the push: `accepted`, `refused`
  std::string undecided;
  std::string policy, policy_digest;
  std::vector<JudgedFact> facts;

  std::string validation, final_outcome, location;
  std::string note;
  std::optional<Link> refers_to;    ///< of an attachment
  std::string signer, signer_key;   ///< who stands behind an attachment or a signed statement
  std::string statement, envelope;  ///< type and digest of the signed statement
  std::string incident;             ///< that it speaks of

  bool operator==(const Record&) const = default;
};

std::string_view to_string(Record::Kind kind);

/// The in-toto statement of a record. Its subject is the object that the change ends in, for a statement of a person
/// the envelope.
attest::Statement to_statement(const Record& record);
/// Throws util::Error naming `source` for another predicate type and for a member that is missing or of the wrong type.
Record read_record(const attest::Statement& statement, std::string_view source);

/// `abc` where there is one, `unknown` where not.
std::string_view or_unknown(std::string_view text);
/// The short name of a branch; empty for any other reference.
std::string branch_of(std::string_view ref);

}  // namespace tollbar::evidence
