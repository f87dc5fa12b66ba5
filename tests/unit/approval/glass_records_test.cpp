// Which break-glass records count, with real keys and a clock of the test's own.
#include "approval/glass_records.h"

#include <doctest/doctest.h>

#include <map>

#include "attest/envelope.h"
#include "attest/signing_key.h"
#include "support/repository.h"
#include "util/error.h"

using namespace tollbar;
using namespace tollbar::approval;

namespace {

constexpr util::Instant created = 1'767'225'600;
constexpr util::Instant an_hour = 60 * 60;
constexpr util::Instant a_day = 24 * an_hour;

/// Grace and Linus are on call, Ada is not, a bot has a key too.
struct Team {
  test::GitRepository git;
  git::Repository repository = git::Repository::open(git.path());
  People people;
  GlassTerms terms;
  std::string signers;

  Team() {
    for (const std::string name : {"ada", "grace", "linus", "bot"}) {
      util::run({{"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", git.beside(name)}, {}, ""});
      const std::string key = test::read_file(git.beside(name) + ".pub");
      signers += name + " namespaces=\"tollbar\" " + key;
      people.add({name, name == "bot" ? Kind::service : Kind::person, {name}, {}, {}, false});
    }
    people.add_team("oncall", {"grace", "linus", "bot"});
    terms.teams = {"oncall"};
  }

  std::string keep(const std::string& signer, const attest::Statement& statement) {
    attest::Envelope envelope{std::string(attest::in_toto_type), attest::write_statement(statement), {}};
    attest::SigningSettings settings;
    settings.format = "ssh";
    settings.key = git.beside(signer);
    attest::Signed made =
        attest::sign(attest::pre_authentication_encoding(envelope.payload_type, envelope.payload), settings);
    envelope.signatures.push_back({made.keyid, made.signature});
    const StoredRecord stored = make_stored(break_glass_fingerprint("acme/shop"), attest::write_envelope(envelope));
    add_to_store(repository, {stored}, "test\n");
    return stored.digest;
  }

  static BreakGlass glass(const std::string& principal) {
    return {"acme/shop", "",     {"checks/neutered"}, "INC-7", "Shop is down", created, created + an_hour,
            principal,   "0.1.0"};
  }

  std::vector<GlassRecord> read(util::Instant now) {
    const attest::Verifier verifier({signers, "signers", std::nullopt, ""});
    return read_glass(Store(repository), &verifier, people, terms, "acme/shop", now);
  }

  std::string problem(util::Instant now = created) {
    const auto records = read(now);
    REQUIRE(records.size() == 1);
    return records.front().problem;
  }
};

}  // namespace

TEST_CASE("statements read as what was written, and nothing else") {
  const BreakGlass glass = Team::glass("grace");
  CHECK(read_break_glass(to_statement(glass), "test") == glass);
  const Review review{"acme/shop", std::string(64, 'a'), "INC-7", "Fine", created, "linus"};
  CHECK(read_review(to_statement(review), "test") == review);
  CHECK_THROWS_AS(read_review(to_statement(glass), "test"), util::Error);
  for (const char* key : {"rules", "incident", "reason", "expires", "principal", "fingerprint"}) {
    attest::Statement less = to_statement(glass);
    less.predicate.erase(key);
    CHECK_THROWS_AS(read_break_glass(less, "test"), util::Error);
  }
  attest::Statement more = to_statement(glass);
  more.predicate["unless"] = "it rains";
  CHECK_THROWS_AS(read_break_glass(more, "test"), util::Error);
  BreakGlass backwards = glass;
  backwards.expires = backwards.created;
  CHECK_THROWS_AS(read_break_glass(to_statement(backwards), "test"), util::Error);
}

TEST_CASE("policies and keys do not open") {
  for (const char* rule : {"gates/policy-changed", "gates/policy-removed", "gates/codeowners-lost",
                           "ref/record-written", "ref/approvals-damaged", "gates/keys-changed"}) {
    CHECK_FALSE(can_be_broken(rule));
  }
  CHECK(can_be_broken("checks/neutered"));
}

TEST_CASE("a record of somebody on call counts until it ends") {
  Team team;
  team.keep("grace", to_statement(Team::glass("grace")));
  CHECK(team.problem() == "");
  const auto records = team.read(created);
  CHECK(records.front().person == "grace");
  CHECK(records.front().signer.key.starts_with("SHA256:"));
  CHECK_FALSE(records.front().expired(created + an_hour));
  CHECK(records.front().expired(created + an_hour + 1));
}

TEST_CASE("each way in which a record counts for nothing has its own words") {
  Team team;
  SUBCASE("not on call") {
    team.keep("ada", to_statement(Team::glass("ada")));
    CHECK(team.problem() == "ada is in none of the teams that may break the glass: oncall");
  }
  SUBCASE("signed by another") {
    team.keep("ada", to_statement(Team::glass("grace")));
    CHECK(team.problem() == "it is signed by ada, and says that it is grace's");
  }
  SUBCASE("a service") {
    team.keep("bot", to_statement(Team::glass("bot")));
    CHECK(team.problem() == "bot is a service, and only persons break the glass");
  }
  SUBCASE("a stranger's key") {
    team.signers = team.signers.substr(team.signers.find("linus"));
    team.keep("grace", to_statement(Team::glass("grace")));
    CHECK(team.problem() != "");
  }
  SUBCASE("too long") {
    BreakGlass glass = Team::glass("grace");
    glass.expires = created + a_day + 1;
    team.keep("grace", to_statement(glass));
    CHECK(team.problem().starts_with("it holds longer than the "));
  }
  SUBCASE("made in the future") {
    team.keep("grace", to_statement(Team::glass("grace")));
    CHECK(team.problem(created - an_hour).starts_with("it was made in the future"));
  }
  SUBCASE("a rule that no emergency opens") {
    BreakGlass glass = Team::glass("grace");
    glass.rules.push_back("gates/policy-removed");
    team.keep("grace", to_statement(glass));
    CHECK(team.problem().starts_with("gates/policy-removed protects the policy"));
  }
}

TEST_CASE("a review is owed from its day on, and only somebody else closes it") {
  Team team;
  const std::string digest = team.keep("grace", to_statement(Team::glass("grace")));
  const util::Instant due = created + 3 * a_day;
  CHECK_FALSE(team.read(due).front().overdue(due));
  CHECK(team.read(due + 1).front().overdue(due + 1));
  const Review review{"acme/shop", digest, "INC-7", "Fine", due, "grace"};
  team.keep("grace", to_statement(review));
  CHECK(team.read(due + 1).front().overdue(due + 1));
  Review by_linus = review;
  by_linus.principal = "linus";
  team.keep("ada", to_statement(by_linus));  // not linus's signature
  CHECK(team.read(due + 1).front().overdue(due + 1));
  team.keep("linus", to_statement(by_linus));
  CHECK_FALSE(team.read(due + 1).front().overdue(due + 1));
  CHECK(team.read(due + 1).front().reviewed_by == "linus");
}

TEST_CASE("whoever leaves the team still owes the review") {
  Team team;
  team.keep("grace", to_statement(Team::glass("grace")));
  team.terms.teams = {"others"};
  const util::Instant late = created + 4 * a_day;
  CHECK(team.read(late).front().problem != "");
  CHECK(team.read(late).front().overdue(late));
}
