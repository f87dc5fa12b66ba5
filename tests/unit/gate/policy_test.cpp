// Policies: what is accepted, and what every mistake says.
#include "gate/policy.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "fixtures.h"
#include "util/error.h"
#include "util/sha256.h"

namespace tollbar::gate {
namespace {

using model::Decision;
using model::Risk;
using model::Trigger;

constexpr Date today{2026, 6, 1};

Policy read(std::string_view text) {
  return read_policy(text, "p.yml", rules(), today);
}

/// What reading complains about; empty where it does not.
std::string problems(std::string_view text) {
  try {
    read(text);
    return "";
  } catch (const util::UsageError& error) {
    return error.what();
  }
}

TEST_CASE("a policy with everything") {
  const Policy policy = read(R"(version: 1
extends: none
protected: [main, "release/*"]
required_checks: [test, lint]
credentials:
  AWS_ACCESS_KEY_ID: {owner: "@platform", purpose: "legacy upload, until OIDC"}
  OLD_KEY: {owner: "@platform", purpose: "gone", expires: 2026-05-31}
  NEW_KEY: {owner: "@platform", purpose: "still here", expires: 2026-06-01}
rules:
  workflow/runner-changed: {decision: approve, risk: high, approvers: {teams: [platform], count: 2}}
  checks/*: block
triggers:
  workflow-change: {decision: allow}
ignore: [docs/]
waivers:
  - {rule: checks/removed, path: .github/workflows/old.yml, reason: "goes away", owner: "@ci", expires: 2027-01-31}
production: [prod]
trusted_owners: [actions]
hosted_runners: [big-*]
admin_tools: [adminctl]
executed: ["src/release/**"]
)");
  CHECK(policy.source == "p.yml");
  CHECK(policy.view.protected_refs == std::vector<std::string>{"main", "release/*"});
  CHECK(policy.view.required_checks == std::vector<std::string>{"test", "lint"});
  REQUIRE(policy.view.credentials.size() == 2);  // OLD_KEY's registration has ended
  CHECK(policy.view.credentials[0].purpose == "legacy upload, until OIDC");
  CHECK(policy.view.credentials[1].name == "NEW_KEY");
  REQUIRE(policy.waivers.size() == 1);
  CHECK(policy.waivers[0].expires == Date{2027, 1, 31});
  CHECK(policy.waivers[0].line == 16);
  CHECK(policy.ignored_paths.size() == 1);
  CHECK(policy.view.production == std::vector<std::string>{"prod"});
  CHECK(policy.view.trusted_owners == std::vector<std::string>{"actions"});
  CHECK(policy.view.hosted_runners == std::vector<std::string>{"big-*"});
  CHECK(policy.view.admin_tools == std::vector<std::string>{"adminctl"});
  CHECK(policy.view.executed == std::vector<std::string>{"src/release/**"});

  const RuleSetting runner = policy.setting("workflow/runner-changed", Trigger::workflow_change);
  CHECK(runner.decision == Decision::approve);
  CHECK(runner.risk == Risk::high);
  CHECK(runner.quorum == approval::Quorum{{{"platform"}, false, 2}});
  CHECK(policy.setting("checks/removed", Trigger::disabled_check).decision == Decision::block);
  CHECK(policy.setting("workflow/action-bump", Trigger::workflow_change).decision == Decision::allow);
  CHECK(!policy.setting("workflow/action-bump", Trigger::static_key).decision);
}

TEST_CASE("agents can only be held to more") {
  const Policy policy = read("version: 1\nagents: {'*': {release-target: block}, codex: {workflow-change: approve}}\n");
  CHECK(policy.least({"amp"}, Trigger::release_target) == Decision::block);
  CHECK(policy.least({"amp"}, Trigger::workflow_change) == Decision::allow);
  CHECK(policy.least({"amp", "codex"}, Trigger::workflow_change) == Decision::approve);
  CHECK(policy.least({}, Trigger::release_target) == Decision::allow);
  CHECK(problems("version: 1\nagents: {codex: {release-target: allow}}\n") ==
        "p.yml:2: a claim can only tighten: `approve` or `block`, not `allow`");
  CHECK(problems("version: 1\nagents: {codex: {release: block}}\n").find("there is no trigger `release`") !=
        std::string::npos);
  CHECK(problems("version: 1\nagents: [codex]\n").find("must be a mapping") != std::string::npos);
}

TEST_CASE("JSON is read as well") {
  CHECK(read(R"({"version": 1, "required_checks": ["test"]})").view.required_checks ==
        std::vector<std::string>{"test"});
}

TEST_CASE("extends: the built-in policy unless it says none") {
  CHECK(!read("version: 1").view.production.empty());
  CHECK(!read("version: 1\nextends: default\n").view.production.empty());
  CHECK(read("version: 1\nextends: none\n").view.production.empty());
  CHECK(read("version: 1\nproduction: [shop]\n").view.production == std::vector<std::string>{"shop"});
}

TEST_CASE("the exact id wins over globs, a longer glob over a shorter, each part by itself") {
  const Policy policy = read(R"(version: 1
rules:
  "*": {decision: approve, risk: low}
  checks/*: {decision: allow}
  "checks/{neutered,removed,narrowed}": {risk: high}
  checks/removed: block
)");
  CHECK(policy.setting("checks/removed", Trigger::disabled_check).decision == Decision::block);
  CHECK(policy.setting("checks/removed", Trigger::disabled_check).risk == Risk::high);
  CHECK(policy.setting("checks/neutered", Trigger::disabled_check).decision == Decision::allow);
  CHECK(policy.setting("workflow/runner-changed", Trigger::workflow_change).decision == Decision::approve);
}

TEST_CASE("a policy that names no version is one of the only version there is") {
  CHECK(read("required_checks: [ledger]\n").view.required_checks == std::vector<std::string>{"ledger"});
}

TEST_CASE("every mistake has its line and says what is wanted") {
  const std::pair<std::string, std::string> table[] = {
      {"", "p.yml:1: the policy is empty; it needs at least `version: 1`"},
      {"version: 2\n", "p.yml:1: version `2` is not known; this tollbar reads version 1"},
      {"version: 1\nextends: all\n", "p.yml:2: `extends` is `default` or `none`, not `all`"},
      {"- version: 1\n", "p.yml:1: a policy must be a mapping"},
      {"version: 1\nrequired_check: [a]\n",
       "p.yml:2: a policy has no key `required_check`; did you mean `required_checks`?"},
      {"version: 1\nrequired_checks: test\n", "p.yml:2: expected a list of texts"},
      {"version: 1\nrequired_checks: [test, 3.10]\n",
       "p.yml:2: `3.10` is read as a number or truth value; write \"3.10\""},
      {"version: 1\nprotected: [[main]]\n", "p.yml:2: expected a text"},
      {"version: 1\ncredentials: [A]\n", "p.yml:2: `credentials` must be a mapping"},
      {"version: 1\ncredentials:\n  A: {owner: x}\n", "p.yml:3: credential `A` needs the key `purpose`"},
      {"version: 1\ncredentials:\n  A: {owner: x, purpose: y, expires: soon}\n",
       "p.yml:3: `soon` is no date; write it as 2027-01-31"},
      {"version: 1\nrules:\n  checks/remved: block\n",
       "p.yml:3: there is no rule `checks/remved`; did you mean `checks/removed`?"},
      {"version: 1\nrules:\n  nothing/*: block\n", "p.yml:3: there is no rule `nothing/*`"},
      {"version: 1\nrules:\n  checks/removed: deny\n",
       "p.yml:3: a decision is `allow`, `approve` or `block`, not `deny`"},
      {"version: 1\nrules:\n  checks/removed: {risk: huge}\n",
       "p.yml:3: a risk is `low`, `medium`, `high` or `critical`, not `huge`"},
      {"version: 1\nrules:\n  checks/removed: {approvers: {teams: [a], count: 0}}\n",
       "p.yml:3: `count` is a number from 1, not `0`"},
      {"version: 1\nrules:\n  checks/removed: {approvers: {count: 1}}\n",
       "p.yml:3: `approvers` needs one of the keys `team`, `teams` and `owners`"},
      {"version: 1\ntriggers:\n  workflow-chang: block\n",
       "p.yml:3: there is no trigger `workflow-chang`; did you mean `workflow-change`?"},
      {"version: 1\nwaivers: {}\n", "p.yml:2: `waivers` must be a list"},
      {"version: 1\nwaivers:\n  - {rule: checks/removed, path: a, owner: b, expires: 2027-02-30, reason: c}\n",
       "p.yml:3: `2027-02-30` is no date; write it as 2027-01-31"},
  };
  for (const auto& row : table) {
    CAPTURE(row.first);
    CHECK(problems(row.first) == row.second);
  }
}

TEST_CASE("all mistakes are told at once, in the order of lines") {
  CHECK(problems("version: 3\nfoo: 1\nwaivers:\n  - {rule: checks/removed, path: x}\n") ==
        "p.yml:1: version `3` is not known; this tollbar reads version 1\n"
        "p.yml:2: a policy has no key `foo`\n"
        "p.yml:4: a waiver needs the key `reason`\n"
        "p.yml:4: a waiver needs the key `owner`\n"
        "p.yml:4: a waiver needs the key `expires`");
}

TEST_CASE("broken, doubled and second documents are refused") {
  CHECK(problems("version: 1\nrules: {a\n").rfind("p.yml:", 0) == 0);
  CHECK(problems("version: 1\nprotected: [a]\nprotected: []\n").rfind("p.yml:3: ", 0) == 0);
  CHECK(!problems("version: 1\n---\nversion: 1\n").empty());
  CHECK(!problems("version: 1\nprotected: !!python/object [a]\n").empty());
  CHECK(!problems(std::string_view("\xff\xfe\0\0", 4)).empty());
  CHECK(!problems("\x89PNG\r\n\x1a\n").empty());
}

TEST_CASE("the digest is that of the bytes") {
  CHECK(read("version: 1\n").digest == util::sha256_hex("version: 1\n"));
  CHECK(read("version: 1\n").digest != read("version: 1\n# c\n").digest);
}

TEST_CASE("approvals can be wanted before a change leaves the machine") {
  CHECK(read("version: 1\n").local_approval == LocalApproval::mark);
  CHECK(read("version: 1\nlocal: {approve: refuse}\n").local_approval == LocalApproval::refuse);
  CHECK(problems("version: 1\nlocal: {approve: never, aprove: mark}\n") ==
        "p.yml:2: `approve` is `mark` or `refuse`, not `never`\n"
        "p.yml:2: `local` has no key `aprove`; did you mean `approve`?");
}

TEST_CASE("people, teams and what approvals must fulfil") {
  const Policy policy = read(R"(version: 1
repository: example/app
people:
  ada: {principals: [ada@example.com], emails: [Ada@Example.com], logins: [ada]}
  relay: {kind: service, relays: true}
teams: {platform: [ada], security: [ada]}
approvals:
  max_expiry: 30d
  require_touch: true
  revoked: keys/krl
  also: [{path: "infra/**", ref: "release/*", approvers: [{owners: codeowners}]}]
triggers:
  release-target: {approvers: [{team: platform, count: 2}, {team: security}]}
)");
  CHECK(policy.repository == "example/app");
  REQUIRE(policy.people.by_email("ada@example.com") != nullptr);
  CHECK(policy.people.in_team(*policy.people.by_email("ada@example.com"), "platform"));
  CHECK(policy.people.by_principal("ADA@example.com") == nullptr);
  CHECK(policy.people.named("relay")->kind == approval::Kind::service);
  CHECK(policy.approvals.longest == 30 * 86'400);
  CHECK(policy.approvals.touch);
  CHECK(policy.approvals.allowed_signers == ".tollbar/allowed_signers");
  CHECK(policy.approvals.revoked == "keys/krl");

  model::Finding finding;
  finding.rule = "release/effect-added";
  finding.trigger = model::Trigger::release_target;
  finding.path = "infra/main.tf";
  CHECK(approval::to_text(policy.quorum(finding, "refs/heads/main")) == "2 of platform and 1 of security");
  CHECK(approval::to_text(policy.quorum(finding, "refs/heads/release/1")) ==
        "2 of platform and 1 of security and 1 of the owners");
}

TEST_CASE("people that cannot be told apart, and teams of nobody") {
  CHECK(problems("version: 1\npeople:\n  ada: {emails: [a@example.com]}\n  eve: {emails: [A@example.com]}\n") ==
        "p.yml:4: `A@example.com` belongs to both `ada` and `eve`");
  CHECK(problems("version: 1\npeople: {ada: {}}\nteams: {platform: [adda]}\n") ==
        "p.yml:3: there is nobody `adda` under `people`; did you mean `ada`?");
  CHECK(problems("version: 1\npeople: {ada: {}}\nteams: {platform: [ada]}\n"
                 "triggers: {release-target: {approvers: [{team: platform}, {team: security}]}}\n") ==
        "p.yml:3: there is no team `security` here, and `approvers` ask for it: nobody could approve");
  CHECK(problems("version: 1\npeople: {ada: {relays: true}}\n") ==
        "p.yml:2: only a service relays the approvals of others");
  CHECK(problems("version: 1\nrules: {checks/removed: {approvers: [{count: 2}]}}\n") ==
        "p.yml:2: `approvers` needs one of the keys `team`, `teams` and `owners`");
  CHECK(problems("version: 1\napprovals: {max_expiry: 30}\n") ==
        "p.yml:2: `30` is no time; write it as 12h, 30d or 8w");
}

/// Keys of the schema's object `node`, as PolicyKey's.
void add_schema_keys(const document::Node* node, std::string inside, std::set<std::string>& keys) {
  REQUIRE(node != nullptr);
  const document::Node* properties = node->get("properties");
  REQUIRE(properties != nullptr);
  for (const document::Member& member : properties->members) {
    keys.insert(inside + "." + std::string(member.key.text()));
  }
}

TEST_CASE("reader and schema know the same keys") {
  const document::Document schema = document::read_json(policy_schema());
  REQUIRE(schema.problems.empty());
  const document::Node& root = schema.root();
  std::set<std::string> in_schema;
  add_schema_keys(&root, "", in_schema);
  add_schema_keys(root.get({"properties", "local"}), "local", in_schema);
  add_schema_keys(root.get({"definitions", "credential"}), "credentials", in_schema);
  add_schema_keys(root.get({"definitions", "seats"}), "approvers", in_schema);
  add_schema_keys(root.get({"definitions", "person"}), "people", in_schema);
  add_schema_keys(root.get({"properties", "approvals"}), "approvals", in_schema);
  add_schema_keys(root.get({"properties", "break_glass"}), "break_glass", in_schema);
  add_schema_keys(root.get({"definitions", "demand"}), "also", in_schema);
  add_schema_keys(root.get({"definitions", "waiver"}), "waivers", in_schema);
  const document::Node* forms = root.get({"definitions", "setting", "oneOf"});
  REQUIRE(forms != nullptr);
  REQUIRE(forms->items.size() == 2);
  add_schema_keys(&forms->items[1], "rules", in_schema);

  std::set<std::string> in_reader;
  for (const PolicyKey& key : policy_keys()) {
    in_reader.insert(std::string(key.inside) + "." + std::string(key.name));
  }
  CHECK(in_schema == in_reader);
}

TEST_CASE("the built-in policy reads, and says what environments are production") {
  const Policy& policy = builtin_policy(rules());
  CHECK(policy.source == "built-in");
  CHECK(policy.digest == util::sha256_hex(builtin_policy_text()));
  for (const std::string environment : {"production", "prod", "prd", "live", "production-eu", "eu-prod", "prod/web"}) {
    CAPTURE(environment);
    CHECK(policy.view.is_production(environment));
  }
  for (const std::string environment : {"staging", "preprod", "preproduction", "test", "delivery", "products", ""}) {
    CAPTURE(environment);
    CHECK(!policy.view.is_production(environment));
  }
}

TEST_CASE("dates") {
  CHECK(Date::parse("2027-01-31") == Date{2027, 1, 31});
  CHECK(Date::parse("2028-02-29"));
  for (const std::string wrong : {"", "2027-1-31", "2027-02-29", "2027-13-01", "2027-00-10", "27-01-31", "2027/01/31",
                                  "2027-01-3x", "-027-01-31", "2027--1-31", "2027-01-31T00"}) {
    CAPTURE(wrong);
    CHECK(!Date::parse(wrong));
  }
  CHECK(Date{2027, 1, 31} < Date{2027, 2, 1});
  CHECK(Date::parse(Date::today().text()) == Date::today());
}

}  // namespace
}  // namespace tollbar::gate
