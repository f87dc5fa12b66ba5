// Break-glass records and reviews as in-toto predicates.
#include "approval/break_glass.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "approval/record.h"
#include "attest/canonical_json.h"
#include "attest/predicate.h"
#include "util/sha256.h"

namespace tollbar::approval {
namespace {

using attest::TextMember;
using Json = nlohmann::json;

constexpr std::array<TextMember<BreakGlass>, 6> glass_texts{{
    {"repository", &BreakGlass::repository, true},
    {"ref", &BreakGlass::ref},
    {"incident", &BreakGlass::incident, true},
    {"reason", &BreakGlass::reason, true},
    {"principal", &BreakGlass::principal, true},
    {"tollbarVersion", &BreakGlass::version, true},
}};
constexpr std::array<TextMember<Review>, 5> review_texts{{
    {"repository", &Review::repository, true},
    {"record", &Review::record, true},
    {"incident", &Review::incident, true},
    {"reason", &Review::reason, true},
    {"principal", &Review::principal, true},
}};

attest::Subject subject_of(const BreakGlass& record) {
  return {"break-glass", {{"sha256", break_glass_fingerprint(record.repository)}}};
}

attest::Subject subject_of(const Review& review) {
  return {"break-glass", {{"sha256", review.record}}};
}

}  // namespace

std::string break_glass_fingerprint(std::string_view repository) {
  return util::sha256_hex(
      attest::canonical_json({{"schema", 1}, {"kind", "break-glass"}, {"repository", as_text(repository)}}));
}

attest::Statement to_statement(const BreakGlass& record) {
  Json predicate = write_texts(with_texts(record, glass_texts), glass_texts);
  predicate["rules"] = record.rules;
  predicate["created"] = util::to_text(record.created);
  predicate["expires"] = util::to_text(record.expires);
  predicate["fingerprint"] = break_glass_fingerprint(record.repository);
  return {{subject_of(record)}, std::string(break_glass_type), std::move(predicate)};
}

attest::Statement to_statement(const Review& review) {
  Json predicate = write_texts(with_texts(review, review_texts), review_texts);
  predicate["created"] = util::to_text(review.created);
  predicate["fingerprint"] = break_glass_fingerprint(review.repository);
  return {{subject_of(review)}, std::string(review_type), std::move(predicate)};
}

BreakGlass read_break_glass(const attest::Statement& statement, std::string_view source) {
  attest::PredicateReader reader(statement, "break-glass record", break_glass_type, source);
  BreakGlass record;
  reader.texts(record, glass_texts);
  record.rules = reader.text_list("rules");
  record.created = reader.instant("created");
  record.expires = reader.instant("expires");
  if (record.expires <= record.created) {
    reader.refuse("it expires before it begins");
  }
  reader.expect("fingerprint", break_glass_fingerprint(record.repository), "is not that of its repository");
  reader.end(subject_of(record));
  return record;
}

Review read_review(const attest::Statement& statement, std::string_view source) {
  attest::PredicateReader reader(statement, "break-glass review", review_type, source);
  Review review;
  reader.texts(review, review_texts);
  review.created = reader.instant("created");
  reader.expect("fingerprint", break_glass_fingerprint(review.repository), "is not that of its repository");
  reader.end(subject_of(review));
  return review;
}

bool can_be_broken(std::string_view rule) {
  constexpr std::array<std::string_view, 5> never{"gates/policy-", "gates/keys-", "gates/codeowners-", "ref/record-",
                                                  "ref/approvals-"};
  for (const std::string_view prefix : never) {
    if (rule.starts_with(prefix)) {
      return false;
    }
  }
  return true;
}

}  // namespace tollbar::approval
