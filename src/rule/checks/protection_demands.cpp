// Reads demands out of settings files, rulesets, Terraform, merge bots and plain data, by what their keys mean.
#include "rule/checks/protection_demands.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "rule/checks/bot_conditions.h"
#include "rule/checks/protection_keys.h"
#include "rule/checks/terraform_folder.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

using document::Node;
using document::NodePath;
using Key = ProtectionKey;
using Meaning = ProtectionMeaning;

bool is_protecting_type(std::string_view key) {
  return std::find(std::begin(resource_types), std::end(resource_types), key) != std::end(resource_types) ||
         key.starts_with("azuredevops_branch_policy_");
}

/// Roots of files that do nothing but protect.
constexpr std::string_view protecting_roots[] = {"queue_rules",        "pull_request_rules",    "merge_protections",
                                                 "approval_rules",     "scan_execution_policy", "approval_policy",
                                                 "scan_result_policy", "merge_queue",           "tide"};

std::string normalised(std::string_view key) {
  std::string result(key);
  for (auto& c : result) c = c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

const Key* find_key(std::string_view name) {
  const auto found = std::find_if(std::begin(protection_keys), std::end(protection_keys),
                                  [&](const Key& key) { return key.name == name; });
  return found == std::end(protection_keys) ? nullptr : found;
}

bool is_expression(const Node& node) {
  return node.tag == document::expression_tag;
}

int level_of(std::string_view text) {
  const auto level = normalised(text);
  if (level == "no one" || level == "no_one" || level == "0" || level == "admin") return 4;
  if (level == "maintainer" || level == "40") return 3;
  return level == "developer" || level == "30" ? 2 : 1;
}

int enforcement_of(std::string_view text) {
  return text == "disabled" ? 0 : text == "evaluate" ? 1 : 2;
}

class Reading {
 public:
  explicit Reading(ProtectionDialect dialect) : inside_(dialect == ProtectionDialect::bors ? 1 : 0) {}

  void read(const Node& root) {
    const auto protects = [&](std::string_view key) { return root.get(key) != nullptr; };
    const bool bot = std::any_of(std::begin(protecting_roots), std::end(protecting_roots), protects) ||
                     root.get({"policy", "approval"}) != nullptr;
    if (bot) ++inside_;
    visit(root);
    if (bot) --inside_;
  }

  Protection take() { return std::move(protection_); }

 private:
  bool in_resource() const {
    return std::any_of(path_.begin(), path_.end(),
                       [](const document::PathSegment& segment) { return is_protecting_type(segment.text); });
  }
  void visit(const Node& node);
  void repeated(const Node& dynamic);
  void member(std::string_view key, const Node& value);
  void take(const Key& key, const Node& value);
  void checks(const Node& value);
  void expression(const Node& value);
  void required(std::string_view prefix, const Node& value, bool filtered);
  void allowances(std::string_view name, const Node& value);
  void ruleset_rules(const Node& value);

  ProtectedThing& thing(const Node& at) {
    const NodePath path(path_.begin(), path_.begin() + static_cast<std::ptrdiff_t>(scope_.value_or(path_.size())));
    auto& result = protection_[document::to_string(path)];
    if (result.line == 0) result.line = at.line;
    result.path = path;
    return result;
  }

  void demand(std::string name, const Node& at, int strength = 1) {
    auto& demand = thing(at).demands[std::move(name)];
    demand = {std::max(strength, demand.line == 0 ? strength : demand.strength),
              at.is_scalar() ? at.scalar : at.brief(), at.line};
  }

  NodePath path_;
  std::optional<std::size_t> scope_;  ///< how much of the path names the protected thing
  int inside_ = 0;                    ///< how many things above say that this data protects
  Protection protection_;
};

void Reading::visit(const Node& node) {
  // A rule of a merge bot whose conditions lead to a label or a comment holds nothing back.
  if (!lets_merge(node) || (in_resource() && makes_none(node))) return;
  const bool ruleset = node.get("enforcement") != nullptr && node.get("rules") != nullptr;
  if (ruleset) ++inside_;
  for (const auto& [key, value] : node.members) {
    if (in_resource() && key.text() == "dynamic") {
      repeated(value);
      continue;
    }
    path_.push_back({std::string(key.text()), false});
    if (node.get(key.text()) == &value) member(key.text(), value);
    path_.pop_back();
  }
  if (ruleset) --inside_;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    path_.push_back(document::item_segment(node.items[i], i));
    visit(node.items[i]);
    path_.pop_back();
  }
}

/// The block with what an iterator bears in each round: `NAME.value`.
void fill(Node& node, const std::string& variable, const Node& item) {
  const auto bare = variable + ".value", braced = "${" + bare + "}";
  if (node.is_scalar() && (node.scalar == bare || node.scalar == braced)) {
    node.scalar = item.scalar;
    node.tag = item.tag;
  }
  for (auto& inner : node.items) fill(inner, variable, item);
  for (auto& inner : node.members) fill(inner.value, variable, item);
}

