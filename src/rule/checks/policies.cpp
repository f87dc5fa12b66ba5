// Facts about tollbar's own policy: changed, loosened, taken away.
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/glob.h"

namespace tollbar::rule {
namespace {

using document::Edit;
using document::EditKind;

std::string_view first(const document::NodePath& path) {
  return path.empty() ? std::string_view{} : std::string_view(path.front().text);
}

/// What a policy makes of a rule or trigger, as far as it can be made less.
struct Demand {
  model::Decision decision = model::Decision::block;
  std::set<std::string> teams;  ///< who may approve; none: whoever approves at all
  unsigned long count = 0;      ///< how many of them
};

Demand demand_of(const document::Node* setting, model::Decision fallback) {
  Demand demand{fallback, {}, 0};
  if (setting == nullptr) return demand;
  const auto* decision = setting->is_mapping() ? setting->get("decision") : setting;
  if (decision != nullptr) demand.decision = model::parse_decision(decision->text()).value_or(fallback);
  if (const auto* teams = setting->get({"approvers", "teams"})) {
    const auto names = teams->texts();
    demand.teams.insert(names.begin(), names.end());
  }
  if (const auto* count = setting->get({"approvers", "count"}))
    demand.count = std::strtoul(std::string(count->text()).c_str(), nullptr, 10);
  return demand;
}

bool is_less(const Demand& after, const Demand& before) {
  const bool more_may_approve =
      !before.teams.empty() && (after.teams.empty() || !std::includes(before.teams.begin(), before.teams.end(),
                                                                      after.teams.begin(), after.teams.end()));
  return after.decision < before.decision || after.count < before.count || more_may_approve;
}

/// The entries of `rules` or `triggers` that an edit touches demand less than they did. What is not set is what the
/// rule says by itself; for globs and triggers the most that any rule may say.
bool settings_loosened(FileChange& file, const Edit& edit, std::string_view section, const RuleSet& rules) {
  const auto* before = file.before_document().root().get(section);
  const auto* after = file.after_document().root().get(section);
  std::set<std::string> names;
  for (const auto* side : {before, after}) {
    if (side == nullptr || !side->is_mapping()) continue;
    for (const auto& member : side->members) names.emplace(member.key.text());
  }
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    if (edit.path.size() > 1 && edit.path[1].text != name) return false;
    const auto* rule = rules.find(name);
    const auto fallback = rule == nullptr ? model::Decision::block : rule->decision;
    const auto setting = [&](const document::Node* side) { return side == nullptr ? nullptr : side->get(name); };
    return is_less(demand_of(setting(after), fallback), demand_of(setting(before), fallback));
  });
}

/// A list takes the place of the default one: its first appearance may shorten it.
bool leaves_out_defaults(const document::Node& list, const document::Node* defaults) {
  const auto kept = list.texts();
  const auto all = defaults == nullptr ? std::vector<std::string>{} : defaults->texts();
  return std::any_of(all.begin(), all.end(),
                     [&](const std::string& name) { return std::find(kept.begin(), kept.end(), name) == kept.end(); });
}

/// Less is demanded than before: a check, protected ref or approver is gone, a decision is weaker, something new is
/// waived or ignored.
bool loosens(FileChange& file, const Edit& edit, const RuleSet& rules) {
  const auto section = first(edit.path);
  if (section == "required_checks" || section == "protected" || section == "production")
    return edit.path.size() == 1 && edit.kind == EditKind::added
               ? leaves_out_defaults(*edit.after, rules.default_policy.get(section))
               : edit.kind != EditKind::added && edit.kind != EditKind::moved;
  if (section == "waivers" || section == "ignore" || section == "trusted_owners" || section == "hosted_runners" ||
      section == "credentials")
    return edit.kind != EditKind::removed && edit.kind != EditKind::moved;
  if (section == "agents") {
    const auto decision = [](const document::Node* node) {
      return node == nullptr ? std::nullopt : model::parse_decision(node->text());
    };
    return edit.kind == EditKind::removed || decision(edit.after) < decision(edit.before);
  }
  if (section == "local") return edit.after == nullptr || edit.after->text() == "mark";
  if (section == "rules" || section == "triggers") return settings_loosened(file, edit, section, rules);
  return section == "extends";
}

Fact policy_fact(const FileChange& file, std::string kind) {
  Fact fact;
  fact.kind = std::move(kind);
  fact.path = file.path();
  fact.subject = "policy";
  return fact;
}

}  // namespace

void policy_facts(Change& change, std::vector<Fact>& facts) {
  const auto kind = change.rules().kinds.index("tollbar-policy");
  for (auto& file : change.files()) {
    if (!kind || !file.kinds()[*kind]) continue;
    if (file.delta().removed()) {
      facts.push_back(policy_fact(file, "policy-removed"));
      continue;
    }
    const bool broken = file.after_document().broken();
    if (broken) facts.push_back(policy_fact(file, "policy-removed"));
    if (broken || file.delta().added()) {
      facts.push_back(policy_fact(file, "policy-changed"));
      continue;
    }
    for (const auto& edit : file.edits()) {
      auto fact = policy_fact(file, loosens(file, edit, change.rules()) ? "policy-loosened" : "policy-changed");
      fact.subject = document::to_string(edit.path);
      fact.line = edit.after != nullptr ? edit.after->line : 0;
      fact.line_before = edit.before != nullptr ? edit.before->line : 0;
      if (edit.before != nullptr) put_before(fact, edit.before->brief(unlimited));
      if (edit.after != nullptr) put_after(fact, edit.after->brief(unlimited));
      fact.attributes["place"] = fact.subject;
      facts.push_back(std::move(fact));
    }
  }
}

}  // namespace tollbar::rule
