// Reads a policy file strictly: whatever is not understood is a problem, and all problems are told at once.
#include "gate/policy_reader.h"

#include <fmt/format.h>

#include "document/formats.h"
#include "text/decode.h"
#include "util/error.h"
#include "util/sha256.h"

namespace tollbar::gate {
namespace {

constexpr std::array<Field<Policy>, 21> policy_fields{{
    {"version", &PolicyReader::version},
    {"extends", &PolicyReader::extends},
    {"protected", &PolicyReader::protected_refs},
    {"required_checks", &PolicyReader::required_checks},
    {"credentials", &PolicyReader::credentials},
    {"rules", &PolicyReader::rules},
    {"triggers", &PolicyReader::triggers},
    {"agents", &PolicyReader::agents},
    {"ignore", &PolicyReader::ignore},
    {"waivers", &PolicyReader::waivers},
    {"local", &PolicyReader::local},
    {"production", &PolicyReader::production},
    {"trusted_owners", &PolicyReader::trusted_owners},
    {"hosted_runners", &PolicyReader::hosted_runners},
    {"admin_tools", &PolicyReader::admin_tools},
    {"executed", &PolicyReader::executed},
    {"repository", &PolicyReader::repository},
    {"people", &PolicyReader::people},
    {"teams", &PolicyReader::teams},
    {"approvals", &PolicyReader::approvals},
    {"break_glass", &PolicyReader::break_glass},
}};
constexpr std::array<Field<Policy>, 1> local_fields{{
    {"approve", &PolicyReader::local_approve},
}};
constexpr std::array<Field<Registration>, 3> credential_fields{{
    {"owner", &PolicyReader::credential_owner, Need::required},
    {"purpose", &PolicyReader::credential_purpose, Need::required},
    {"expires", &PolicyReader::credential_expires},
}};
constexpr std::array<Field<RuleSetting>, 3> setting_fields{{
    {"decision", &PolicyReader::setting_decision},
    {"risk", &PolicyReader::setting_risk},
    {"approvers", &PolicyReader::setting_approvers},
}};
constexpr std::array<Field<Waiver>, 5> waiver_fields{{
    {"rule", &PolicyReader::waiver_rule, Need::required},
    {"path", &PolicyReader::waiver_path, Need::required},
    {"reason", &PolicyReader::waiver_reason, Need::required},
    {"owner", &PolicyReader::waiver_owner, Need::required},
    {"expires", &PolicyReader::waiver_expires, Need::required},
}};

}  // namespace

void PolicyReader::problem(std::uint32_t line, std::string_view what) {
  problems_.emplace_back(line, fmt::format("{}:{}: {}", source_, std::max(line, 1U), what));
}

void PolicyReader::give_up() const {
  auto problems = problems_;
  std::stable_sort(problems.begin(), problems.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string message;
  for (const auto& [line, text] : problems) {
    message += (message.empty() ? "" : "\n") + text;
  }
  throw util::UsageError(message);
}

Policy PolicyReader::read(std::string_view bytes) {
  const text::Decoded decoded = text::decode(bytes);
  const document::Document document = document::read_yaml(decoded.text);
  document_problems(document);
  if (document.broken()) {
    give_up();  // what a broken tree lacks is no problem of its own
  }

  const Node& root = document.root();
  const Node* base = root.get("extends");
  Policy policy;
  if (base == nullptr || base->text() != "none") {
    policy = builtin_policy(rules_);
  }
  policy.source = source_;
  policy.digest = util::sha256_hex(bytes);
  if (root.is_null()) {
    problem(root, "the policy is empty; it needs at least `version: 1`");
  } else {
    fields(root, "a policy", policy_fields, policy);
    check_people(root, policy);
    check_break_glass(root, policy);
  }
  if (!problems_.empty()) {
    give_up();
  }
  policy.view.knowledge = rule::knowledge_under(rules_, policy.view);
  return policy;
}

void PolicyReader::document_problems(const document::Document& document) {
  for (const document::Problem& found : document.problems) {
    if (found.kind != document::Problem::Kind::merge_key) {
      problem(found.line, found.message);
    }
  }
  if (document.roots.size() > 1) {
    problem(document.roots[1], "a policy is one document, this is a second one");
  }
}

bool PolicyReader::is_mapping(const Node& node, std::string_view what) {
  if (!node.is_mapping()) {
    problem(node, fmt::format("{} must be a mapping", what));
  }
  return node.is_mapping();
}

void PolicyReader::text(const Node& node, std::string& text) {
  if (!node.is_scalar() || node.scalar.empty()) {
    problem(node, "expected a text");
  } else if (node.type != document::ScalarType::string) {
    problem(node, fmt::format("`{0}` is read as a number or truth value; write \"{0}\"", node.scalar));
  } else {
    text = node.scalar;
  }
}

void PolicyReader::texts(const Node& node, std::vector<std::string>& texts) {
  texts.clear();
  if (!node.is_sequence()) {
    problem(node, "expected a list of texts");
    return;
  }
  for (const Node& item : node.items) {
    text(item, texts.emplace_back());
  }
}

std::optional<Date> PolicyReader::date(const Node& node) {
  const std::optional<Date> date = Date::parse(node.text());
  if (!date) {
    problem(node, fmt::format("`{}` is no date; write it as 2027-01-31", node.brief(40)));
  }
  return date;
}

void PolicyReader::version(const Node& node, Policy&) {
  if (node.text() != "1") {
    problem(node, fmt::format("version `{}` is not known; this tollbar reads version 1", node.brief(40)));
  }
}

void PolicyReader::extends(const Node& node, Policy&) {
  if (node.text() != "default" && node.text() != "none") {
    problem(node, fmt::format("`extends` is `default` or `none`, not `{}`", node.brief(40)));
  }
}

void PolicyReader::credentials(const Node& node, Policy& policy) {
  if (!is_mapping(node, "`credentials`")) {
    return;
  }
  for (const document::Member& member : node.members) {
    Registration registration;
    registration.credential.name = member.key.text();
    fields(member.value, fmt::format("credential `{}`", registration.credential.name), credential_fields, registration);
    if (!registration.expires || *registration.expires >= today_) {
      policy.view.credentials.push_back(std::move(registration.credential));
    }
  }
}

void PolicyReader::credential_expires(const Node& node, Registration& registration) {
  registration.expires = date(node);
}

void PolicyReader::rules(const Node& node, Policy& policy) {
  if (!is_mapping(node, "`rules`")) {
    return;
  }
  for (const document::Member& member : node.members) {
    const std::string pattern(member.key.text());
    known_rule(member.key, pattern);
    policy.rules[pattern] = setting(member.value, fmt::format("rule `{}`", pattern));
  }
}

void PolicyReader::triggers(const Node& node, Policy& policy) {
  if (!is_mapping(node, "`triggers`")) {
    return;
  }
  for (const document::Member& member : node.members) {
    const RuleSetting read = setting(member.value, fmt::format("trigger `{}`", member.key.text()));
    if (const auto named = trigger(member.key)) {
      policy.triggers[*named] = read;
    }
  }
}

std::optional<model::Trigger> PolicyReader::trigger(const Node& node) {
  const auto trigger = model::parse_trigger(node.text());
  if (!trigger) {
    std::vector<std::string> names;
    for (int value = 0; value <= static_cast<int>(model::Trigger::destructive_production); ++value) {
      names.emplace_back(model::to_string(static_cast<model::Trigger>(value)));
    }
    problem(node, fmt::format("there is no trigger `{}`{}", node.text(), util::did_you_mean(node.text(), names)));
  }
  return trigger;
}

void PolicyReader::agents(const Node& node, Policy& policy) {
  if (!is_mapping(node, "`agents`")) {
    return;
  }
  for (const auto& [agent, decisions] : node.members) {
    if (!is_mapping(decisions, fmt::format("agent `{}`", agent.text()))) {
      continue;
    }
    for (const auto& [key, value] : decisions.members) {
      const auto named = trigger(key);
      const auto decision = model::parse_decision(value.text());
      if (!decision || *decision == model::Decision::allow) {
        problem(value, fmt::format("a claim can only tighten: `approve` or `block`, not `{}`", value.brief(40)));
      } else if (named) {
        policy.agents[std::string(agent.text())][*named] = *decision;
      }
    }
  }
}

RuleSetting PolicyReader::setting(const Node& node, std::string_view what) {
  RuleSetting read;
  if (node.is_scalar()) {
    setting_decision(node, read);
  } else {
    fields(node, what, setting_fields, read);
  }
  return read;
}

void PolicyReader::setting_decision(const Node& node, RuleSetting& setting) {
  setting.decision = model::parse_decision(node.text());
  if (!setting.decision) {
    problem(node, fmt::format("a decision is `allow`, `approve` or `block`, not `{}`", node.brief(40)));
  }
}

void PolicyReader::setting_risk(const Node& node, RuleSetting& setting) {
  setting.risk = model::parse_risk(node.text());
  if (!setting.risk) {
    problem(node, fmt::format("a risk is `low`, `medium`, `high` or `critical`, not `{}`", node.brief(40)));
  }
}

void PolicyReader::ignore(const Node& node, Policy& policy) {
  std::vector<std::string> patterns;
  texts(node, patterns);
  policy.ignored_paths.clear();
  for (const std::string& pattern : patterns) {
    policy.ignored_paths.emplace_back(pattern);
  }
}

void PolicyReader::waivers(const Node& node, Policy& policy) {
  if (!node.is_sequence()) {
    problem(node, "`waivers` must be a list");
    return;
  }
  for (const Node& item : node.items) {
    Waiver waiver;
    waiver.line = item.line;
    fields(item, "a waiver", waiver_fields, waiver);
    policy.waivers.push_back(std::move(waiver));
  }
}

void PolicyReader::local(const Node& node, Policy& policy) {
  fields(node, "`local`", local_fields, policy);
}

void PolicyReader::local_approve(const Node& node, Policy& policy) {
  if (node.text() != "mark" && node.text() != "refuse") {
    problem(node, fmt::format("`approve` is `mark` or `refuse`, not `{}`", node.brief(40)));
  }
  policy.local_approval = node.text() == "refuse" ? LocalApproval::refuse : LocalApproval::mark;
}

void PolicyReader::waiver_rule(const Node& node, Waiver& waiver) {
  text(node, waiver.rule);
  if (!waiver.rule.empty()) {
    known_rule(node, waiver.rule);
  }
}

void PolicyReader::waiver_path(const Node& node, Waiver& waiver) {
  std::string pattern;
  text(node, pattern);
  waiver.path = text::Glob(pattern);
}

void PolicyReader::waiver_expires(const Node& node, Waiver& waiver) {
  waiver.expires = date(node).value_or(Date{});
}

void PolicyReader::known_rule(const Node& node, std::string_view pattern) {
  const bool known = std::any_of(rules_.rules.begin(), rules_.rules.end(),
                                 [&](const rule::Rule& rule) { return names_rule(pattern, rule.id); });
  if (known) {
    return;
  }
  std::vector<std::string> ids;
  for (const rule::Rule& rule : rules_.rules) {
    ids.push_back(rule.id);
  }
  problem(node, fmt::format("there is no rule `{}`{}", pattern, util::did_you_mean(pattern, ids)));
}

Policy read_policy(std::string_view text, std::string_view source, const rule::RuleSet& rules, Date today) {
  return PolicyReader(source, rules, today).read(text);
}

std::vector<PolicyKey> policy_keys() {
  std::vector<PolicyKey> keys;
  add_keys(keys, "", policy_fields);
  add_keys(keys, "local", local_fields);
  add_keys(keys, "credentials", credential_fields);
  add_keys(keys, "rules", setting_fields);
  add_keys(keys, "waivers", waiver_fields);
  add_approval_keys(keys);
  add_break_glass_keys(keys);
  return keys;
}

}  // namespace tollbar::gate
