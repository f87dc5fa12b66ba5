// Reads a policy file strictly: whatever is not understood is a problem, and all problems are told at once.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "document/formats.h"
#include "gate/policy.h"
#include "text/decode.h"
#include "util/error.h"
#include "util/sha256.h"
#include "util/spelling.h"

namespace tollbar::gate {
namespace {

using document::Node;

struct Registration {
  rule::PolicyView::Credential credential;
  std::optional<Date> expires;
};

/// A key of a mapping, with what reads its value into a Target.
template <typename Target>
struct Field;

class Reader {
 public:
  Reader(std::string_view source, const rule::RuleSet& rules, Date today)
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
  void approver_teams(const Node& node, RuleSetting& setting) { texts(node, setting.approver_teams); }
  void approver_count(const Node& node, RuleSetting& setting);

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
  RuleSetting setting(const Node& node, std::string_view what);
  std::optional<model::Trigger> trigger(const Node& node);
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
  void (Reader::*read)(const Node&, Target&);
  Need need = Need::optional;
};

constexpr std::array<Field<Policy>, 15> policy_fields{{
    {"version", &Reader::version, Need::required},
    {"extends", &Reader::extends},
    {"protected", &Reader::protected_refs},
    {"required_checks", &Reader::required_checks},
    {"credentials", &Reader::credentials},
    {"rules", &Reader::rules},
    {"triggers", &Reader::triggers},
    {"agents", &Reader::agents},
    {"ignore", &Reader::ignore},
    {"waivers", &Reader::waivers},
    {"local", &Reader::local},
    {"production", &Reader::production},
    {"trusted_owners", &Reader::trusted_owners},
    {"hosted_runners", &Reader::hosted_runners},
    {"admin_tools", &Reader::admin_tools},
}};
constexpr std::array<Field<Policy>, 1> local_fields{{
    {"approve", &Reader::local_approve},
}};
constexpr std::array<Field<Registration>, 3> credential_fields{{
    {"owner", &Reader::credential_owner, Need::required},
    {"purpose", &Reader::credential_purpose, Need::required},
    {"expires", &Reader::credential_expires},
}};
constexpr std::array<Field<RuleSetting>, 3> setting_fields{{
    {"decision", &Reader::setting_decision},
    {"risk", &Reader::setting_risk},
    {"approvers", &Reader::setting_approvers},
}};
constexpr std::array<Field<RuleSetting>, 2> approver_fields{{
    {"teams", &Reader::approver_teams, Need::required},
    {"count", &Reader::approver_count},
}};
constexpr std::array<Field<Waiver>, 5> waiver_fields{{
    {"rule", &Reader::waiver_rule, Need::required},
    {"path", &Reader::waiver_path, Need::required},
    {"reason", &Reader::waiver_reason, Need::required},
    {"owner", &Reader::waiver_owner, Need::required},
    {"expires", &Reader::waiver_expires, Need::required},
}};

template <typename Fields>
std::vector<std::string> names_of(const Fields& fields) {
  std::vector<std::string> names;
  for (const auto& field : fields) {
    names.emplace_back(field.name);
  }
  return names;
}

void Reader::problem(std::uint32_t line, std::string_view what) {
  problems_.emplace_back(line, fmt::format("{}:{}: {}", source_, std::max(line, 1U), what));
}

void Reader::give_up() const {
  auto problems = problems_;
  std::stable_sort(problems.begin(), problems.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string message;
  for (const auto& [line, text] : problems) {
    message += (message.empty() ? "" : "\n") + text;
  }
  throw util::UsageError(message);
}

Policy Reader::read(std::string_view bytes) {
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
  }
  if (!problems_.empty()) {
    give_up();
  }
  policy.view.knowledge = rule::knowledge_under(rules_, policy.view);
  return policy;
}

void Reader::document_problems(const document::Document& document) {
  for (const document::Problem& found : document.problems) {
    if (found.kind != document::Problem::Kind::merge_key) {
      problem(found.line, found.message);
    }
  }
  if (document.roots.size() > 1) {
    problem(document.roots[1], "a policy is one document, this is a second one");
  }
}

bool Reader::is_mapping(const Node& node, std::string_view what) {
  if (!node.is_mapping()) {
    problem(node, fmt::format("{} must be a mapping", what));
  }
  return node.is_mapping();
}

template <typename Target, std::size_t Size>
void Reader::fields(const Node& node, std::string_view what, const std::array<Field<Target>, Size>& known,
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
      problem(member.key, fmt::format("{} has no key `{}`{}", what, name, util::did_you_mean(name, names_of(known))));
    }
  }
  for (const Field<Target>& field : known) {
    if (field.need == Need::required && node.get(field.name) == nullptr) {
      problem(node, fmt::format("{} needs the key `{}`", what, field.name));
    }
  }
}

void Reader::text(const Node& node, std::string& text) {
  if (!node.is_scalar() || node.scalar.empty()) {
    problem(node, "expected a text");
  } else if (node.type != document::ScalarType::string) {
    problem(node, fmt::format("`{0}` is read as a number or truth value; write \"{0}\"", node.scalar));
  } else {
    text = node.scalar;
  }
}

