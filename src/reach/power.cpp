// Marks of steps that log in, and permissions in words.
#include "reach/power.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "reach/word_glob.h"

namespace tollbar::reach {

bool logs_in(const pipeline::Step& step) {
  constexpr std::string_view marks[] = {"login",       "log in", "authenticat", "/auth",     "credentials",
                                        "gpg",         "_auth",  "config set",  "app-token", ".npmrc",
                                        "assume-role", ".netrc", ".pypirc",     "kubeconfig"};
  if (step.credentials.empty()) return false;
  const auto text = folded(step.name + " " + step.uses + " " + step.run);
  return std::any_of(std::begin(marks), std::end(marks),
                     [&](std::string_view mark) { return text.find(mark) != std::string::npos; });
}

std::vector<std::string> write_permissions(const pipeline::Job& job) {
  std::vector<std::string> result;
  if (job.permissions_default) result.emplace_back("the repository's default");
  for (const auto& [scope, access] : job.permissions) {
    if (access != pipeline::Access::write || scope == "id-token" || scope == "security-events") continue;
    result.push_back((scope == "*" ? std::string("everything") : scope) + ": write");
  }
  return result;
}

bool token_may(const pipeline::Job& job, const Effect& effect) {
  if (job.permissions_default) return true;
  constexpr std::pair<std::string_view, std::string_view> scopes[] = {
      {"git remote", "contents"},
      {"github releases", "contents"},
      {"github pages", "contents"},
      {"container registry", "packages"},
      {"github packages", "packages"},
      {"package registry", "packages"},
      {"github attestations", "attestations"},
  };
  const auto* known =
      std::find_if(std::begin(scopes), std::end(scopes), [&](const auto& one) { return one.first == effect.system; });
  if (known != std::end(scopes)) return job.access(known->second) == pipeline::Access::write;
  if (effect.action.find("pull request") != std::string::npos)
    return job.access("pull-requests") == pipeline::Access::write;
  return !write_permissions(job).empty();
}

bool needs_nothing(const Effect& effect) {
  return effect.action == "publishes a preview";
}

bool can_act(const pipeline::Pipeline& pipeline, const ExecutedStep& step,
             const std::vector<pipeline::CredentialUse>& held, const Effect& effect, const Knowledge& knowledge) {
  const auto& job = *step.job;
  if (pipeline.system != pipeline::System::github || !job.environment.empty() || job.inherits_secrets) return true;
  const auto counts = [](const pipeline::CredentialUse& use) {
    return use.kind != pipeline::CredentialUse::Kind::platform_token;
  };
  // A called workflow holds what it was handed, whatever it asks for.
  const auto& asked_for = step.calls.empty() ? job.credentials : step.credentials;
  for (const auto* uses : {&held, &asked_for, &step.credentials})
    if (std::any_of(uses->begin(), uses->end(), counts)) return true;
  const bool own_machine = std::any_of(job.runner.labels.begin(), job.runner.labels.end(),
                                       [&](const std::string& label) { return !knowledge.is_hosted(label); });
  const auto& systems = knowledge.token_systems;
  // A service that takes reports knows the repository by whatever token it is handed.
  const bool reports =
      effect.action == "sends a report" &&
      std::any_of(step.credentials.begin(), step.credentials.end(), [&](const auto& use) { return !counts(use); });
  return own_machine || reports || needs_nothing(effect) ||
         (!write_permissions(job).empty() && std::find(systems.begin(), systems.end(), effect.system) != systems.end());
}

}  // namespace tollbar::reach
