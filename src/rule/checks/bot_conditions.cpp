// Mergify has many words for one condition; here they become one.
#include "rule/checks/bot_conditions.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "text/pattern.h"

namespace tollbar::rule {
namespace {

using document::Node;

/// `check-success = test` is the same condition without its blanks.
/// So is `status-success`, its older name, and an expression that one name alone fits.
std::string squeezed(std::string_view text) {
  static const text::Pattern exact(R"(^((?:check|status)-\w+)~=\^([\w/-]+)\$$)");
  std::string result(text);
  std::erase(result, ' ');
  if (const auto match = exact.find(result))
    result = std::string(*match->groups[1]) + '=' + std::string(*match->groups[2]);
  if (result.starts_with("status-")) result.replace(0, 6, "check");
  return result;
}

/// The platform itself takes `neutral` and `skipped` for a success: one of them or `success` of the same check is what
/// a required check asks for. The name of that check; empty where something else is among the alternatives.
std::string passing_check(const std::vector<std::string>& alternatives) {
  static const text::Pattern passes(R"(^check-(?:success|neutral|skipped)=(.+)$)");
  std::string check;
  for (const auto& one : alternatives) {
    const auto match = passes.find(one);
    if (!match || (!check.empty() && check != *match->groups[1])) return {};
    check = *match->groups[1];
  }
  const auto succeeds = [&](const std::string& one) { return one == "check-success=" + check; };
  return std::any_of(alternatives.begin(), alternatives.end(), succeeds) ? check : std::string();
}

}  // namespace

std::string condition_text(const Node& node) {
  if (node.is_scalar()) return squeezed(node.scalar);
  if (const auto* denied = node.get("not"); denied != nullptr) return "-" + condition_text(*denied);
  const auto* any = node.get("or");
  const auto* all = node.get("and");
  const auto* list = any != nullptr ? any : all;
  if (list == nullptr) return node.brief();
  std::vector<std::string> parts;
  for (const auto& item : list->items) parts.push_back(condition_text(item));
  std::sort(parts.begin(), parts.end());
  if (const auto check = any != nullptr ? passing_check(parts) : std::string(); !check.empty())
    return "check-success=" + check;
  std::string result;
  for (const auto& part : parts) result += (result.empty() ? "" : any != nullptr ? " or " : " and ") + part;
  return result;
}

bool asks_for_verdict(std::string_view condition) {
  static constexpr std::string_view beginnings[] = {"check-",
                                                    "#check-",
                                                    "#status-",
                                                    "#approved-reviews-by",
                                                    "approved-reviews-by",
                                                    "-check-failure",
                                                    "-check-pending",
                                                    "-status-failure",
                                                    "#changes-requested-reviews-by",
                                                    "branch-protection-review-decision",
                                                    "#review-threads-unresolved"};
  return std::any_of(std::begin(beginnings), std::end(beginnings),
                     [&](std::string_view beginning) { return condition.starts_with(beginning); });
}

bool lets_merge(const Node& rule) {
  const auto* actions = rule.get("actions");
  return actions == nullptr || !actions->is_mapping() || actions->get("merge") != nullptr ||
         actions->get("queue") != nullptr;
}

}  // namespace tollbar::rule