/// One block for every item of a list that is written out; the block as it stands where the list is not known.
std::vector<Node> rounds_of(std::string_view name, const Node& block, const Node& content) {
  const auto* list = block.get("for_each");
  const bool known = list != nullptr && list->is_sequence() &&
                     std::all_of(list->items.begin(), list->items.end(),
                                 [](const Node& item) { return item.is_scalar() && !is_expression(item); });
  if (!known) return {content};
  const auto* iterator = block.get("iterator");
  const std::string variable(iterator != nullptr ? iterator->text() : name);
  std::vector<Node> rounds;
  for (const auto& item : list->items) {
    rounds.push_back(content);
    fill(rounds.back(), variable, item);
  }
  return rounds;
}

/// Blocks that Terraform repeats for each item of what an expression amounts to ask for what each of them asks for.
void Reading::repeated(const Node& dynamic) {
  const auto one = [&](std::string_view name, const Node& block) {
    const auto* content = block.get("content");
    if (content == nullptr) return;
    path_.push_back({std::string(name), false});
    for (const auto& round : rounds_of(name, block, *content)) member(name, round);
    path_.pop_back();
  };
  for (const auto& [name, blocks] : dynamic.members) {
    if (!blocks.is_sequence()) one(name.text(), blocks);
    for (const auto& block : blocks.items) one(name.text(), block);
  }
}

void Reading::member(std::string_view key, const Node& value) {
  const auto name = normalised(key);
  const auto* known = find_key(name);
  const bool counts = known != nullptr && (known->strong || inside_ > 0);
  const bool enters = counts || is_protecting_type(key);
  const auto outer = scope_;
  if (counts && !scope_) scope_ = path_.size() - 1;
  if (enters) ++inside_;
  if (counts)
    take(*known, value);
  else
    visit(value);
  if (enters) --inside_;
  scope_ = outer;
}

void Reading::take(const Key& key, const Node& value) {
  const bool off = value.is_null() || (value.is_scalar() && !value.truth().value_or(true) && !is_expression(value));
  const auto* enabled = value.get("enabled");
  const bool on = enabled != nullptr ? enabled->truth().value_or(true) : !off;
  switch (key.meaning) {
    case Meaning::checks:
      return checks(value);
    case Meaning::reviews:
      if (!off) demand("reviews", value);
      return visit(value);
    case Meaning::count: {
      if (key.name == "count" && (path_.size() < 2 || path_[path_.size() - 2].text != "requires")) return;
      int count = 1;
      const auto text = value.text();
      if (!is_expression(value)) std::from_chars(text.data(), text.data() + text.size(), count);
      if (count > 0) demand("approvals", value, count);
      return;
    }
    case Meaning::on:
      if (on) demand(std::string(key.name), value);
      return;
    case Meaning::not_off:
      if (off)
        thing(value).allowances[std::string(key.name) + " off"] = {1, "false", value.line};
      else if (in_resource())
        demand("in force", value);
      else
        thing(value);  // on, or so by default: protected without any further demand
      return visit(value);
    case Meaning::enforcement:
      return demand("enforcement", value, enforcement_of(value.text()));
    case Meaning::level:
      return demand(std::string(key.name), value, level_of(value.text()));
    case Meaning::pattern:
      if (value.is_scalar() && in_resource()) demand("pattern " + value.scalar, value);
      return;
    case Meaning::branches:
      for (const auto& item : value.items)
        if (item.is_scalar()) demand("branch " + item.scalar, item);
      return;
    case Meaning::allowance:
      return allowances(key.name, value);
    case Meaning::rules:
      return ruleset_rules(value);
    case Meaning::conditions: {
      required("condition ", value, true);
      if (value.is_mapping()) visit(value);
      return;
    }
    case Meaning::labels:  // of what tide merges
      for (const auto& item : value.items)
        if (item.is_scalar() && !path_.empty() && path_.front().text == "tide")
          demand(std::string(key.name == "labels" ? "label " : "absent label ") + item.scalar, item);
      return;
    case Meaning::approval:
      return required("approval rule ", value, false);
    case Meaning::section:
      return visit(value);
  }
}

