// The keys of a policy that say who is who, and whose approval counts.
#include <fmt/format.h>

#include <charconv>
#include <map>
#include <set>

#include "gate/policy_reader.h"
#include "util/instant.h"

namespace tollbar::gate {
namespace {

using approval::Person;
using approval::Seats;

constexpr std::array<Field<Person>, 5> person_fields{{
    {"kind", &PolicyReader::person_kind},
    {"principals", &PolicyReader::person_principals},
    {"emails", &PolicyReader::person_emails},
    {"logins", &PolicyReader::person_logins},
    {"relays", &PolicyReader::person_relays},
}};
constexpr std::array<Field<Seats>, 4> seats_fields{{
    {"team", &PolicyReader::seats_team},
    {"teams", &PolicyReader::seats_teams},
    {"owners", &PolicyReader::seats_owners},
    {"count", &PolicyReader::seats_count},
}};
constexpr std::array<Field<ApprovalTerms>, 5> approvals_fields{{
    {"max_expiry", &PolicyReader::approvals_max_expiry},
    {"require_touch", &PolicyReader::approvals_require_touch},
    {"allowed_signers", &PolicyReader::approvals_allowed_signers},
    {"revoked", &PolicyReader::approvals_revoked},
    {"also", &PolicyReader::approvals_also},
}};
constexpr std::array<Field<Demand>, 3> demand_fields{{
    {"path", &PolicyReader::demand_path},
    {"ref", &PolicyReader::demand_ref},
    {"approvers", &PolicyReader::demand_approvers, Need::required},
}};

/// The names of one kind that people go under, each with who has it.
using Holders = std::map<std::string, std::string>;

/// Every team that the policy asks for an approval.
std::set<std::string> teams_asked(const Policy& policy) {
  std::set<std::string> teams;
  const auto add = [&](const approval::Quorum& quorum) {
    for (const Seats& seats : quorum) {
      teams.insert(seats.teams.begin(), seats.teams.end());
    }
  };
  for (const auto& rule : policy.rules) {
    add(rule.second.quorum);
  }
  for (const auto& trigger : policy.triggers) {
    add(trigger.second.quorum);
  }
  for (const Demand& demand : policy.approvals.also) {
    add(demand.quorum);
  }
  return teams;
}

}  // namespace

void PolicyReader::setting_approvers(const Node& node, RuleSetting& setting) {
  setting.quorum = quorum(node);
}

approval::Quorum PolicyReader::quorum(const Node& node) {
  approval::Quorum quorum;
  if (!node.is_sequence()) {
    quorum.push_back(seats(node));  // one team, the shape of old
    return quorum;
  }
  if (node.items.empty()) {
    problem(node, "`approvers` names nobody");
  }
  for (const Node& item : node.items) {
    quorum.push_back(seats(item));
  }
  return quorum;
}

Seats PolicyReader::seats(const Node& node) {
  Seats seats;
  fields(node, "`approvers`", seats_fields, seats);
  const auto said = [&](std::string_view key) { return node.get(key) == nullptr ? 0 : 1; };
  if (node.is_mapping() && said("team") + said("teams") + said("owners") != 1) {
    problem(node, "`approvers` needs one of the keys `team`, `teams` and `owners`");
  }
  return seats;
}

void PolicyReader::seats_owners(const Node& node, Seats& seats) {
  seats.owners = node.text() == "codeowners";
  if (!seats.owners) {
    problem(node, fmt::format("`owners` is `codeowners`, not `{}`", node.brief(40)));
  }
}

void PolicyReader::seats_count(const Node& node, Seats& seats) {
  const std::string_view digits = node.text();
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seats.count);
  if (error != std::errc{} || end != digits.data() + digits.size() || seats.count < 1 ||
      node.type != document::ScalarType::integer) {
    problem(node, fmt::format("`count` is a number from 1, not `{}`", node.brief(40)));
    seats.count = 1;
  }
}

void PolicyReader::people(const Node& node, Policy& policy) {
  if (!is_mapping(node, "`people`")) {
    return;
  }
  for (const document::Member& member : node.members) {
    Person person;
    person.name = member.key.text();
    fields(member.value, fmt::format("person `{}`", person.name), person_fields, person);
    if (person.relays && person.kind != approval::Kind::service) {
      problem(member.value, "only a service relays the approvals of others");
    }
    policy.people.add(std::move(person));
  }
}

