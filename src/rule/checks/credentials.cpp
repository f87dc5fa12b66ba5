// Facts about credentials: which come into a job's reach, and which identity gave way to a stored key.
#include <algorithm>
#include <iterator>

#include "rule/checks/moved_credentials.h"
#include "rule/checks/pairs.h"
#include "rule/checks/producers.h"
#include "text/ascii.h"
#include "text/glob.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

using pipeline::CredentialUse;

std::string_view word(CredentialUse::Kind kind) {
  switch (kind) {
    case CredentialUse::Kind::secret:
      return "secret";
    case CredentialUse::Kind::platform_token:
      return "platform-token";
    case CredentialUse::Kind::identity:
      return "identity";
    case CredentialUse::Kind::all_secrets:
      return "all-secrets";
    case CredentialUse::Kind::computed:
      return "computed";
    case CredentialUse::Kind::service:
      return "service";
  }
  return "secret";
}

bool matches_any(const std::vector<std::string>& globs, std::string_view name) {
  const auto folded = text::fold_path(name);
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return text::Glob(glob).matches(folded); });
}

bool has(const std::vector<CredentialUse>& uses, const CredentialUse& wanted) {
  return std::any_of(uses.begin(), uses.end(),
                     [&](const CredentialUse& use) { return use.kind == wanted.kind && use.name == wanted.name; });
}

bool has_identity(const std::vector<CredentialUse>& uses) {
  return std::any_of(uses.begin(), uses.end(),
                     [](const CredentialUse& use) { return use.kind == CredentialUse::Kind::identity; });
}

/// A stored key for something a workload identity could log in to.
bool is_static_key(Change& change, const CredentialUse& use) {
  return use.kind == CredentialUse::Kind::secret && matches_any(change.knowledge().long_lived_keys, use.name);
}

/// A workflow of an owner that the policy, which names owners of its own beside those of the platform, does not trust.
/// Where it names none, nobody knows who is foreign.
bool is_foreign(Change& change, const CredentialUse& use) {
  const auto& trusted = change.policy().trusted_owners;
  const auto owner = std::string_view(use.bound_to).substr(0, use.bound_to.find('/'));
  const bool names_own = std::any_of(trusted.begin(), trusted.end(),
                                     [](const std::string& name) { return name != "actions" && name != "github"; });
  return use.kind == CredentialUse::Kind::all_secrets && use.bound_to.find('/') != std::string::npos && owner != "." &&
         names_own && std::none_of(trusted.begin(), trusted.end(), [&](const std::string& name) {
           return text::fold_path(name) == text::fold_path(owner);
         });
}

Fact credential_fact(Change& change, const Place& place, const CredentialUse& use, std::string kind) {
  auto fact = job_fact(change, place, std::move(kind));
  fact.subject += " credential " + use.name;
  if (use.line != 0) fact.line = use.line;
  fact.authority = {use.name, use.source, use.scope.empty() ? place.jobs.either().environment : use.scope};
  fact.after = use.bound_to.empty() ? use.name : use.name + " as " + use.bound_to;
  fact.attributes["credential_kind"] = word(use.kind);
  fact.attributes["bound_to"] = use.bound_to;
  fact.attributes["foreign"] = is_foreign(change, use) ? "true" : "false";
  fact.attributes["registered"] = change.policy().registered(use.name) ? "true" : "false";
  fact.attributes["long_lived"] =
      is_static_key(change, use) ||
              (use.kind == CredentialUse::Kind::secret && matches_any(change.knowledge().long_lived_keys, use.bound_to))
          ? "true"
          : "false";
  return fact;
}

/// Credentials of all jobs of a pipeline.
std::vector<CredentialUse> all_of(const pipeline::Pipeline* pipeline) {
  std::vector<CredentialUse> uses;
  if (pipeline != nullptr)
    for (const auto& job : pipeline->jobs) uses.insert(uses.end(), job.credentials.begin(), job.credentials.end());
  return uses;
}

/// The pipeline gave it to every job before, and a new one inherits it from the same place.
bool pipeline_wide(const PipelinePair& pipelines, const CredentialUse& use) {
  if (pipelines.before == nullptr || pipelines.after == nullptr || use.line == 0) return false;
  const auto& before = pipelines.before->jobs;
  const auto& after = pipelines.after->jobs;
  const auto inherits = [&](const pipeline::Job& job) {
    const bool known = std::any_of(before.begin(), before.end(), [&](const auto& old) { return old.id == job.id; });
    return known && std::any_of(job.credentials.begin(), job.credentials.end(), [&](const CredentialUse& other) {
             return other.kind == use.kind && other.name == use.name && other.line == use.line;
           });
  };
  return !before.empty() &&
         std::all_of(before.begin(), before.end(), [&](const auto& job) { return has(job.credentials, use); }) &&
         std::any_of(after.begin(), after.end(), inherits);
}

