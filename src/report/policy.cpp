// Writes a policy as YAML; texts are quoted as in JSON, which YAML reads the same way.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

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

Json to_json(const gate::RuleSetting& setting) {
  Json json = Json::object();
  if (setting.decision) {
    json["decision"] = model::to_string(*setting.decision);
  }
  if (setting.risk) {
    json["risk"] = model::to_string(*setting.risk);
  }
  if (setting.approver_count > 0) {
    json["approvers"] = {{"teams", setting.approver_teams}, {"count", setting.approver_count}};
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
  write_list(out, "ignore", patterns(policy.ignored_paths));
  out << "local: {approve: " << (policy.local_approval == gate::LocalApproval::refuse ? "refuse" : "mark") << "}\n";
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
