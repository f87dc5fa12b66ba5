// Pairing by identity: ids and names first, then what runs.
#include "rule/checks/pairs.h"

#include <algorithm>
#include <set>

#include "document/command_identity.h"
#include "reach/own_database.h"
#include "text/glob.h"

namespace tollbar::rule {
namespace {

using pipeline::Job;
using pipeline::Pipeline;
using pipeline::Step;

/// Pairs what is left on both sides wherever `same` holds, in order.
template <typename T, typename Same>
void pair_where(std::vector<Pair<T>>& pairs, std::vector<const T*>& before, std::vector<const T*>& after, Same same) {
  for (auto& old : before) {
    if (old == nullptr) continue;
    const auto found =
        std::find_if(after.begin(), after.end(), [&](const T* now) { return now != nullptr && same(*old, *now); });
    if (found == after.end()) continue;
    pairs.push_back({old, *found});
    old = nullptr;
    *found = nullptr;
  }
}

template <typename T>
void add_leftovers(std::vector<Pair<T>>& pairs, const std::vector<const T*>& before,
                   const std::vector<const T*>& after) {
  for (const auto* old : before)
    if (old != nullptr) pairs.push_back({old, nullptr});
  for (const auto* now : after)
    if (now != nullptr) pairs.push_back({nullptr, now});
}

template <typename T>
std::vector<const T*> pointers(const std::vector<T>* items) {
  std::vector<const T*> result;
  if (items != nullptr)
    for (const auto& item : *items) result.push_back(&item);
  return result;
}

/// What a step runs, for comparing: its action, or its commands.
std::set<std::string> runs(const Step& step) {
  std::set<std::string> result;
  if (!step.uses.empty()) result.insert("uses " + step.uses);
  for (const auto& command : step.script.commands)
    if (document::can_fail(command)) result.insert(document::identity(command));
  if (result.empty() && !step.run.empty()) result.insert(step.run);
  return result;
}

std::set<std::string> runs(const Job& job) {
  std::set<std::string> result;
  for (const auto& step : job.steps) result.merge(runs(step));
  if (!job.uses.empty()) result.insert("uses " + job.uses);
  return result;
}

bool alike(const std::set<std::string>& a, const std::set<std::string>& b) {
  const auto shared =
      static_cast<std::size_t>(std::count_if(a.begin(), a.end(), [&](const auto& text) { return b.count(text) != 0; }));
  return shared > 0 && shared * 2 >= std::min(a.size(), b.size());
}

bool share_jobs(const Pipeline& a, const Pipeline& b) {
  return std::any_of(a.jobs.begin(), a.jobs.end(), [&](const Job& job) {
    return std::any_of(b.jobs.begin(), b.jobs.end(),
                       [&](const Job& other) { return job.id == other.id && run_alike(job, other); });
  });
}

std::vector<const Pipeline*> touched(Change& change, bool after) {
  if (!change.touches_execution()) return {};
  return change.touched_pipelines(after ? change.after_execution() : change.before_execution());
}

}  // namespace

bool run_alike(const Step& a, const Step& b) {
  return alike(runs(a), runs(b));
}

bool run_alike(const Job& a, const Job& b) {
  return alike(runs(a), runs(b));
}

std::vector<PipelinePair> pair_pipelines(Change& change) {
  auto before = touched(change, false), after = touched(change, true);
  std::vector<PipelinePair> pairs;
  pair_where(pairs, before, after, [](const Pipeline& a, const Pipeline& b) { return a.path == b.path; });
  pair_where(pairs, before, after,
             [](const Pipeline& a, const Pipeline& b) { return a.system == b.system && share_jobs(a, b); });
  add_leftovers(pairs, before, after);
  return pairs;
}

std::vector<JobPair> pair_jobs(const PipelinePair& pipelines) {
  auto before = pointers(pipelines.before != nullptr ? &pipelines.before->jobs : nullptr);
  auto after = pointers(pipelines.after != nullptr ? &pipelines.after->jobs : nullptr);
  std::vector<JobPair> pairs;
  pair_where(pairs, before, after, [](const Job& a, const Job& b) { return a.id == b.id; });
  pair_where(pairs, before, after, [](const Job& a, const Job& b) { return !a.name.empty() && a.name == b.name; });
  pair_where(pairs, before, after, [](const Job& a, const Job& b) { return run_alike(a, b); });
  add_leftovers(pairs, before, after);
  return pairs;
}

std::vector<StepPair> pair_steps(const JobPair& jobs) {
  auto before = pointers(jobs.before != nullptr ? &jobs.before->steps : nullptr);
  auto after = pointers(jobs.after != nullptr ? &jobs.after->steps : nullptr);
  std::vector<StepPair> pairs;
  pair_where(pairs, before, after, [](const Step& a, const Step& b) { return !a.id.empty() && a.id == b.id; });
  pair_where(pairs, before, after, [](const Step& a, const Step& b) { return !a.name.empty() && a.name == b.name; });
  pair_where(pairs, before, after,
             [](const Step& a, const Step& b) { return !a.uses.empty() && a.uses == b.uses && a.with == b.with; });
  pair_where(pairs, before, after, [](const Step& a, const Step& b) { return !a.uses.empty() && a.uses == b.uses; });
  pair_where(pairs, before, after, [](const Step& a, const Step& b) { return !a.run.empty() && a.run == b.run; });
  pair_where(pairs, before, after, [](const Step& a, const Step& b) { return run_alike(a, b); });
  add_leftovers(pairs, before, after);
  return pairs;
}

std::string subject(const Job& job) {
  return "job " + job.id;
}

std::string subject(const Job& job, const Step& step) {
  std::string name = step.name.empty() ? step.id : step.name;
  if (name.empty()) name = step.uses;
  if (name.empty() && !step.script.commands.empty()) name = document::identity(step.script.commands.front());
  if (name.size() > 80) name.resize(80);
  return subject(job) + " / step " + (name.empty() ? "unnamed" : name);
}

bool credentialed(const Job& job) {
  return job.inherits_secrets || std::any_of(job.credentials.begin(), job.credentials.end(), [](const auto& use) {
           return use.kind != pipeline::CredentialUse::Kind::platform_token;
         });
}

bool deploys(const Job& job, const reach::Knowledge& knowledge) {
  if (!job.environment.empty()) return true;
  return std::any_of(job.steps.begin(), job.steps.end(), [&](const Step& step) {
    const auto* effect = step.uses.empty() ? nullptr : knowledge.effect(step.uses, step.with);
    if (effect != nullptr && effect->release) return true;
    return std::any_of(step.script.commands.begin(), step.script.commands.end(), [&](const auto& command) {
      const auto* done = knowledge.effect(command);
      return done != nullptr && done->release && !reach::only_reaches_own_database(job, *done, knowledge);
    });
  });
}

bool is_privileged(const Pipeline& pipeline, const reach::Knowledge& knowledge) {
  return std::any_of(pipeline.events.begin(), pipeline.events.end(), [&](const auto& event) {
    return std::find(knowledge.privileged_events.begin(), knowledge.privileged_events.end(), event.name) !=
           knowledge.privileged_events.end();
  });
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
  std::string result;
  for (const auto& text : texts) {
    if (!result.empty()) result += separator;
    result += text;
  }
  return result;
}

std::string event_names(const Pipeline& pipeline) {
  std::set<std::string> names;
  for (const auto& event : pipeline.events) names.insert(event.name);
  return joined({names.begin(), names.end()}, " ");
}

namespace {

std::string events_of(const std::vector<pipeline::Event>& events) {
  std::set<std::string> texts;
  for (const auto& event : events) texts.insert(event.name);
  return "events: " + joined({texts.begin(), texts.end()}, " ");
}

std::string_view word(pipeline::Access access) {
  switch (access) {
    case pipeline::Access::none:
      return "none";
    case pipeline::Access::read:
      return "read";
    case pipeline::Access::write:
      return "write";
  }
  return "none";
}

}  // namespace

std::string surroundings(const Pipeline& pipeline, const Job& job) {
  auto text = events_of(job.events.empty() ? pipeline.events : job.events);
  if (!job.environment.empty()) text += "; environment: " + job.environment;
  if (!job.permissions_default) {
    std::vector<std::string> permissions;
    for (const auto& [scope, access] : job.permissions) permissions.push_back(scope + "=" + std::string(word(access)));
    text += "; permissions: " + (permissions.empty() ? "none" : joined(permissions, " "));
  }
  std::set<std::string> names;
  for (const auto& use : job.credentials) names.insert(use.name);
  if (!names.empty()) text += "; credentials: " + joined({names.begin(), names.end()}, " ");
  return text;
}

Fact pipeline_fact(const PipelinePair& pipelines, std::string kind) {
  const auto& pipeline = pipelines.either();
  Fact fact;
  fact.kind = std::move(kind);
  fact.path = pipeline.path;
  fact.line = pipelines.after != nullptr ? 1 : 0;
  fact.line_before = pipelines.before != nullptr ? 1 : 0;
  fact.subject = "pipeline";
  fact.context = events_of(pipeline.events);
  fact.attributes["system"] = pipeline::to_string(pipeline.system);
  fact.attributes["events"] = event_names(pipeline);
  fact.attributes["judges"] = pipeline.judges_changes() ? "true" : "false";
  return fact;
}

Fact job_fact(Change& change, const Place& place, std::string kind) {
  auto fact = pipeline_fact(place.pipelines, std::move(kind));
  const auto& job = place.jobs.either();
  const auto& pipeline = place.pipelines.either();
  const auto flag = [](bool value) { return std::string(value ? "true" : "false"); };
  fact.subject = subject(job);
  if (!job.path.empty()) fact.path = job.path;
  fact.line = place.jobs.after != nullptr ? place.jobs.after->line : 0;
  fact.line_before = place.jobs.before != nullptr ? place.jobs.before->line : 0;
  fact.target.environment = job.environment;
  fact.context = surroundings(pipeline, job);
  fact.attributes["job"] = job.id;
  fact.attributes["environment"] = job.environment;
  fact.attributes["production"] = flag(change.policy().is_production(job.environment));
  fact.attributes["privileged"] = flag(is_privileged(pipeline, change.knowledge()));
  fact.attributes["credentialed"] = flag(credentialed(job));
  fact.attributes["deploys"] = flag(deploys(job, change.knowledge()));
  return fact;
}

Fact step_fact(Change& change, const Place& place, const StepPair& steps, std::string kind) {
  auto fact = job_fact(change, place, std::move(kind));
  fact.subject = subject(place.jobs.either(), steps.either());
  fact.line = steps.after != nullptr ? steps.after->line : 0;
  fact.line_before = steps.before != nullptr ? steps.before->line : 0;
  fact.attributes["step"] =
      fact.subject.substr(fact.subject.find(" / ") == std::string::npos ? 0 : fact.subject.find(" / ") + 8);
  return fact;
}

}  // namespace tollbar::rule
