// From records to a ruling. Every way in which an approval can fail has a sentence of its own.
#include "approval/examiner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "approval/difference.h"
#include "attest/base64.h"
#include "attest/canonical_json.h"
#include "attest/envelope.h"
#include "util/error.h"

namespace tollbar::approval {
namespace {

constexpr util::Instant clock_skew = 300;  // seconds between the machines of approver and judge
constexpr util::Instant a_day = 86'400;
constexpr std::size_t near_told = 3;

std::string short_digest(std::string_view digest) {
  return std::string(digest.substr(0, 12));
}

}  // namespace

std::vector<std::string> unmapped(const std::vector<Involved>& involved, const People& people) {
  std::vector<std::string> problems;
  for (const Involved& each : involved) {
    const bool login = each.by == Involved::By::login;
    if (each.name.empty()) {
      problems.push_back(fmt::format("{} has no {}: whose approval would be the change's own cannot be told", each.as,
                                     login ? "login" : "e-mail address"));
    } else if ((login ? people.by_login(each.name) : people.by_email(each.name)) == nullptr) {
      problems.push_back(
          fmt::format("{}, {}, is mapped to nobody: add it to the `{}` of somebody under `people` in the "
                      "policy",
                      each.as, each.name, login ? "logins" : "emails"));
    }
  }
  return problems;
}

/// A record whose signature was looked at.
struct Examiner::Signed {
  std::optional<attest::Signer> signer;
  std::optional<attest::Statement> statement;
  std::string payload;  ///< what was signed: the approval itself, whatever envelope it lies in
  std::string problem;  ///< where there is no signer
};

Examiner::Signed Examiner::signature_of(const StoredRecord& record) const {
  Signed result;
  try {
    const attest::Envelope envelope = attest::read_envelope(record.envelope, short_digest(record.digest));
    result.payload = envelope.payload;
    result.statement = attest::read_statement(envelope.payload, short_digest(record.digest));
    if (evidence_.verifier == nullptr) {
      result.problem = evidence_.no_verifier;
      return result;
    }
    attest::Verification verified = evidence_.verifier->verify(envelope, evidence_.now);
    result.signer = std::move(verified.signer);
    result.problem = std::move(verified.problem);
  } catch (const util::Error& error) {
    result.problem = error.what();
  }
  return result;
}

namespace {

/// The one person whom the names of a key lead to.
struct Holder {
  const Person* person = nullptr;
  std::string problem;
};

Holder holder_of(const attest::Signer& signer, std::string_view claimed, const People& people) {
  if (std::find(signer.principals.begin(), signer.principals.end(), claimed) == signer.principals.end()) {
    return {nullptr, fmt::format("it speaks for {}, but {} signed it", claimed, signer.principal)};
  }
  const Person* holder = nullptr;
  for (const std::string& principal : signer.principals) {
    const Person* person = people.by_principal(principal);
    if (person != nullptr && holder != nullptr && person != holder) {
      return {nullptr, fmt::format("its key belongs to both {} and {}", holder->name, person->name)};
    }
    holder = person != nullptr ? person : holder;
  }
  if (holder == nullptr) {
    return {nullptr, fmt::format("the principal {} is mapped to nobody: add it to the `principals` of somebody under "
                                 "`people` in the policy",
                                 claimed)};
  }
  return {holder, ""};
}

/// Whose approval it is: the holder of the key, or whom a bot speaks for.
Holder approver_of(const Approval& approval, const attest::Signer& signer, const People& people) {
  const Holder holder = holder_of(signer, approval.approver, people);
  if (holder.person == nullptr) {
    return holder;
  }
  const Person& person = *holder.person;
  if (approval.relayed_for.empty()) {
    if (person.kind != Kind::person) {
      return {nullptr, fmt::format("{} is {} {}, and only persons approve", person.name,
                                   person.kind == Kind::agent ? "an" : "a", to_string(person.kind))};
    }
    return holder;
  }
  if (person.kind != Kind::service || !person.relays) {
    return {nullptr,
            fmt::format("{} may not relay the approvals of others (`relays: true` of a service under `people`)",
                        person.name)};
  }
  const Person* behind = people.named(approval.relayed_for);
  if (behind == nullptr || behind->kind != Kind::person) {
    return {nullptr,
            fmt::format("{} relays it for {}, who is no person under `people`", person.name, approval.relayed_for)};
  }
  return {behind, ""};
}

/// What is wrong with an approval by itself, whoever gave it; empty where nothing is.
std::string problem_of(const Approval& approval, const attest::Signer& signer, const Terms& terms, util::Instant now) {
  if (approval.expires < now) {
    return fmt::format("it expired on {}", util::to_text(approval.expires));
  }
  if (approval.created > now + clock_skew) {
    return fmt::format("it is dated {}, which is yet to come", util::to_text(approval.created));
  }
  if (terms.longest != 0 && approval.expires - approval.created > terms.longest) {
    return fmt::format("it is meant to hold for {} days, where the policy grants {} at most (max_expiry)",
                       (approval.expires - approval.created + a_day - 1) / a_day, terms.longest / a_day);
  }
  if (terms.touch && !(signer.hardware && signer.touched)) {
    return "it was not signed by touching a security key, which the policy asks for (require_touch)";
  }
  return "";
}

}  // namespace

std::string Examiner::shut_out(const Person& person, const std::vector<Involved>& involved) const {
  for (const Involved& each : involved) {
    const Person* known =
        each.by == Involved::By::login ? evidence_.people.by_login(each.name) : evidence_.people.by_email(each.name);
    if (known == &person) {
      return fmt::format("{} is {} ({}), and nobody approves a change of their own", person.name, each.as, each.name);
    }
  }
  return "";
}

/// What the store holds about one fact.
struct Examiner::Held {
  std::vector<std::pair<StoredRecord, Signed>> approvals;
  std::map<std::string, std::string, std::less<>> revoked;  ///< why, by the digest of the approval
};

Examiner::Held Examiner::held_about(const std::string& print) const {
  Held held;
  for (StoredRecord& record : evidence_.store.about(print)) {
    Signed looked_at = signature_of(record);
    const std::string type = looked_at.statement ? looked_at.statement->predicate_type : std::string(approval_type);
    if (type == revocation_type && looked_at.signer) {
      const Revocation revocation = read_revocation(*looked_at.statement, short_digest(record.digest));
      const auto& names = looked_at.signer->principals;
      if (std::find(names.begin(), names.end(), revocation.revoker) != names.end()) {
        held.revoked[revocation.approval] = fmt::format("{} revoked it on {}: {}", revocation.revoker,
                                                        util::to_text(revocation.created), revocation.reason);
      }
    } else if (type == approval_type) {
      held.approvals.emplace_back(std::move(record), std::move(looked_at));
    }
  }
  return held;
}

/// Why an approval no longer counts. Parts of an envelope are not signed (`keyid`), and ECDSA has two signatures for
/// one: what ended one envelope around a statement has ended all of them.
std::string Examiner::ended(const StoredRecord& record, const Signed& looked_at, const Held& held) const {
  for (const auto& [other, other_looked_at] : held.approvals) {
    if (other.digest != record.digest && (!other_looked_at.statement || other_looked_at.payload != looked_at.payload)) {
      continue;
    }
    if (const auto revoked = held.revoked.find(other.digest); revoked != held.revoked.end()) {
      return revoked->second;
    }
    if (std::string use = evidence_.used ? evidence_.used(other.fingerprint, other.digest) : ""; !use.empty()) {
      return use;
    }
  }
  return "";
}

Examiner::Weighed Examiner::weigh(const StoredRecord& record, const Signed& looked_at, const Held& held,
                                  const Terms& terms, const std::vector<Involved>& involved) const {
  if (!looked_at.signer) {
    return {looked_at.problem, "", {}};
  }
  Weighed weighed;
  Approval approval = read_approval(*looked_at.statement, short_digest(record.digest));
  weighed.by = approval.relayed_for.empty() ? approval.approver : approval.relayed_for;
  if (fingerprint(approval.fact) != record.fingerprint) {
    weighed.problem = "it speaks of another fact than the one it is stored for";
    return weighed;
  }
  const Holder holder = approver_of(approval, *looked_at.signer, evidence_.people);
  weighed.problem = holder.problem;
  if (holder.person == nullptr) {
    return weighed;
  }
  weighed.by = holder.person->name;
  if (weighed.problem = problem_of(approval, *looked_at.signer, terms, evidence_.now); !weighed.problem.empty()) {
    return weighed;
  }
  weighed.problem = ended(record, looked_at, held);
  if (weighed.problem.empty()) {
    weighed.problem = shut_out(*holder.person, involved);
  }
  weighed.counted = {holder.person, looked_at.signer->principal, looked_at.signer->key, record.digest,
                     std::move(approval)};
  return weighed;
}

std::vector<std::string> Examiner::missing(const std::vector<Counted>& counted, const Terms& terms,
                                           const std::vector<Involved>& involved) const {
  std::vector<const Person*> agreeing;
  std::vector<std::string> names;
  for (const Counted& each : counted) {
    agreeing.push_back(each.person);
    names.push_back(each.person->name);
  }
  std::vector<std::string> problems;
  if (const Quorum empty = empty_seats(terms.quorum, agreeing, evidence_.people, terms.owners); !empty.empty()) {
    problems.push_back(fmt::format("{} approved it, but {} must: {} still missing", fmt::join(names, ", "),
                                   to_text(terms.quorum), to_text(empty)));
  }
  const std::vector<std::string> unknown = unmapped(involved, evidence_.people);
  problems.insert(problems.end(), unknown.begin(), unknown.end());
  return problems;
}

Ruling Examiner::examine(const Fact& fact, const Terms& terms, const std::vector<Involved>& involved) const {
  Ruling ruling;
  const Held held = held_about(fingerprint(fact));
  for (const auto& [record, looked_at] : held.approvals) {
    Weighed weighed;
    try {
      weighed = weigh(record, looked_at, held, terms, involved);
    } catch (const util::Error& error) {
      weighed.problem = error.what();
    }
    const bool again = std::any_of(ruling.counted.begin(), ruling.counted.end(),
                                   [&](const Counted& other) { return other.person == weighed.counted.person; });
    if (!weighed.problem.empty()) {
      ruling.problems.push_back(fmt::format("approval {}{} does not count: {}", short_digest(record.digest),
                                            weighed.by.empty() ? "" : " of " + weighed.by, weighed.problem));
    } else if (!again) {
      ruling.counted.push_back(std::move(weighed.counted));
    }
  }
  if (ruling.counted.empty()) {
    return ruling;
  }
  const std::vector<std::string> problems = missing(ruling.counted, terms, involved);
  ruling.approved = problems.empty();
  if (ruling.approved) {
    ruling.problems.clear();
  }
  ruling.problems.insert(ruling.problems.end(), problems.begin(), problems.end());
  return ruling;
}

namespace {

/// How much a record of a large store looks like being about a fact, without reading it as JSON: payloads are
/// canonical.
class Likeness {
 public:
  explicit Likeness(const Fact& fact)
      : rule_(member("rule", fact.rule)),
        path_(member("path", fact.path)),
        subject_(member("subject", fact.subject)),
        others_{member("repository", fact.repository), member("ref", fact.ref), member("before", fact.before),
                member("after", fact.after), member("context", fact.context)} {}

