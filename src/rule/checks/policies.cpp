// Facts about tollbar's own policy: changed, loosened, taken away.
#include <algorithm>
#include <cstdlib>
#include <map>
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

/// How many people of which teams; none: whoever approves at all.
using Seats = std::map<std::set<std::string>, unsigned long>;

/// What a policy makes of a rule or trigger, as far as it can be made less.
struct Demand {
  model::Decision decision = model::Decision::block;
  Seats seats;
};

void add_seats(const document::Node& node, Seats& seats) {
  std::set<std::string> names;
  for (const auto* key : {"team", "teams"})
    if (const auto* teams = node.get(key))
      for (auto& team : teams->texts()) names.insert("team " + team);
  if (const auto* owners = node.get("owners")) names.insert("owners by " + std::string(owners->text()));
  const auto* count = node.get("count");
  seats[std::move(names)] += count == nullptr ? 1 : std::strtoul(std::string(count->text()).c_str(), nullptr, 10);
}

Demand demand_of(const document::Node* setting, model::Decision fallback) {
  Demand demand{fallback, {}};
  if (setting == nullptr) return demand;
  const auto* decision = setting->is_mapping() ? setting->get("decision") : setting;
  if (decision != nullptr) demand.decision = model::parse_decision(decision->text()).value_or(fallback);
  if (const auto* approvers = setting->get("approvers")) {
    if (approvers->is_mapping()) add_seats(*approvers, demand.seats);
    for (const auto& item : approvers->items) add_seats(item, demand.seats);
  }
  return demand;
}

unsigned long people_in(const Seats& seats) {
  unsigned long count = 0;
  for (const auto& seat : seats) count += seat.second;
  return count;
}

/// Every seat of before must still be filled, by as many people of the same teams or of fewer.
bool is_less(const Demand& after, const Demand& before) {
  return after.decision < before.decision || people_in(after.seats) < people_in(before.seats) ||
         std::any_of(before.seats.begin(), before.seats.end(), [&](const auto& seat) {
           return std::none_of(after.seats.begin(), after.seats.end(), [&](const auto& other) {
             return other.second >= seat.second && (seat.first.empty() || !other.first.empty()) &&
                    (seat.first.empty() ||
                     std::includes(seat.first.begin(), seat.first.end(), other.first.begin(), other.first.end()));
           });
         });
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

/// One more address or login of somebody: more changes are their own.
bool only_shuts_out(const Edit& edit) {
  constexpr std::size_t at_names = 3;  // people, somebody, emails
  return edit.kind == EditKind::added && edit.path.size() >= at_names && edit.path.front().text == "people" &&
         (edit.path[2].text == "emails" || edit.path[2].text == "logins");
}

/// A credential that nobody had registered gets an owner and a purpose, which is what the gate asks for. It opens
/// nothing that this very change binds.
bool only_registers(const Edit& edit) {
  constexpr std::size_t at_name = 2;
  if (edit.kind != EditKind::added || edit.path.front().text != "credentials") return false;
  const auto is_full = [](const document::Node& entry) {
    const auto says = [&](std::string_view key) {
      const auto* value = entry.get(key);
      return value != nullptr && !value->text().empty();
    };
    return says("owner") && says("purpose");
  };
  if (edit.path.size() == at_name) return is_full(*edit.after);
  return edit.path.size() < at_name && edit.after->is_mapping() &&
         std::all_of(edit.after->members.begin(), edit.after->members.end(),
                     [&](const auto& member) { return is_full(member.value); });
}

/// Less is demanded than before: a check, protected ref or approver is gone, a decision is weaker, something new is
/// waived or ignored.
bool loosens(FileChange& file, const Edit& edit, const RuleSet& rules) {
  const auto section = first(edit.path);
  if (section == "required_checks" || section == "protected" || section == "production" || section == "executed")
    return edit.path.size() == 1 && edit.kind == EditKind::added
               ? leaves_out_defaults(*edit.after, rules.default_policy.get(section))
               : edit.kind != EditKind::added && edit.kind != EditKind::moved;
  if (section == "credentials" && only_registers(edit)) return false;
  if (section == "waivers" || section == "ignore" || section == "trusted_owners" || section == "hosted_runners" ||
      section == "credentials")
    return edit.kind != EditKind::removed && edit.kind != EditKind::moved;
  if (section == "agents") {
    const auto decision = [](const document::Node* node) {
      return node == nullptr ? std::nullopt : model::parse_decision(node->text());
    };
    return edit.kind == EditKind::removed || decision(edit.after) < decision(edit.before);
  }
  // Whoever is added, moved or renamed there may approve what others could not.
  if (section == "people" || section == "teams" || section == "approvals" || section == "repository")
    return !only_shuts_out(edit);
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