/// `secrets: inherit` became a list for the same workflow: it is handed no more than it had.
bool inherited_before(const JobPair& jobs) {
  return jobs.before != nullptr && jobs.after != nullptr && jobs.before->inherits_secrets &&
         !jobs.after->uses.empty() && jobs.before->uses == jobs.after->uses;
}

/// The secret that stood where this one is bound now: another key in the same lock, not a new lock.
std::string replaced_secret(const std::vector<CredentialUse>& before, const CredentialUse& use) {
  const auto found = std::find_if(before.begin(), before.end(), [&](const CredentialUse& old) {
    return old.kind == CredentialUse::Kind::secret && !use.bound_to.empty() && old.bound_to == use.bound_to;
  });
  return found == before.end() ? std::string() : found->name;
}

/// Steps that are new and are handed a credential which the job had before: more code can act with it.
void handed_on(Change& change, const Place& place, const std::vector<CredentialUse>& before, std::vector<Fact>& facts) {
  for (const auto& steps : pair_steps(place.jobs)) {
    if (steps.before != nullptr || steps.after == nullptr) continue;
    for (const auto& use : steps.after->credentials) {
      if (use.kind == CredentialUse::Kind::platform_token || !has(before, use)) continue;
      auto fact = credential_fact(change, place, use, "credential-added");
      fact.attributes["known_here"] = "true";
      fact.attributes["handed_on"] = "true";
      facts.push_back(std::move(fact));
    }
  }
}