void Reading::expression(const Node& value) {
  static const text::Pattern names(
      R"x("((?:[^"\\]|\\.)+)"|((?:(?:local|var|module|data|each)\.|\w+\.value\b)[\w.\[\]"*-]*))x");
  std::size_t from = 0;
  while (const auto match = names.find(value.scalar, from)) {
    from = std::max(match->end, match->begin + 1);
    const bool literal = match->groups.size() > 1 && match->groups[1].has_value() && !match->groups[1]->empty();
    if (!literal) thing(value).open = true;
    demand("check " +
               std::string(literal ? *match->groups[1] : value.scalar.substr(match->begin, match->end - match->begin)),
           value);
  }
}

void Reading::checks(const Node& value) {
  if (is_expression(value)) return expression(value);
  if (value.is_scalar() && !value.truth()) return demand("check " + value.scalar, value);
  const auto name_of = [](const Node& item) -> const Node* {
    if (item.is_scalar()) return &item;
    for (const auto key : {"context", "name", "check", "status"})
      if (const auto* name = item.get(key); name != nullptr && name->is_scalar()) return name;
    return nullptr;
  };
  if (const auto* name = value.is_mapping() ? name_of(value) : nullptr) return demand("check " + name->scalar, *name);
  for (const auto& item : value.items) {
    const auto* name = name_of(item);
    if (name == nullptr)
      visit(item);
    else if (is_expression(*name))
      expression(*name);
    else
      demand("check " + name->scalar, *name);
  }
  if (value.is_mapping()) visit(value);
}

void Reading::required(std::string_view prefix, const Node& value, bool filtered) {
  if (const auto* all = value.get("and"); all != nullptr) return required(prefix, *all, filtered);
  if (value.is_sequence()) {
    for (const auto& item : value.items) required(prefix, item, filtered);
    return;
  }
  if (!value.is_scalar() && value.get("or") == nullptr && value.get("not") == nullptr) {
    if (!filtered) visit(value);
    return;
  }
  auto name = condition_text(value);
  if (filtered && !asks_for_verdict(name)) return;
  int strength = 1;
  if (const auto least = name.find(">="); least != std::string::npos && name.front() == '#') {
    std::from_chars(name.data() + least + 2, name.data() + name.size(), strength);
    name.resize(least + 2);
  }
  demand(std::string(prefix) + name, value, strength);
}

/// Of those who are all of one kind the id says nothing: GitHub takes any for the administrators of an organisation.
std::string allowed(const Node& who) {
  const auto* type = who.get("actor_type");
  const bool is_kind = type != nullptr && (type->text() == "OrganizationAdmin" || type->text() == "DeployKey");
  const auto* mode = who.get("bypass_mode");
  return is_kind ? std::string(type->text()) + (mode != nullptr ? " " + std::string(mode->text()) : "") : who.brief();
}

void Reading::allowances(std::string_view name, const Node& value) {
  const auto allow = [&](const std::string& what, const Node& at) {
    thing(at).allowances[std::string(name) + (what.empty() ? "" : ' ' + what)] = {1, what.empty() ? at.brief() : what,
                                                                                  at.line};
  };
  if (value.is_null() || (value.is_scalar() && !value.truth().value_or(true))) return;
  if (const auto* enabled = value.get("enabled"); enabled != nullptr && !enabled->truth().value_or(true)) return;
  if (value.is_scalar()) return allow(value.truth() ? "" : value.scalar, value);
  for (const auto& item : value.items) allow(item.is_scalar() ? item.scalar : allowed(item), item);
  for (const auto& [key, below] : value.members) {
    if (below.is_scalar()) allow(std::string(key.text()) + ' ' + below.scalar, below);
    for (const auto& item : below.items)
      allow(std::string(key.text()) + ' ' + (item.is_scalar() ? item.scalar : item.brief()), item);
  }
}

/// Of a ruleset: `[{type: deletion}, {type: pull_request, parameters: ...}]`, in Terraform `{deletion = true,
/// pull_request {...}}`.
void Reading::ruleset_rules(const Node& value) {
  for (const auto& [key, rule] : value.members)
    if (!rule.is_null() && rule.truth().value_or(true)) demand("rule " + std::string(key.text()), rule);
  for (const auto& item : value.items)
    if (const auto* type = item.get("type"); type != nullptr && type->is_scalar())
      demand("rule " + type->scalar, *type);
  visit(value);
}

}  // namespace

Protection read_protection(const document::Document& document, ProtectionDialect dialect) {
  Reading reading(dialect);
  for (const auto& root : document.roots) reading.read(root);
  return reading.take();
}

bool without_protection(std::string_view text) {
  static constexpr std::string_view words[] = {
      "required_", "contexts",   "protection", "ruleset",      "enforcement",    "bypass",           "branch_policy",
      "approval",  "conditions", "status",     "access_level", "enforce_admins", "_execution_policy"};
  return std::none_of(std::begin(words), std::end(words),
                      [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool without_certain_protection(std::string_view text) {
  static constexpr std::string_view words[] = {"required_status_checks",
                                               "required_pull_request_reviews",
                                               "required_approving_review_count",
                                               "enforce_admins",
                                               "bypass_actors",
                                               "branch-protection:",
                                               "branch_protection:",
                                               "tide:",
                                               "approvals_required",
                                               "push_access_level",
                                               "merge_access_level"};
  return std::none_of(std::begin(words), std::end(words),
                      [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool leads_to_protection(const NodePath& path) {
  return std::any_of(path.begin(), path.end(), [](const document::PathSegment& segment) {
    const auto* key = find_key(normalised(segment.text));
    return !segment.item && (is_protecting_type(segment.text) || (key != nullptr && key->strong));
  });
}

}  // namespace tollbar::rule
