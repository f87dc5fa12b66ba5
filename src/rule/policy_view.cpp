// Lists of a policy, with what holds where the policy is silent.
#include "rule/policy_view.h"

namespace tollbar::rule {

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