void PolicyReader::person_kind(const Node& node, Person& person) {
  const auto kind = approval::parse_kind(node.text());
  if (!kind) {
    problem(node, fmt::format("`kind` is `person`, `service` or `agent`, not `{}`", node.brief(40)));
  }
  person.kind = kind.value_or(approval::Kind::agent);
}

void PolicyReader::person_relays(const Node& node, Person& person) {
  person.relays = truth(node);
}

bool PolicyReader::truth(const Node& node) {
  if (node.text() != "true" && node.text() != "false") {
    problem(node, fmt::format("expected `true` or `false`, not `{}`", node.brief(40)));
  }
  return node.text() == "true";
}

void PolicyReader::teams(const Node& node, Policy& policy) {
  if (!is_mapping(node, "`teams`")) {
    return;
  }
  for (const document::Member& member : node.members) {
    std::vector<std::string> members;
    texts(member.value, members);
    policy.people.add_team(std::string(member.key.text()), std::move(members));
  }
}

void PolicyReader::approvals(const Node& node, Policy& policy) {
  fields(node, "`approvals`", approvals_fields, policy.approvals);
}

void PolicyReader::approvals_max_expiry(const Node& node, ApprovalTerms& terms) {
  const auto duration = util::parse_duration(node.text());
  if (!duration) {
    problem(node, fmt::format("`{}` is no time; write it as 12h, 30d or 8w", node.brief(40)));
  }
  terms.longest = duration.value_or(1);
}

void PolicyReader::approvals_require_touch(const Node& node, ApprovalTerms& terms) {
  terms.touch = truth(node);
}

void PolicyReader::approvals_also(const Node& node, ApprovalTerms& terms) {
  if (!node.is_sequence()) {
    problem(node, "`also` must be a list");
    return;
  }
  terms.also.clear();
  for (const Node& item : node.items) {
    fields(item, "an entry of `also`", demand_fields, terms.also.emplace_back());
  }
}

void PolicyReader::glob(const Node& node, std::optional<text::Glob>& glob) {
  std::string pattern;
  text(node, pattern);
  glob.emplace(pattern);
}

void PolicyReader::check_people(const Node& root, const Policy& policy) {
  Holders principals;
  Holders emails;
  Holders logins;
  const Node* people = root.get("people");
  const auto check = [&](Holders& holders, const std::vector<std::string>& names, const std::string& person) {
    for (const std::string& name : names) {
      const auto [holder, fresh] = holders.emplace(text::fold_path(name), person);
      if (!fresh && holder->second != person) {
        const Node* where = people != nullptr ? people->get(person) : nullptr;
        problem(where != nullptr ? *where : root,
                fmt::format("`{}` belongs to both `{}` and `{}`", name, holder->second, person));
      }
    }
  };
  for (const Person& person : policy.people.all()) {
    check(principals, person.principals, person.name);
    check(emails, person.emails, person.name);
    check(logins, person.logins, person.name);
  }
  if (const Node* teams = root.get("teams"); teams != nullptr && teams->is_mapping()) {
    check_teams(*teams, policy.people);
    for (const std::string& team : teams_asked(policy)) {
      if (policy.people.teams().count(team) == 0) {
        problem(*teams,
                fmt::format("there is no team `{}` here, and `approvers` ask for it: nobody could approve", team));
      }
    }
  }
}

void PolicyReader::check_teams(const Node& node, const approval::People& people) {
  std::vector<std::string> names;
  for (const Person& person : people.all()) {
    names.push_back(person.name);
  }
  for (const document::Member& team : node.members) {
    for (const Node& member : team.value.items) {
      if (member.is_scalar() && people.named(member.text()) == nullptr) {
        problem(member, fmt::format("there is nobody `{}` under `people`{}", member.text(),
                                    util::did_you_mean(member.text(), names)));
      }
    }
  }
}

void add_approval_keys(std::vector<PolicyKey>& keys) {
  add_keys(keys, "approvers", seats_fields);
  add_keys(keys, "people", person_fields);
  add_keys(keys, "approvals", approvals_fields);
  add_keys(keys, "also", demand_fields);
}

}  // namespace tollbar::gate
