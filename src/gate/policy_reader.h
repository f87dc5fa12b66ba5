// Reads a policy key by key; what its value may be stands in the tables of the .cpp files. Internal to src/gate.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/node.h"
#include "gate/date.h"
#include "gate/policy.h"
#include "rule/rule_set.h"
#include "util/spelling.h"

namespace tollbar::gate {

using document::Node;

struct Registration {
  rule::PolicyView::Credential credential;
  std::optional<Date> expires;
};

/// A key of a mapping, with what reads its value into a Target.
template <typename Target>
struct Field;

class PolicyReader {
 public:
  PolicyReader(std::string_view source, const rule::RuleSet& rules, Date today)
      : source_(source), rules_(rules), today_(today) {}

  Policy read(std::string_view bytes);

  // One per key; `node` is the key's value.
  void version(const Node& node, Policy&);
  void extends(const Node& node, Policy&);
  void protected_refs(const Node& node, Policy& policy) { texts(node, policy.view.protected_refs); }
  void required_checks(const Node& node, Policy& policy) { texts(node, policy.view.required_checks); }
  void production(const Node& node, Policy& policy) { texts(node, policy.view.production); }
  void trusted_owners(const Node& node, Policy& policy) { texts(node, policy.view.trusted_owners); }
  void hosted_runners(const Node& node, Policy& policy) { texts(node, policy.view.hosted_runners); }
  void admin_tools(const Node& node, Policy& policy) { texts(node, policy.view.admin_tools); }
  void executed(const Node& node, Policy& policy) { texts(node, policy.view.executed); }
  void credentials(const Node& node, Policy& policy);
  void rules(const Node& node, Policy& policy);
  void triggers(const Node& node, Policy& policy);
  void agents(const Node& node, Policy& policy);
  void ignore(const Node& node, Policy& policy);
  void waivers(const Node& node, Policy& policy);
  void local(const Node& node, Policy& policy);
  void local_approve(const Node& node, Policy& policy);

  void credential_owner(const Node& node, Registration& registration) { text(node, registration.credential.owner); }
  void credential_purpose(const Node& node, Registration& registration) { text(node, registration.credential.purpose); }
  void credential_expires(const Node& node, Registration& registration);

  void setting_decision(const Node& node, RuleSetting& setting);
  void setting_risk(const Node& node, RuleSetting& setting);
  void setting_approvers(const Node& node, RuleSetting& setting);

  void repository(const Node& node, Policy& policy) { text(node, policy.repository); }
  void people(const Node& node, Policy& policy);
  void teams(const Node& node, Policy& policy);
  void approvals(const Node& node, Policy& policy);

  void person_kind(const Node& node, approval::Person& person);
  void person_principals(const Node& node, approval::Person& person) { texts(node, person.principals); }
  void person_emails(const Node& node, approval::Person& person) { texts(node, person.emails); }
  void person_logins(const Node& node, approval::Person& person) { texts(node, person.logins); }
  void person_relays(const Node& node, approval::Person& person);

  void seats_team(const Node& node, approval::Seats& seats) { text(node, seats.teams.emplace_back()); }
  void seats_teams(const Node& node, approval::Seats& seats) { texts(node, seats.teams); }
  void seats_owners(const Node& node, approval::Seats& seats);
  void seats_count(const Node& node, approval::Seats& seats);

  void approvals_max_expiry(const Node& node, ApprovalTerms& terms);
  void approvals_require_touch(const Node& node, ApprovalTerms& terms);
  void approvals_allowed_signers(const Node& node, ApprovalTerms& terms) { text(node, terms.allowed_signers); }
  void approvals_revoked(const Node& node, ApprovalTerms& terms) { text(node, terms.revoked); }
  void approvals_also(const Node& node, ApprovalTerms& terms);

  void break_glass(const Node& node, Policy& policy);
  void glass_teams(const Node& node, approval::GlassTerms& terms) { texts(node, terms.teams); }
  void glass_rules(const Node& node, approval::GlassTerms& terms);
  void glass_review_within(const Node& node, approval::GlassTerms& terms);
  void glass_max_expiry(const Node& node, approval::GlassTerms& terms);