void Reader::texts(const Node& node, std::vector<std::string>& texts) {
  texts.clear();
  if (!node.is_sequence()) {
    problem(node, "expected a list of texts");
    return;
  }
  for (const Node& item : node.items) {
    text(item, texts.emplace_back());
  }
}

std::optional<Date> Reader::date(const Node& node) {
  const std::optional<Date> date = Date::parse(node.text());
  if (!date) {
    problem(node, fmt::format("`{}` is no date; write it as 2027-01-31", node.brief(40)));
  }
  return date;
}

void Reader::version(const Node& node, Policy&) {
  if (node.text() != "1") {
    problem(node, fmt::format("version `{}` is not known; this tollbar reads version 1", node.brief(40)));
  }
}

void Reader::extends(const Node& node, Policy&) {
  if (node.text() != "default" && node.text() != "none") {
    problem(node, fmt::format("`extends` is `default` or `none`, not `{}`", node.brief(40)));
  }
}

void Reader::credentials(const Node& node, Policy& policy) {
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

void Reader::credential_expires(const Node& node, Registration& registration) {
  registration.expires = date(node);
}

void Reader::rules(const Node& node, Policy& policy) {
  if (!is_mapping(node, "`rules`")) {
    return;
  }
  for (const document::Member& member : node.members) {
    const std::string pattern(member.key.text());
    known_rule(member.key, pattern);
    policy.rules[pattern] = setting(member.value, fmt::format("rule `{}`", pattern));
  }
}

void Reader::triggers(const Node& node, Policy& policy) {
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

std::optional<model::Trigger> Reader::trigger(const Node& node) {
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

void Reader::agents(const Node& node, Policy& policy) {
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

RuleSetting Reader::setting(const Node& node, std::string_view what) {
  RuleSetting read;
  if (node.is_scalar()) {
    setting_decision(node, read);
  } else {
    fields(node, what, setting_fields, read);
  }
  return read;
}

void Reader::setting_decision(const Node& node, RuleSetting& setting) {
  setting.decision = model::parse_decision(node.text());
  if (!setting.decision) {
    problem(node, fmt::format("a decision is `allow`, `approve` or `block`, not `{}`", node.brief(40)));
  }
}

void Reader::setting_risk(const Node& node, RuleSetting& setting) {
  setting.risk = model::parse_risk(node.text());
  if (!setting.risk) {
    problem(node, fmt::format("a risk is `low`, `medium`, `high` or `critical`, not `{}`", node.brief(40)));
  }
}

void Reader::setting_approvers(const Node& node, RuleSetting& setting) {
  setting.approver_count = 1;
  fields(node, "`approvers`", approver_fields, setting);
}

void Reader::approver_count(const Node& node, RuleSetting& setting) {
  const std::string_view digits = node.text();
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), setting.approver_count);
  if (error != std::errc{} || end != digits.data() + digits.size() || setting.approver_count < 1 ||
      node.type != document::ScalarType::integer) {
    problem(node, fmt::format("`count` is a number from 1, not `{}`", node.brief(40)));
  }
}

void Reader::ignore(const Node& node, Policy& policy) {
  std::vector<std::string> patterns;
  texts(node, patterns);
  policy.ignored_paths.clear();
  for (const std::string& pattern : patterns) {
    policy.ignored_paths.emplace_back(pattern);
  }
}

void Reader::waivers(const Node& node, Policy& policy) {
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

void Reader::local(const Node& node, Policy& policy) {
  fields(node, "`local`", local_fields, policy);
}

void Reader::local_approve(const Node& node, Policy& policy) {
  if (node.text() != "mark" && node.text() != "refuse") {
    problem(node, fmt::format("`approve` is `mark` or `refuse`, not `{}`", node.brief(40)));
  }
  policy.local_approval = node.text() == "refuse" ? LocalApproval::refuse : LocalApproval::mark;
}

void Reader::waiver_rule(const Node& node, Waiver& waiver) {
  text(node, waiver.rule);
  if (!waiver.rule.empty()) {
    known_rule(node, waiver.rule);
  }
}

void Reader::waiver_path(const Node& node, Waiver& waiver) {
  std::string pattern;
  text(node, pattern);
  waiver.path = text::Glob(pattern);
}

void Reader::waiver_expires(const Node& node, Waiver& waiver) {
  waiver.expires = date(node).value_or(Date{});
}

void Reader::known_rule(const Node& node, std::string_view pattern) {
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

template <typename Fields>
void add_keys(std::vector<PolicyKey>& keys, std::string_view inside, const Fields& fields) {
  for (const auto& field : fields) {
    keys.push_back({inside, field.name});
  }
}

}  // namespace

Policy read_policy(std::string_view text, std::string_view source, const rule::RuleSet& rules, Date today) {
  return Reader(source, rules, today).read(text);
}

std::vector<PolicyKey> policy_keys() {
  std::vector<PolicyKey> keys;
  add_keys(keys, "", policy_fields);
  add_keys(keys, "local", local_fields);
  add_keys(keys, "credentials", credential_fields);
  add_keys(keys, "rules", setting_fields);
  add_keys(keys, "approvers", approver_fields);
  add_keys(keys, "waivers", waiver_fields);
  return keys;
}

}  // namespace tollbar::gate
