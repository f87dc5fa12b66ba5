// Credentials of GitLab jobs: protected variables by name, the job's token, identity tokens and secret stores.
#include "pipeline/credentials.h"
#include "pipeline/readers/gitlab.h"

namespace tollbar::pipeline::gitlab {
namespace {

using document::Node;

/// Names that a script sets itself.
void add_assigned(const document::Script& script, std::set<std::string>& names) {
  for (const auto& command : script.commands) {
    for (const auto& assignment : command.assignments) names.insert(assignment.name);
    const auto program = command.program();
    if (program != "export" && program != "read" && program != "local" && program != "declare") continue;
    for (const auto& word : command.argv) {
      // `export NAME` alone passes on what was there; `read NAME` sets it.
      const auto equals = word.text.find('=');
      if (equals != std::string::npos || program == "read") names.insert(word.text.substr(0, equals));
    }
  }
}

std::vector<CredentialUse> uses_in(std::string_view text, const std::string& bound_to, std::uint32_t line,
                                   const std::set<std::string>& defined) {
  std::vector<CredentialUse> found;
  for (const auto& name : variables_in(text)) {
    CredentialUse use;
    use.name = name;
    use.bound_to = bound_to;
    use.line = line;
    if (name == "CI_JOB_TOKEN") {
      use.kind = CredentialUse::Kind::platform_token;
      use.source = "gitlab-job-token";
    } else if (name.starts_with("CI_") || defined.count(name) != 0 || !looks_like_credential(name)) {
      continue;
    } else {
      use.source = "gitlab-variable";
    }
    add_credentials(found, {use});
  }
  return found;
}

void collect(const Node& node, const std::string& bound_to, const std::set<std::string>& defined,
             std::vector<CredentialUse>& found) {
  if (node.is_scalar()) add_credentials(found, uses_in(node.scalar, bound_to, node.line, defined));
  for (const auto& item : node.items) collect(item, bound_to, defined, found);
  for (const auto& member : node.members) collect(member.value, std::string(member.key.text()), defined, found);
}

std::vector<CredentialUse> identities(const Node* tokens) {
  std::vector<CredentialUse> found;
  for_each_member(tokens, [&](std::string_view name, const Node& value) {
    CredentialUse use;
    use.kind = CredentialUse::Kind::identity;
    use.name = use.bound_to = name;
    use.source = "oidc";
    use.scope = "aud " + text_of(value.get("aud"));
    use.line = value.line;
    found.push_back(std::move(use));
  });
  return found;
}

/// `secrets: {NAME: {vault: path@engine}}`; for stores described by a mapping, its path or name.
std::vector<CredentialUse> stored_secrets(const Node* secrets) {
  std::vector<CredentialUse> found;
  for_each_member(secrets, [&](std::string_view name, const Node& value) {
    for (const auto& member : value.members) {
      const auto store = member.key.text();
      if (store == "file" || store == "token") continue;
      CredentialUse use;
      use.kind = CredentialUse::Kind::service;
      use.source = store;
      use.bound_to = name;
      use.line = member.key.line;
      const auto* path = member.value.get("path");
      if (!path) path = member.value.get("name");
      use.name = text_of(path ? path : &member.value);
      found.push_back(std::move(use));
    }
  });
  return found;
}

}  // namespace

void read_credentials(const Node& node, const std::set<std::string>& defined, Job& job) {
  auto known = defined;
  for (const auto& step : job.steps) add_assigned(step.script, known);
  auto& all = job.credentials;
  for (auto& step : job.steps) {
    step.credentials = uses_in(step.run, {}, step.run_line, known);
    for (const auto& [name, value] : step.env)
      add_credentials(step.credentials, uses_in(value, name, step.line, known));
    add_credentials(all, step.credentials);
  }
  for (const auto& [name, value] : job.env) add_credentials(all, uses_in(value, name, job.line, known));
  for (const auto& member : node.members) {
    const auto key = member.key.text();
    if (key == "image" || key == "services" || key == "trigger" || key == "environment")
      collect(member.value, {}, known, all);
  }
  add_credentials(all, identities(node.get("id_tokens")));
  add_credentials(all, stored_secrets(node.get("secrets")));
  if (job.environment.empty()) return;
  for (auto& use : all) {
    if (use.scope.empty() && use.kind == CredentialUse::Kind::secret) use.scope = "environment " + job.environment;
  }
}

}  // namespace tollbar::pipeline::gitlab