  void demand_path(const Node& node, Demand& demand) { glob(node, demand.path); }
  void demand_ref(const Node& node, Demand& demand) { glob(node, demand.ref); }
  void demand_approvers(const Node& node, Demand& demand) { demand.quorum = quorum(node); }

  void waiver_rule(const Node& node, Waiver& waiver);
  void waiver_path(const Node& node, Waiver& waiver);
  void waiver_reason(const Node& node, Waiver& waiver) { text(node, waiver.reason); }
  void waiver_owner(const Node& node, Waiver& waiver) { text(node, waiver.owner); }
  void waiver_expires(const Node& node, Waiver& waiver);

 private:
  void problem(std::uint32_t line, std::string_view what);
  void problem(const Node& node, std::string_view what) { problem(node.line, what); }
  void document_problems(const document::Document& document);
  template <typename Target, std::size_t Size>
  void fields(const Node& node, std::string_view what, const std::array<Field<Target>, Size>& known, Target& target);
  void text(const Node& node, std::string& text);
  void texts(const Node& node, std::vector<std::string>& texts);
  std::optional<Date> date(const Node& node);
  util::Instant duration(const Node& node);
  RuleSetting setting(const Node& node, std::string_view what);
  std::optional<model::Trigger> trigger(const Node& node);
  approval::Quorum quorum(const Node& node);
  approval::Seats seats(const Node& node);
  void glob(const Node& node, std::optional<text::Glob>& glob);
  bool truth(const Node& node);
  /// Names that two of the people have, teams and members that nobody is.
  void check_people(const Node& root, const Policy& policy);
  /// Teams of break_glass that there are not.
  void check_break_glass(const Node& root, const Policy& policy);
  void check_teams(const Node& node, const approval::People& people);
  void known_rule(const Node& node, std::string_view pattern);
  /// False, with a problem, where the value is no mapping.
  bool is_mapping(const Node& node, std::string_view what);
  [[noreturn]] void give_up() const;

  std::string source_;
  const rule::RuleSet& rules_;
  Date today_;
  std::vector<std::pair<std::uint32_t, std::string>> problems_;  // line, text
};

enum class Need { optional, required };

template <typename Target>
struct Field {
  std::string_view name;
  void (PolicyReader::*read)(const Node&, Target&);
  Need need = Need::optional;
};

template <typename Fields>
std::vector<std::string> names_of(const Fields& fields) {
  std::vector<std::string> names;
  for (const auto& field : fields) {
    names.emplace_back(field.name);
  }
  return names;
}

template <typename Target, std::size_t Size>
void PolicyReader::fields(const Node& node, std::string_view what, const std::array<Field<Target>, Size>& known,
                          Target& target) {
  if (!is_mapping(node, what)) {
    return;
  }
  for (const document::Member& member : node.members) {
    const std::string_view name = member.key.text();
    const auto field =
        std::find_if(known.begin(), known.end(), [&](const Field<Target>& each) { return each.name == name; });
    if (field != known.end()) {
      (this->*field->read)(member.value, target);
    } else {
      problem(member.key, std::string(what) + " has no key `" + std::string(name) + "`" +
                              util::did_you_mean(name, names_of(known)));
    }
  }
  for (const Field<Target>& field : known) {
    if (field.need == Need::required && node.get(field.name) == nullptr) {
      problem(node, std::string(what) + " needs the key `" + std::string(field.name) + "`");
    }
  }
}

template <typename Fields>
void add_keys(std::vector<PolicyKey>& keys, std::string_view inside, const Fields& fields) {
  for (const auto& field : fields) {
    keys.push_back({inside, field.name});
  }
}

/// Those that approver_reader.cpp reads.
void add_approval_keys(std::vector<PolicyKey>& keys);
/// Those that break_glass_reader.cpp reads.
void add_break_glass_keys(std::vector<PolicyKey>& keys);

}  // namespace tollbar::gate