/// A script of the job hands the secret on under the name of a stored key: `export AWS_ACCESS_KEY_ID=$KEY`.
bool becomes_static_key(Change& change, const pipeline::Job& job, const CredentialUse& use) {
  static const text::Pattern handed(
      R"((\w{6,64})["']?\s*[=\s]\s*["']?(?:\$\{?(?:env:)?(\w+)|\$\{\{\s*(?:secrets|env)\.(\w+)))");
  return std::any_of(job.steps.begin(), job.steps.end(), [&](const pipeline::Step& step) {
    bool found = false;
    text::each_match(handed, step.run, [&](const text::Match& match) {
      const auto& by = match.groups[2] ? match.groups[2] : match.groups[3];
      found = found || (by && (*by == use.bound_to || *by == use.name) &&
                        matches_any(change.knowledge().long_lived_keys, text::ascii_upper(*match.groups[1])));
    });
    return found;
  });
}

/// The system that takes identities, and whose key is called so; empty for all others.
std::string identity_system(Change& change, const CredentialUse& use) {
  const auto& knowledge = change.knowledge();
  for (const auto& known : knowledge.system_credentials) {
    const auto& systems = knowledge.identity_systems;
    if (std::find(systems.begin(), systems.end(), known.system) == systems.end()) continue;
    if (matches_any(known.names, use.name) || (!use.bound_to.empty() && matches_any(known.names, use.bound_to)))
      return known.system;
  }
  return {};
}

/// The scripts of the job that name the secret, or the variable that holds it.
std::string scripts_with(const pipeline::Job& job, const CredentialUse& use) {
  std::string scripts;
  for (const auto& step : job.steps) {
    const bool named = text::ascii_upper(step.run).find(use.name) != std::string::npos ||
                       (!use.bound_to.empty() && step.run.find(use.bound_to) != std::string::npos);
    if (named || has(step.credentials, use)) scripts += step.run + "\n";
  }
  return scripts;
}

/// A job that logged in as itself and does so no more, but holds a secret that it did not hold.
void replaced_identity(Change& change, const Place& place, const std::vector<CredentialUse>& before,
                       std::vector<Fact>& facts) {
  const auto& after = place.jobs.after->credentials;
  if (!has_identity(before) || has_identity(after)) return;
  std::vector<Fact> others;
  for (const auto& use : after) {
    if (use.kind != CredentialUse::Kind::secret || has(before, use)) continue;
    auto fact = credential_fact(change, place, use, "identity-replaced");
    const bool becomes = becomes_static_key(change, *place.jobs.after, use);
    if (becomes) fact.attributes["long_lived"] = "true";
    fact.attributes["system"] = identity_system(change, use);
    fact.attributes["used_in"] = scripts_with(*place.jobs.after, use);
    if (fact.attribute("long_lived") == "true") {
      facts.push_back(std::move(fact));  // one speaks for all
      return;
    }
    others.push_back(std::move(fact));
  }
  std::move(others.begin(), others.end(), std::back_inserter(facts));
}

/// Whether the job's own steps release something to the system.
bool releases_to(Change& change, const pipeline::Job& job, std::string_view system) {
  const auto& knowledge = change.knowledge();
  const auto is_release = [&](const reach::Effect* effect) {
    return effect != nullptr && effect->release && effect->system == system;
  };
  return std::any_of(job.steps.begin(), job.steps.end(), [&](const pipeline::Step& step) {
    if (!step.uses.empty() && is_release(knowledge.effect(step.uses, step.with))) return true;
    return std::any_of(step.script.commands.begin(), step.script.commands.end(), [&](const document::Command& command) {
      const auto effects = knowledge.effects(command, step.env);
      return std::any_of(effects.begin(), effects.end(), is_release);
    });
  });
}

/// A job that released as itself, without any stored key, is handed one of the same registry: the permission to act as
/// itself stays, and is used no more.
void bypassed_identity(Change& change, const Place& place, const std::vector<CredentialUse>& before,
                       std::vector<Fact>& facts) {
  const auto& after = place.jobs.after->credentials;
  const auto is_stored = [](const CredentialUse& use) { return use.kind == CredentialUse::Kind::secret; };
  if (!has_identity(before) || !has_identity(after) || std::any_of(before.begin(), before.end(), is_stored)) return;
  for (const auto& use : after) {
    if (!is_stored(use)) continue;
    const auto system = identity_system(change, use);
    if (system.empty() || !releases_to(change, *place.jobs.before, system) ||
        !releases_to(change, *place.jobs.after, system))
      continue;
    auto fact = credential_fact(change, place, use, "identity-replaced");
    fact.attributes["system"] = system;
    facts.push_back(std::move(fact));
    return;
  }
}

}  // namespace

void credential_facts(Change& change, std::vector<Fact>& facts) {
  const auto pairs = pair_pipelines(change);
  const MovedCredentials moved(change, pairs);
  for (const auto& pipelines : pairs) {
    if (pipelines.after != nullptr && pipelines.after->broken) continue;
    const auto known = all_of(pipelines.before);
    for (const auto& jobs : pair_jobs(pipelines)) {
      const Place place{pipelines, jobs};
      const auto before = jobs.before != nullptr ? jobs.before->credentials : std::vector<CredentialUse>{};
      const auto after = jobs.after != nullptr ? jobs.after->credentials : std::vector<CredentialUse>{};
      for (const auto& use : after) {
        if (use.kind == CredentialUse::Kind::platform_token || has(before, use)) continue;
        auto fact = credential_fact(change, place, use, "credential-added");
        fact.attributes["known_here"] = has(known, use) ? "true" : "false";
        fact.attributes["pipeline_wide"] = jobs.before == nullptr && pipeline_wide(pipelines, use) ? "true" : "false";
        const bool went_along = moved.contains(use, *pipelines.after, *jobs.after);
        const bool known_key = went_along || inherited_before(jobs) || written_in_broken(change, pipelines, use);
        fact.attributes["moved"] = known_key ? "true" : "false";
        fact.attributes["replaces"] = replaced_secret(before, use);
        facts.push_back(std::move(fact));
      }
      for (const auto& use : before)
        if (use.kind != CredentialUse::Kind::platform_token && !has(after, use)) {
          auto fact = credential_fact(change, place, use, "credential-removed");
          std::swap(fact.before, fact.after);
          fact.line_before = use.line;
          if (jobs.after == nullptr) fact.line = 0;
          facts.push_back(std::move(fact));
        }
      if (jobs.after == nullptr) continue;
      // A job that took over from another is asked what the whole pipeline had.
      if (jobs.before != nullptr)
        replaced_identity(change, place, before, facts);
      else if (!has_identity(all_of(pipelines.after)))
        replaced_identity(change, place, known, facts);
      if (jobs.before == nullptr) continue;
      bypassed_identity(change, place, before, facts);
      handed_on(change, place, before, facts);
    }
  }
}

}  // namespace tollbar::rule
