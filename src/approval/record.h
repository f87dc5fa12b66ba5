// What an approval says: the fact that somebody read, why it is accepted, until when. What is signed is what was shown.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "attest/predicate.h"
#include "attest/statement.h"
#include "model/decision.h"
#include "util/instant.h"

namespace tollbar::approval {

inline constexpr std::string_view approval_type = "https://tollbar.dev/approval/v1";
inline constexpr std::string_view revocation_type = "https://tollbar.dev/revocation/v1";

/// All that is fingerprinted, as text (see as_text) that people can read; what the repository wrote is redacted
/// already.
struct Fact {
  std::string repository;  ///< which one, the same for everybody who clones it
  std::string ref;         ///< full name of the reference that the change goes to
  std::string path;
  std::string rule;
  std::string subject;
  std::string before, after;
  std::string context;  ///< events, environment and credentials; the blobs or trees that the binding takes in
  bool operator==(const Fact&) const = default;
};

/// `bytes` where they are UTF-8, else a text for them that no other bytes have: records are JSON.
std::string as_text(std::string_view bytes);
/// The record with all these members as texts.
template <typename Record, std::size_t Size>
Record with_texts(Record record, const std::array<attest::TextMember<Record>, Size>& texts) {
  for (const auto& text : texts) {
    record.*text.member = as_text(record.*text.member);
  }
  return record;
}

/// SHA-256, as 64 hexadecimal digits, over the canonical JSON (RFC 8785) of `{schema, repository, ref, path, rule,
/// subject, before, after, context}`.
std::string fingerprint(const Fact& fact);

struct Approval {
  Fact fact;
  model::Binding binding = model::Binding::fact;
  std::string reason;
  util::Instant created = 0;
  util::Instant expires = 0;  ///< the last second in which it counts
  std::string approver;       ///< the principal that the signer claims to be; the signature says whether that is so
  std::string relayed_for;    ///< the person whose approval a bot passes on; empty where the approver speaks for itself
  std::string version;        ///< of the tollbar that showed the fact
  std::string policy;         ///< digest of the policy that wanted the approval
  std::string nonce;          ///< see new_nonce(): what tells it from another approval of the same in the same second
  bool operator==(const Approval&) const = default;
};

/// Takes back one approval.
struct Revocation {
  std::string approval;     ///< digest of its envelope, as the store names it
  std::string fingerprint;  ///< of its fact: where both lie in the store
  std::string reason;
  util::Instant created = 0;
  std::string revoker;  ///< the principal that the signer claims to be
  bool operator==(const Revocation&) const = default;
};

/// 128 random bits as 32 hexadecimal digits. Signatures are deterministic and an approval is used up by its digest:
/// without them whoever approves twice within a second would have approved once. Other records are not used up; saying
/// them twice is saying them once.
std::string new_nonce();

attest::Statement to_statement(const Approval& approval);
attest::Statement to_statement(const Revocation& revocation);

/// Both throw util::Error naming `source` for another predicate type, a member that is missing, empty, of the wrong
/// type or unknown, an end before the beginning, and a subject that is not what the predicate speaks of.
Approval read_approval(const attest::Statement& statement, std::string_view source);
Revocation read_revocation(const attest::Statement& statement, std::string_view source);

}  // namespace tollbar::approval
