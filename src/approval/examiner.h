// Whether a fact is approved: which approvals hold, whose they are, whether they are enough; else why not, cause by
// cause.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "approval/people.h"
#include "approval/quorum.h"
#include "approval/record.h"
#include "approval/store.h"
#include "attest/verifier.h"
#include "util/instant.h"

namespace tollbar::approval {

/// Somebody who had a hand in a change, by a name that nobody vouches for: good enough to shut people out.
struct Involved {
  enum class By : std::uint8_t { email, login };
  By by = By::email;
  std::string name;
  std::string as;  ///< `the author of commit 1a2b3c4d5e6f`, `who pushes`
  bool operator==(const Involved&) const = default;
};

/// What a policy asks of the approvals of one fact.
struct Terms {
  Quorum quorum;
  std::set<std::string> owners;  ///< whom CODEOWNERS names for its path
  util::Instant longest = 0;     ///< seconds from its making to its end; 0: any
  bool touch = false;            ///< only security keys that were touched
};

/// An approval that counts, and whose it is.
struct Counted {
  const Person* person = nullptr;
  std::string principal;  ///< of the key that signed
  std::string key;        ///< `SHA256:...` of it
  std::string record;     ///< digest
  Approval approval;
};

struct Ruling {
  bool approved = false;
  std::vector<Counted> counted;       ///< one a person, those that stand whether or not they are enough
  std::vector<std::string> problems;  ///< where not approved: why, one cause each; empty where there was no approval
};

/// What judging approvals rests on. All of it comes from trusted places and outlives the examiner.
struct Evidence {
  const Store& store;
  const attest::Verifier* verifier = nullptr;  ///< null: nobody may sign
  std::string no_verifier;                     ///< why there is none
  const People& people;
  /// Why an approval of this fingerprint and digest was used up; empty where it was not.
  std::function<std::string(std::string_view fingerprint, std::string_view record)> used;
  util::Instant now = 0;
};

class Examiner {
 public:
  explicit Examiner(Evidence evidence) : evidence_(std::move(evidence)) {}

  /// Throws util::Error where the store cannot be read.
  Ruling examine(const Fact& fact, const Terms& terms, const std::vector<Involved>& involved) const;
  /// Approvals that were given for something close: what differs, one sentence each, the closest first. Looks at the
  /// newest records alone: who changes what was just approved finds it there, and a refusal takes no longer the more
  /// was ever approved.
  std::vector<std::string> near(const Fact& fact);

 private:
  struct Signed;
  struct Held;
  /// What one approval comes to: whose it is, and what is wrong with it.
  struct Weighed {
    std::string problem;  ///< empty: it counts
    std::string by;
    Counted counted;
  };
  Signed signature_of(const StoredRecord& record) const;
  Held held_about(const std::string& print) const;
  Weighed weigh(const StoredRecord& record, const Signed& looked_at, const Held& held, const Terms& terms,
                const std::vector<Involved>& involved) const;
  std::vector<std::string> missing(const std::vector<Counted>& counted, const Terms& terms,
                                   const std::vector<Involved>& involved) const;
  std::string ended(const StoredRecord& record, const Signed& looked_at, const Held& held) const;
  std::string shut_out(const Person& person, const std::vector<Involved>& involved) const;

  std::vector<const StoredRecord*> likeliest(const Fact& fact);

  Evidence evidence_;
  std::optional<std::vector<std::pair<StoredRecord, std::string>>> recent_;  ///< with their payloads; read once
};

/// What of `involved` is mapped to nobody, so that nobody can be told to be someone else: one sentence each that says
/// where to map it.
std::vector<std::string> unmapped(const std::vector<Involved>& involved, const People& people);

}  // namespace tollbar::approval
