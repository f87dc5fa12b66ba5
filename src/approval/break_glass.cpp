// Break-glass records and reviews as in-toto predicates.
#include "approval/break_glass.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "approval/record.h"
#include "attest/canonical_json.h"
#include "util/error.h"
#include "util/sha256.h"

namespace tollbar::approval {
namespace {

using Json = nlohmann::json;

template <typename Record>
struct Text {
  const char* key;
  std::string Record::*member;
  bool required = true;
};

constexpr std::array<Text<BreakGlass>, 6> glass_texts{{
    {"repository", &BreakGlass::repository},
    {"ref", &BreakGlass::ref, false},
    {"incident", &BreakGlass::incident},
    {"reason", &BreakGlass::reason},
    {"principal", &BreakGlass::principal},
    {"tollbarVersion", &BreakGlass::version},
}};
constexpr std::array<Text<Review>, 5> review_texts{{
    {"repository", &Review::repository},
    {"record", &Review::record},
    {"incident", &Review::incident},
    {"reason", &Review::reason},
    {"principal", &Review::principal},
}};

template <typename Record, std::size_t Size>
Json write_texts(const Record& record, const std::array<Text<Record>, Size>& texts) {
  Json json = Json::object();
  for (const auto& text : texts) {
    json[text.key] = as_text(record.*text.member);
  }
  return json;
}

class PredicateReader {
 public:
  PredicateReader(const attest::Statement& statement, std::string_view what, std::string_view type,
                  std::string_view source)
      : statement_(statement), what_(what), source_(source) {
    if (statement.predicate_type != type) {
      refuse(fmt::format("its predicate type is {}", statement.predicate_type));
    }
  }

  [[noreturn]] void refuse(std::string_view problem) const {
    throw util::Error(fmt::format("{}: no {}: {}", source_, what_, problem));
  }

  std::string text(const char* key) const {
    const auto found = statement_.predicate.find(key);
    if (found == statement_.predicate.end() || !found->is_string()) {
      refuse(fmt::format("`{}` is missing or no text", key));
    }
    return *found;
  }

  template <typename Record, std::size_t Size>
  void texts(Record& record, const std::array<Text<Record>, Size>& texts) const {
    for (const auto& each : texts) {
      record.*each.member = text(each.key);
      if (each.required && (record.*each.member).empty()) {
        refuse(fmt::format("`{}` is empty", each.key));
      }
    }
  }

  util::Instant instant(const char* key) const {
    const auto instant = util::parse_instant(text(key));
    if (!instant) {
      refuse(fmt::format("`{}` is no time such as 2027-01-31T12:00:00Z", key));
    }
    return *instant;
  }

  /// What was read must say all that stands there: an older program would pass over what a newer one means.
  template <typename Record>
  void whole(const Record& record) const {
    if (attest::write_statement(to_statement(record)) != attest::write_statement(statement_)) {
      refuse("it says more than this tollbar knows, or speaks of another subject");
    }
  }

 private:
  const attest::Statement& statement_;
  std::string_view what_, source_;
};

}  // namespace

std::string break_glass_fingerprint(std::string_view repository) {
  return util::sha256_hex(
      attest::canonical_json({{"schema", 1}, {"kind", "break-glass"}, {"repository", as_text(repository)}}));
}

attest::Statement to_statement(const BreakGlass& record) {
  const std::string fingerprint = break_glass_fingerprint(record.repository);
  Json predicate = write_texts(record, glass_texts);
  predicate["rules"] = record.rules;
  predicate["created"] = util::to_text(record.created);
  predicate["expires"] = util::to_text(record.expires);
  predicate["fingerprint"] = fingerprint;
  return {{{"break-glass", {{"sha256", fingerprint}}}}, std::string(break_glass_type), std::move(predicate)};
}

attest::Statement to_statement(const Review& review) {
  Json predicate = write_texts(review, review_texts);
  predicate["created"] = util::to_text(review.created);
  predicate["fingerprint"] = break_glass_fingerprint(review.repository);
  return {{{"break-glass", {{"sha256", review.record}}}}, std::string(review_type), std::move(predicate)};
}

BreakGlass read_break_glass(const attest::Statement& statement, std::string_view source) {
  const PredicateReader reader(statement, "break-glass record", break_glass_type, source);
  BreakGlass record;
  reader.texts(record, glass_texts);
  const auto rules = statement.predicate.find("rules");
  if (rules == statement.predicate.end() || !rules->is_array() || rules->empty()) {
    reader.refuse("`rules` names none");
  }
  for (const Json& rule : *rules) {
    if (!rule.is_string()) {
      reader.refuse("`rules` holds no texts");
    }
    record.rules.push_back(rule);
  }
  record.created = reader.instant("created");
  record.expires = reader.instant("expires");
  if (record.expires <= record.created) {
    reader.refuse("it expires before it begins");
  }
  reader.whole(record);
  return record;
}

Review read_review(const attest::Statement& statement, std::string_view source) {
  const PredicateReader reader(statement, "break-glass review", review_type, source);
  Review review;
  reader.texts(review, review_texts);
  review.created = reader.instant("created");
  reader.whole(review);
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
