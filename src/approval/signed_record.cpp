// Reads what all predicates of tollbar have in common, and all of those that are known here.
#include "approval/signed_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "attest/envelope.h"
#include "attest/statement.h"
#include "util/error.h"
#include "util/sha256.h"

namespace tollbar::approval {
namespace {

std::string text_of(const nlohmann::json& predicate, const char* key) {
  const auto found = predicate.find(key);
  return found != predicate.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// `https://tollbar.dev/break-glass/v1` -> `break-glass`.
std::string short_type(std::string_view type) {
  const std::size_t end = type.rfind('/');
  const std::size_t start = end == 0 || end == std::string_view::npos ? end : type.rfind('/', end - 1);
  return std::string(start == std::string_view::npos ? type : type.substr(start + 1, end - start - 1));
}

/// The members by which predicates name their signer.
std::string claim_of(const nlohmann::json& predicate) {
  constexpr std::array<const char*, 3> keys{"approver", "revoker", "principal"};
  const auto* found =
      std::find_if(keys.begin(), keys.end(), [&](const char* key) { return !text_of(predicate, key).empty(); });
  return found == keys.end() ? "" : text_of(predicate, *found);
}

}  // namespace

SignedRecord read_signed(const StoredRecord& record) {
  const std::string source = record.digest.substr(0, 12);
  const attest::Envelope envelope = attest::read_envelope(record.envelope, source);
  const attest::Statement statement = attest::read_statement(envelope.payload, source);
  SignedRecord read;
  read.digest = record.digest;
  read.fingerprint = record.fingerprint;
  read.statement = util::sha256_hex(envelope.payload);
  read.type = short_type(statement.predicate_type);
  read.claimed_by = claim_of(statement.predicate);
  read.reason = text_of(statement.predicate, "reason");
  read.created = util::parse_instant(text_of(statement.predicate, "created")).value_or(0);
  read.expires = util::parse_instant(text_of(statement.predicate, "expires")).value_or(0);
  read.keyid = envelope.signatures.empty() ? "" : envelope.signatures.front().keyid;
  if (statement.predicate_type == approval_type) {
    read.approval = read_approval(statement, source);
  } else if (statement.predicate_type == revocation_type) {
    read.revocation = read_revocation(statement, source);
  }
  return read;
}

attest::Verification verify_signed(const StoredRecord& record, const SignedRecord& read,
                                   const attest::Verifier& verifier, util::Instant now) {
  const attest::Envelope envelope = attest::read_envelope(record.envelope, record.digest.substr(0, 12));
  attest::Verification verification = verifier.verify(envelope, now);
  const std::string& claimed = read.claimed_by;
  const auto& signer = verification.signer;
  if (signer && !claimed.empty() &&
      std::find(signer->principals.begin(), signer->principals.end(), claimed) == signer->principals.end()) {
    return {std::nullopt, fmt::format("it claims to be signed by {}, but is by {}", claimed, signer->principal)};
  }
  return verification;
}

}  // namespace tollbar::approval
