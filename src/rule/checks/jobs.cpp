// Facts about jobs: where they run, what their token may do, what guards them.
#include <algorithm>
#include <set>

#include "document/command_identity.h"
#include "rule/checks/pairs.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/glob.h"

namespace tollbar::rule {
namespace {

using pipeline::Access;
using pipeline::Job;

std::string_view word(Access access) {
  switch (access) {
    case Access::none:
      return "none";
    case Access::read:
      return "read";
    case Access::write:
      return "write";
  }
  return "none";
}

bool hosted(const reach::Knowledge& knowledge, const std::string& label) {
  const auto folded = text::fold_path(label);
  return std::any_of(knowledge.hosted_runners.begin(), knowledge.hosted_runners.end(),
                     [&](const std::string& glob) { return text::Glob(glob).matches(folded); });
}

std::string runner_text(const pipeline::Runner& runner) {
  if (runner.group.empty() && runner.labels.empty()) return "any runner";
  return (runner.group.empty() ? "" : "group " + runner.group + " ") + joined(runner.labels);
}

void runner_facts(Change& change, const Place& place, std::vector<Fact>& facts) {
  const auto& before = place.jobs.before->runner;
  const auto& after = place.jobs.after->runner;
  if (before.labels == after.labels && before.group == after.group) return;
  auto fact = job_fact(change, place, "runner-changed");
  fact.line = after.line != 0 ? after.line : fact.line;
  fact.line_before = before.line != 0 ? before.line : fact.line_before;
  fact.before = runner_text(before);
  fact.after = runner_text(after);
  if (fact.before.empty()) fact.attributes["before"] = "what the platform gives";
  if (fact.after.empty()) fact.attributes["after"] = "what the platform gives";
  const bool self_hosted = std::any_of(after.labels.begin(), after.labels.end(), [&](const std::string& label) {
    return std::find(before.labels.begin(), before.labels.end(), label) == before.labels.end() &&
           label.find("${{") == std::string::npos && !hosted(change.knowledge(), label);
  });
  fact.attributes["self_hosted"] =
      self_hosted && place.pipelines.either().system == pipeline::System::github ? "true" : "false";
  facts.push_back(std::move(fact));
}

/// Access before and after, per scope; a job without any permissions has the repository's default, which nobody here
/// knows.
void permission_facts(Change& change, const Place& place, std::vector<Fact>& facts) {
  const auto& before = *place.jobs.before;
  const auto& after = *place.jobs.after;
  if (before.permissions_default && after.permissions_default) return;
  const auto report = [&](std::string_view kind, const std::string& scope, std::string_view old_access,
                          std::string_view new_access) {
    auto fact = job_fact(change, place, std::string(kind));
    fact.subject += " permission " + scope;
    fact.before = old_access;
    fact.after = new_access;
    fact.authority.credential = "platform token";
    fact.authority.source = "github-token";
    fact.authority.scope = scope + ": " + std::string(new_access);
    fact.attributes["scope"] = scope;
    facts.push_back(std::move(fact));
  };
  if (after.permissions_default) {
    report("permission-raised", "*", "as written", "default of the repository");
    return;
  }
  std::set<std::string> scopes;
  for (const auto& [scope, access] : before.permissions) scopes.insert(scope);
  for (const auto& [scope, access] : after.permissions) scopes.insert(scope);
  for (const auto& scope : scopes) {
    const auto now = after.access(scope);
    if (before.permissions_default) {
      if (now == Access::write) report("permission-raised", scope, "default of the repository", word(now));
      continue;
    }
    const auto old = before.access(scope);
    if (now > old) report("permission-raised", scope, word(old), word(now));
    if (now < old) report("permission-lowered", scope, word(old), word(now));
  }
}

void guard_facts(Change& change, const Place& place, std::vector<Fact>& facts) {
  const auto& before = *place.jobs.before;
  const auto& after = *place.jobs.after;
  if (before.environment != after.environment) {
    auto fact = job_fact(change, place,
                         before.environment.empty()  ? "environment-added"
                         : after.environment.empty() ? "environment-removed"
                                                     : "environment-changed");
    fact.before = before.environment;
    fact.after = after.environment;
    fact.attributes["was_production"] = change.policy().is_production(before.environment) ? "true" : "false";
    facts.push_back(std::move(fact));
  }
  if (before.gated && !after.gated) {
    auto fact = job_fact(change, place, "gate-removed");
    fact.before = "a person starts it";
    fact.after = "starts by itself";
    fact.attributes["production"] =
        change.policy().is_production(before.environment) || change.policy().is_production(after.environment) ? "true"
                                                                                                              : "false";
    facts.push_back(std::move(fact));
  }
}

const Job* job_of(const pipeline::Pipeline& pipeline, const std::string& id) {
  const auto found =
      std::find_if(pipeline.jobs.begin(), pipeline.jobs.end(), [&](const Job& job) { return job.id == id; });
  return found == pipeline.jobs.end() ? nullptr : &*found;
}

/// The known tools and actions by which a job checks.
std::set<std::string> check_tools_of(const Job& job, const reach::Knowledge& knowledge) {
  std::set<std::string> tools;
  for (const auto& step : job.steps) {
    if (const auto* action = knowledge.check_action(step.uses)) tools.insert(action->uses);
    for (const auto& command : step.script.commands)
      if (const auto* tool = knowledge.check_tool(command)) tools.insert(tool->name);
  }
  return tools;
}

/// A job that is waited for and checks something; what is lost when the deploying job no longer waits.
bool is_check_job(const Job* job, const reach::Knowledge& knowledge) {
  return job != nullptr && (knowledge.names_a_check(job->id) || knowledge.names_a_check(job->name) ||
                            !check_tools_of(*job, knowledge).empty());
}

/// What was needed is awaited under its new name, or it is gone and others that are awaited check by the same tools.
bool is_still_awaited(const Place& place, const std::vector<JobPair>& all, const Job* need,
                      const reach::Knowledge& knowledge) {
  const auto& now = place.jobs.after->needs;
  const auto pair =
      std::find_if(all.begin(), all.end(), [&](const JobPair& one) { return need != nullptr && one.before == need; });
  if (pair == all.end() || place.pipelines.after == nullptr) return false;
  if (pair->after != nullptr) return std::find(now.begin(), now.end(), pair->after->id) != now.end();
  const auto lost = check_tools_of(*need, knowledge);
  std::set<std::string> left;
  for (const auto& other : now)
    if (const auto* job = job_of(*place.pipelines.after, other)) left.merge(check_tools_of(*job, knowledge));
  return !lost.empty() && std::includes(left.begin(), left.end(), lost.begin(), lost.end());
}

void needs_facts(Change& change, const Place& place, const std::vector<JobPair>& all, std::vector<Fact>& facts) {
  for (const auto& need : place.jobs.before->needs) {
    const auto& now = place.jobs.after->needs;
    if (std::find(now.begin(), now.end(), need) != now.end()) continue;
    const auto* job = place.pipelines.before == nullptr ? nullptr : job_of(*place.pipelines.before, need);
    if (is_still_awaited(place, all, job, change.knowledge())) continue;
    auto fact = job_fact(change, place, "needs-dropped");
    fact.before = need;
    fact.after = joined(now);
    fact.attributes["need"] = need;
    fact.attributes["check"] = is_check_job(job, change.knowledge()) ? "true" : "false";
    facts.push_back(std::move(fact));
  }
}

void container_facts(Change& change, const Place& place, std::vector<Fact>& facts) {
  const auto& before = *place.jobs.before;
  const auto& after = *place.jobs.after;
  if (before.image == after.image && before.services == after.services &&
      before.container_options == after.container_options)
    return;
  const auto text = [](const Job& job) {
    auto parts = job.services;
    if (!job.image.empty()) parts.insert(parts.begin(), job.image);
    parts.insert(parts.end(), job.container_options.begin(), job.container_options.end());
    return joined(parts);
  };
  auto fact = job_fact(change, place, "container-changed");
  fact.before = text(before);
  fact.after = text(after);
  const auto has_privileged = [](const Job& job) {
    return std::any_of(job.container_options.begin(), job.container_options.end(),
                       [](const auto& option) { return option.find("privileged") != std::string::npos; });
  };
  fact.attributes["privileged_container"] = has_privileged(after) && !has_privileged(before) ? "true" : "false";
  facts.push_back(std::move(fact));
}

void reusable_facts(Change& change, const Place& place, std::vector<Fact>& facts) {
  const auto& before = *place.jobs.before;
  const auto& after = *place.jobs.after;
  if (before.uses == after.uses && before.uses_version == after.uses_version && before.with == after.with) return;
  auto fact = job_fact(change, place, "reusable-changed");
  const auto text = [](const Job& job) { return job.uses + (job.uses_version.empty() ? "" : "@" + job.uses_version); };
  fact.before = text(before);
  fact.after = text(after);
  fact.attributes["inputs_only"] = fact.before == fact.after ? "true" : "false";
  facts.push_back(std::move(fact));
}

/// Of an event's filters the paths that it leaves alone: `paths-ignore`, or all but the named `paths`.
std::vector<std::string> ignored_paths(const pipeline::Event& event) {
  const auto found = event.filters.find("paths-ignore");
  return found == event.filters.end() ? std::vector<std::string>() : found->second;
}

/// Runs exactly where the other does not: platforms whose required checks stay pending behind a path filter ask for
/// such a job.
bool complements(const pipeline::Event& event, const pipeline::Event& other) {
  const auto left_alone = ignored_paths(other);
  if (left_alone.empty()) return false;
  const auto is_left_alone = [&](const std::string& path) {
    return std::find(left_alone.begin(), left_alone.end(), path) != left_alone.end();
  };
  const auto only = event.filters.find("paths");
  if (only != event.filters.end()) return std::all_of(only->second.begin(), only->second.end(), is_left_alone);
  const auto ignored = ignored_paths(event);
  return ignored.size() > 1 && ignored.front() == "**" &&
         std::all_of(ignored.begin() + 1, ignored.end(),
                     [&](const std::string& path) { return path.starts_with('!') && is_left_alone(path.substr(1)); });
}

bool complements(const pipeline::Pipeline& pipeline, const pipeline::Pipeline& other) {
  return std::all_of(pipeline.events.begin(), pipeline.events.end(), [&](const pipeline::Event& event) {
    return !event.judges_changes() ||
           std::any_of(other.events.begin(), other.events.end(),
                       [&](const pipeline::Event& its) { return its.name == event.name && complements(event, its); });
  });
}

/// A new job under a name that a check already has, whose steps judge nothing: the green tick of the real one.
void twin_facts(Change& change, const PipelinePair& pipelines, const JobPair& jobs, std::vector<Fact>& facts) {
  if (pipelines.either().system == pipeline::System::github_action) return;
  const auto& job = *jobs.after;
  const auto& knowledge = change.knowledge();
  const auto judges = [&](const document::Command& command) {
    return document::can_fail(command) && !knowledge.is_setup(command);
  };
  const auto idles = [&](const pipeline::Step& step) {
    const auto& commands = step.script.commands;
    return (step.uses.empty() || knowledge.names_preparation(step.uses)) &&
           std::none_of(commands.begin(), commands.end(), judges);
  };
  const auto runs_nothing = [&](const Job& candidate) {
    return !candidate.steps.empty() && std::all_of(candidate.steps.begin(), candidate.steps.end(), idles);
  };
  if (!runs_nothing(job)) return;
  const auto name = [](const Job& candidate) { return candidate.name.empty() ? candidate.id : candidate.name; };
  for (const auto& execution : change.before_execution().pipelines) {
    // Each system reports under a prefix of its own: `ci/circleci: build` is no twin of `build`.
    if (execution->pipeline->system != pipelines.either().system) continue;
    for (const auto& other : execution->pipeline->jobs) {
      if (name(other) != name(job) || runs_nothing(other) || complements(pipelines.either(), *execution->pipeline))
        continue;
      auto fact = job_fact(change, {pipelines, jobs}, "check-twin");
      fact.before = execution->pipeline->path + ": " + subject(other);
      fact.after = name(job);
      facts.push_back(std::move(fact));
      return;
    }
  }
}

}  // namespace

void job_facts(Change& change, std::vector<Fact>& facts) {
  for (const auto& pipelines : pair_pipelines(change)) {
    if (pipelines.after != nullptr && pipelines.after->broken) continue;
    const auto pairs = pair_jobs(pipelines);
    for (const auto& jobs : pairs) {
      const Place place{pipelines, jobs};
      if (jobs.before == nullptr) {
        if (pipelines.before != nullptr) facts.push_back(job_fact(change, place, "job-added"));
        twin_facts(change, pipelines, jobs, facts);
        continue;
      }
      if (jobs.after == nullptr) {
        if (pipelines.after != nullptr) facts.push_back(job_fact(change, place, "job-removed"));
        continue;
      }
      if (jobs.before->id != jobs.after->id) {
        auto fact = job_fact(change, place, "job-renamed");
        fact.before = jobs.before->id;
        fact.after = jobs.after->id;
        facts.push_back(std::move(fact));
      }
      runner_facts(change, place, facts);
      permission_facts(change, place, facts);
      guard_facts(change, place, facts);
      needs_facts(change, place, pairs, facts);
      container_facts(change, place, facts);
      reusable_facts(change, place, facts);
    }
  }
}

}  // namespace tollbar::rule