  /// 0: it is not near (see is_near); else the more, the nearer.
  std::size_t weight(std::string_view payload) const {
    const auto holds = [&](const std::string& text) { return payload.find(text) != std::string_view::npos; };
    if (!holds(rule_) || !(holds(path_) || holds(subject_))) {
      return 0;
    }
    const auto same = std::count_if(others_.begin(), others_.end(), holds);
    return 1 + static_cast<std::size_t>(same) + (holds(path_) ? 1U : 0U) + (holds(subject_) ? 1U : 0U);
  }

 private:
  static std::string member(std::string_view key, const std::string& value) {
    return fmt::format("\"{}\":{}", key, attest::canonical_json(value));
  }

  std::string rule_, path_, subject_;
  std::array<std::string, 5> others_;
};

/// The approval that a record is; empty where it is none.
std::optional<Approval> approval_in(const StoredRecord& record) {
  if (problem_of_record(record.path(), model::FileMode::regular, record.envelope)) {
    return std::nullopt;
  }
  const attest::Envelope envelope = attest::read_envelope(record.envelope, record.digest);
  const attest::Statement statement = attest::read_statement(envelope.payload, record.digest);
  return statement.predicate_type == approval_type ? std::optional(read_approval(statement, record.digest))
                                                   : std::nullopt;
}

/// What an envelope carries, without reading the rest of it; empty where it is none.
std::string payload_in(std::string_view envelope) {
  constexpr std::string_view key = "\"payload\":\"";
  const std::size_t begin = envelope.find(key);
  if (begin == std::string_view::npos) {
    return "";
  }
  const std::string_view rest = envelope.substr(begin + key.size());
  return attest::from_base64(rest.substr(0, rest.find('"'))).value_or("");
}

}  // namespace

/// Those that look most like being about a fact, the likeliest first.
std::vector<const StoredRecord*> Examiner::likeliest(const Fact& fact) {
  constexpr std::size_t looked_at = 300;
  constexpr std::size_t most = 24;
  if (!recent_) {
    recent_.emplace();
    evidence_.store.each_recent(
        looked_at, [&](const StoredRecord& record) { recent_->emplace_back(record, payload_in(record.envelope)); });
  }
  const Likeness likeness(fact);
  std::vector<std::pair<std::size_t, const StoredRecord*>> found;
  for (const auto& [record, payload] : *recent_) {
    if (const std::size_t weight = likeness.weight(payload); weight > 0) {
      found.emplace_back(weight, &record);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<const StoredRecord*> records;
  for (std::size_t i = 0; i < std::min(found.size(), most); ++i) {
    records.push_back(found[i].second);
  }
  return records;
}

std::vector<std::string> Examiner::near(const Fact& fact) {
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const StoredRecord* each : likeliest(fact)) {
    const StoredRecord& record = *each;
    const std::optional<Approval> approval = approval_in(record);
    // Only what is close is worth verifying.
    if (!approval || !is_near(approval->fact, fact) || !signature_of(record).signer) {
      continue;
    }
    found.emplace_back(differing(approval->fact, fact),
                       fmt::format("approval {} of {} was given for {}: {}", short_digest(record.digest),
                                   approval->relayed_for.empty() ? approval->approver : approval->relayed_for,
                                   name_of_difference(approval->fact, fact), difference(approval->fact, fact)));
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> told;
  for (std::size_t i = 0; i < std::min(found.size(), near_told); ++i) {
    told.push_back(std::move(found[i].second));
  }
  return told;
}

}  // namespace tollbar::approval
