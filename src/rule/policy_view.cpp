// Lists of a policy, with what holds where the policy is silent.
#include "rule/policy_view.h"

namespace tollbar::rule {

PolicyView read_policy_view(const document::Node& policy) {
  PolicyView view;
  const auto list = [&](std::string_view key, std::vector<std::string>& into, std::vector<std::string> otherwise) {
    const auto* node = policy.get(key);
    into = node != nullptr ? node->texts() : std::move(otherwise);
  };
  list("required_checks", view.required_checks, {});
  list("protected", view.protected_refs, {"main", "master", "trunk", "release/*"});
  list("production", view.production, {"*prod*", "prd*", "*live*"});
  list("trusted_owners", view.trusted_owners, {});
  list("hosted_runners", view.hosted_runners, {});
  list("admin_tools", view.admin_tools, {});
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
