// Writes a policy as YAML; texts are quoted as in JSON, which YAML reads the same way.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "report/approvers.h"
#include "report/rules.h"

namespace tollbar::report {
namespace {

using Json = nlohmann::ordered_json;

std::string quoted(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> patterns(const std::vector<text::Glob>& globs) {
  std::vector<std::string> texts;
  for (const text::Glob& glob : globs) {
    texts.push_back(glob.pattern());
  }
  return texts;
}

void write_list(std::ostream& out, std::string_view key, const std::vector<std::string>& texts) {
  out << key << ": " << quoted(texts) << '\n';
}

void write_people(std::ostream& out, const approval::People& people) {
  out << "people:" << (people.empty() ? " {}\n" : "\n");
  for (const approval::Person& person : people.all()) {
    Json json{{"kind", approval::to_string(person.kind)},
              {"principals", person.principals},
              {"emails", person.emails},
              {"logins", person.logins}};
    if (person.relays) {
      json["relays"] = true;
    }
    out << "  " << quoted(person.name) << ": " << quoted(json) << '\n';
  }
  out << "teams:" << (people.teams().empty() ? " {}\n" : "\n");
  for (const auto& [name, members] : people.teams()) {
    out << "  " << quoted(name) << ": " << quoted(Json(members)) << '\n';
  }
}

void write_approvals(std::ostream& out, const gate::ApprovalTerms& terms) {
  out << "approvals:\n";
  if (terms.longest != 0) {
    out << "  max_expiry: " << util::to_duration(terms.longest) << '\n';
  }
  out << "  require_touch: " << (terms.touch ? "true" : "false") << '\n';
  out << "  allowed_signers: " << quoted(terms.allowed_signers) << '\n';
  if (!terms.revoked.empty()) {
    out << "  revoked: " << quoted(terms.revoked) << '\n';
  }
  for (const gate::Demand& demand : terms.also) {
    Json json{{"approvers", Json::parse(approvers_json(demand.quorum))}};
    if (demand.path) {
      json["path"] = demand.path->pattern();
    }
    if (demand.ref) {
      json["ref"] = demand.ref->pattern();
    }
    out << (&demand == &terms.also.front() ? "  also:\n" : "") << "    - " << quoted(json) << '\n';
  }
}

Json to_json(const gate::RuleSetting& setting) {
  Json json = Json::object();
  if (setting.decision) {
    json["decision"] = model::to_string(*setting.decision);
  }
  if (setting.risk) {
    json["risk"] = model::to_string(*setting.risk);
  }
  if (!setting.quorum.empty()) {
    json["approvers"] = Json::parse(approvers_json(setting.quorum));
  }
  return json;
}

void write_rules(std::ostream& out, const gate::Policy& policy, const std::vector<rule::Rule>* rules) {
  out << "rules:" << (policy.rules.empty() && rules == nullptr ? " {}\n" : "\n");
  if (rules == nullptr) {
    for (const auto& [pattern, setting] : policy.rules) {
      out << "  " << quoted(pattern) << ": " << quoted(to_json(setting)) << '\n';
    }
    return;
  }
  for (const rule::Rule& rule : *rules) {
    gate::RuleSetting setting = policy.setting(rule.id, rule.trigger);
    setting.decision = setting.decision.value_or(rule.decision);
    setting.risk = setting.risk.value_or(rule.risk);
    out << "  " << quoted(rule.id) << ": " << quoted(to_json(setting)) << '\n';
  }
}

}  // namespace

void write_policy(std::ostream& out, const gate::Policy& policy, const std::vector<rule::Rule>* rules) {
  out << "version: 1\nextends: none\n";
  write_list(out, "protected", policy.view.protected_refs);
  write_list(out, "required_checks", policy.view.required_checks);
  write_list(out, "production", policy.view.production);
  write_list(out, "trusted_owners", policy.view.trusted_owners);
  write_list(out, "hosted_runners", policy.view.hosted_runners);
  write_list(out, "admin_tools", policy.view.admin_tools);
  write_list(out, "executed", policy.view.executed);
  write_list(out, "ignore", patterns(policy.ignored_paths));
  out << "local: {approve: " << (policy.local_approval == gate::LocalApproval::refuse ? "refuse" : "mark") << "}\n";
  if (!policy.repository.empty()) {
    out << "repository: " << quoted(policy.repository) << '\n';
  }
  write_people(out, policy.people);
  write_approvals(out, policy.approvals);
  out << "credentials:" << (policy.view.credentials.empty() ? " {}\n" : "\n");
  for (const auto& credential : policy.view.credentials) {
    const Json registered{{"owner", credential.owner}, {"purpose", credential.purpose}};
    out << "  " << quoted(credential.name) << ": " << quoted(registered) << '\n';
  }
  out << "waivers:" << (policy.waivers.empty() ? " []\n" : "\n");
  for (const gate::Waiver& waiver : policy.waivers) {
    const Json json{{"rule", waiver.rule},
                    {"path", waiver.path.pattern()},
                    {"reason", waiver.reason},
                    {"owner", waiver.owner},
                    {"expires", waiver.expires.text()}};
    out << "  - " << quoted(json) << '\n';
  }
  out << "triggers:" << (policy.triggers.empty() ? " {}\n" : "\n");
  for (const auto& [trigger, setting] : policy.triggers) {
    out << "  " << model::to_string(trigger) << ": " << quoted(to_json(setting)) << '\n';
  }
  out << "agents:" << (policy.agents.empty() ? " {}\n" : "\n");
  for (const auto& [agent, decisions] : policy.agents) {
    Json json = Json::object();
    for (const auto& [trigger, decision] : decisions) {
      json[std::string(model::to_string(trigger))] = model::to_string(decision);
    }
    out << "  " << quoted(agent) << ": " << quoted(json) << '\n';
  }
  write_rules(out, policy, rules);
}

}  // namespace tollbar::report
