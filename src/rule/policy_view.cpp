// Lists of a policy, with what holds where the policy is silent.
#include "rule/policy_view.h"

#include <algorithm>
#include <utility>

#include "text/glob.h"

namespace tollbar::rule {

bool PolicyView::registered(std::string_view credential) const {
  return std::any_of(credentials.begin(), credentials.end(), [&](const Credential& known) {
    return text::fold_path(known.name) == text::fold_path(credential) && !known.owner.empty() && !known.purpose.empty();
  });
}

bool PolicyView::is_production(std::string_view environment) const {
  const auto folded = text::fold_path(environment);
  return !environment.empty() && std::any_of(production.begin(), production.end(),
                                             [&](const std::string& glob) { return text::Glob(glob).matches(folded); });
}

std::shared_ptr<const reach::Knowledge> knowledge_under(const RuleSet& rules, const PolicyView& policy) {
  if (policy.required_checks.empty() && policy.hosted_runners.empty() && policy.admin_tools.empty()) return nullptr;
  auto knowledge = std::make_shared<reach::Knowledge>(rules.knowledge);
  knowledge->required_checks.insert(policy.required_checks.begin(), policy.required_checks.end());
  knowledge->hosted_runners.insert(knowledge->hosted_runners.end(), policy.hosted_runners.begin(),
                                   policy.hosted_runners.end());
  for (const auto& tool : policy.admin_tools) {
    reach::EffectTool effect;
    effect.words = {tool};
    effect.effect = {"admin tool " + tool, "acts through an internal admin tool", false};
    knowledge->effect_tools.push_back(std::move(effect));
  }
  knowledge->index_tools();
  return knowledge;
}

PolicyView read_policy_view(const document::Node& policy, const document::Node& defaults) {
  PolicyView view;
  const auto list = [&](std::string_view key, std::vector<std::string>& into) {
    const auto* node = policy.get(key) != nullptr ? policy.get(key) : defaults.get(key);
    if (node != nullptr) into = node->texts();
  };
  list("required_checks", view.required_checks);
  list("protected", view.protected_refs);
  list("production", view.production);
  list("trusted_owners", view.trusted_owners);
  list("hosted_runners", view.hosted_runners);
  list("admin_tools", view.admin_tools);
  list("executed", view.executed);
  if (const auto* credentials = policy.get("credentials"))
    for (const auto& [name, value] : credentials->members) {
      const auto text = [&entry = value](std::string_view key) {
        const auto* node = entry.get(key);
        return node == nullptr ? std::string() : std::string(node->text());
      };
      view.credentials.push_back({std::string(name.text()), text("owner"), text("purpose")});
    }
  return view;
}

}  // namespace tollbar::rule
