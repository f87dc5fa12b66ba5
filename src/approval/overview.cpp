// Reads everything once; revocations find their approvals afterwards.
#include "approval/overview.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "util/error.h"

namespace tollbar::approval {
namespace {

Listed look_at(const StoredRecord& stored, const attest::Verifier* verifier, util::Instant now) {
  Listed listed;
  listed.record = read_signed(stored);
  if (verifier != nullptr) {
    attest::Verification verification = verify_signed(stored, listed.record, *verifier, now);
    listed.signer = std::move(verification.signer);
    listed.problem = std::move(verification.problem);
  }
  return listed;
}

Standing standing_of(const Listed& listed, util::Instant now) {
  if (!listed.problem.empty()) {
    return Standing::refused;
  }
  if (!listed.revoked_by.empty()) {
    return Standing::revoked;
  }
  return listed.record.expires != 0 && listed.record.expires < now ? Standing::expired : Standing::in_force;
}

}  // namespace

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::in_force:
      return "in force";
    case Standing::expired:
      return "expired";
    case Standing::revoked:
      return "revoked";
    case Standing::refused:
      break;
  }
  return "refused";
}

Overview read_overview(const Store& store, const attest::Verifier* verifier, util::Instant now) {
  Overview overview;
  store.each([&](const StoredRecord& record) { overview.records.push_back(look_at(record, verifier, now)); },
             [&](const std::string& path, const std::string& problem) {
               overview.damaged.push_back(fmt::format("{} {}", path, problem));
             });
  std::map<std::string, std::string> statements;  // by digest of their envelopes
  for (const Listed& listed : overview.records) {
    statements.emplace(listed.record.digest, listed.record.statement);
  }
  std::map<std::string, std::string> revocations;  // by the statement that they take back, in whatever envelope
  for (const Listed& listed : overview.records) {
    if (listed.record.revocation && listed.problem.empty()) {
      const auto statement = statements.find(listed.record.revocation->approval);
      revocations.emplace(statement == statements.end() ? "" : statement->second, listed.record.digest);
    }
  }
  for (Listed& listed : overview.records) {
    const auto found = revocations.find(listed.record.statement);
    listed.revoked_by = found == revocations.end() ? "" : found->second;
    listed.standing = standing_of(listed, now);
  }
  std::stable_sort(overview.records.begin(), overview.records.end(),
                   [](const Listed& a, const Listed& b) { return a.record.created < b.record.created; });
  return overview;
}

const Listed& find_listed(const Overview& overview, std::string_view prefix) {
  const Listed* found = nullptr;
  for (const Listed& listed : overview.records) {
    if (!listed.record.digest.starts_with(prefix)) {
      continue;
    }
    if (found != nullptr) {
      throw util::UsageError(fmt::format("`{}` begins the digests of several records: write more of it", prefix));
    }
    found = &listed;
  }
  if (found == nullptr) {
    throw util::UsageError(fmt::format("there is no record `{}`; tollbar approvals list shows all", prefix));
  }
  return *found;
}

}  // namespace tollbar::approval
