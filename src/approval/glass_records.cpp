// Signature, role and limits of each record, then the reviews.
#include "approval/glass_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "attest/envelope.h"
#include "util/error.h"

namespace tollbar::approval {
namespace {

constexpr util::Instant clock_skew = 300;  // seconds between the machines of signer and judge

struct Read {
  std::string payload;
  attest::Statement statement;
  std::optional<attest::Signer> signer;
  std::string problem;
};

Read read(const StoredRecord& stored, const attest::Verifier* verifier, util::Instant now) {
  const attest::Envelope envelope = attest::read_envelope(stored.envelope, stored.digest);
  Read read{envelope.payload, attest::read_statement(envelope.payload, stored.digest), std::nullopt, ""};
  if (verifier == nullptr) {
    read.problem = "there are no allowed signers";
    return read;
  }
  attest::Verification found = verifier->verify(envelope, now);
  read.signer = std::move(found.signer);
  read.problem = std::move(found.problem);
  return read;
}

/// The person behind a signature; null, with the problem, where there is none.
const Person* person_behind(const Read& read, const std::string& claimed, const People& people, std::string& problem) {
  if (!read.signer) {
    problem = read.problem;
    return nullptr;
  }
  if (read.signer->principal != claimed) {
    problem = fmt::format("it is signed by {}, and says that it is {}'s", read.signer->principal, claimed);
    return nullptr;
  }
  const Person* person = people.by_principal(claimed);
  if (person == nullptr) {
    problem = fmt::format("{} is nobody under `people` in the policy", claimed);
  } else if (person->kind != Kind::person) {
    problem = fmt::format("{} is a {}, and only persons break the glass", person->name, to_string(person->kind));
    person = nullptr;
  }
  return person;
}

std::string problem_of_limits(const BreakGlass& said, const GlassTerms& terms, const std::string& repository,
                              util::Instant now) {
  if (said.repository != repository) {
    return fmt::format("it is for the repository {}", said.repository);
  }
  if (said.created > now + clock_skew) {
    return fmt::format("it was made in the future, at {}", util::to_text(said.created));
  }
  if (said.expires - said.created > terms.longest) {
    return fmt::format("it holds longer than the {} that the policy gives", util::to_duration(terms.longest));
  }
  for (const std::string& rule : said.rules) {
    if (!can_be_broken(rule)) {
      return fmt::format("{} protects the policy or its keys, which no emergency opens", rule);
    }
  }
  return "";
}

std::string problem_of_role(const Person& person, const GlassTerms& terms, const People& people) {
  const bool entitled = std::any_of(terms.teams.begin(), terms.teams.end(),
                                    [&](const std::string& team) { return people.in_team(person, team); });
  return entitled ? ""
                  : fmt::format("{} is in none of the teams that may break the glass: {}", person.name,
                                terms.teams.empty() ? "the policy names none"
                                                    : fmt::format("{}", fmt::join(terms.teams, ", ")));
}

GlassRecord judge(const StoredRecord& stored, const Read& read, const People& people, const GlassTerms& terms,
                  const std::string& repository, util::Instant now) {
  GlassRecord record;
  record.said = read_break_glass(read.statement, stored.digest);
  record.digest = stored.digest;
  record.digests = {stored.digest};
  record.review_by = record.said.created + terms.review_within;
  if (const Person* person = person_behind(read, record.said.principal, people, record.problem)) {
    record.signer = *read.signer;
    record.person = person->name;
    record.problem = problem_of_role(*person, terms, people);
  }
  if (record.problem.empty()) {
    record.problem = problem_of_limits(record.said, terms, repository, now);
  }
  return record;
}

void take_in(const Read& read, std::string_view source, const People& people, std::vector<GlassRecord>& records) {
  const Review review = read_review(read.statement, source);
  std::string problem;
  const Person* reviewer = person_behind(read, review.principal, people, problem);
  for (GlassRecord& record : records) {
    if (reviewer != nullptr && record.digests.count(review.record) != 0 && reviewer->name != record.person) {
      record.reviewed_by = reviewer->name;
    }
  }
}

}  // namespace

std::vector<GlassRecord> read_glass(const Store& store, const attest::Verifier* verifier, const People& people,
                                    const GlassTerms& terms, const std::string& repository, util::Instant now) {
  std::vector<GlassRecord> records;
  std::vector<std::pair<std::string, Read>> reviews;
  std::map<std::string, std::size_t> known;  // by what was signed: parts of an envelope are not
  for (const StoredRecord& stored : store.about(break_glass_fingerprint(repository))) {
    Read one = read(stored, verifier, now);
    if (one.statement.predicate_type == break_glass_type) {
      GlassRecord record = judge(stored, one, people, terms, repository, now);
      const auto [place, fresh] = known.emplace(one.payload, records.size());
      if (fresh) {
        records.push_back(std::move(record));
        continue;
      }
      GlassRecord& other = records[place->second];
      other.digests.insert(record.digest);
      if (!other.problem.empty() && record.problem.empty()) {
        record.digests = other.digests;
        other = std::move(record);
      }
    } else if (one.statement.predicate_type == review_type) {
      reviews.emplace_back(stored.digest, std::move(one));
    }
  }
  for (const auto& review : reviews) {
    take_in(review.second, review.first, people, records);
  }
  std::stable_sort(records.begin(), records.end(),
                   [](const GlassRecord& a, const GlassRecord& b) { return a.said.created < b.said.created; });
  return records;
}

}  // namespace tollbar::approval
