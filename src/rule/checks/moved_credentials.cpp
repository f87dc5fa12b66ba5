// A key that follows its work into another file is no new key; one that becomes easier to reach on the way is.
#include "rule/checks/moved_credentials.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "text/words.h"

namespace tollbar::rule {
namespace {

using pipeline::CredentialUse;
using pipeline::Event;
using pipeline::Job;
using pipeline::Pipeline;
using pipeline::Step;

bool same_use(const CredentialUse& a, const CredentialUse& b) {
  return a.kind == b.kind && a.name == b.name && a.bound_to == b.bound_to;
}

bool holds(const std::vector<CredentialUse>& uses, const CredentialUse& wanted) {
  return std::any_of(uses.begin(), uses.end(), [&](const CredentialUse& use) { return same_use(use, wanted); });
}

/// Who can start something, from few to everybody.
enum class Starters : std::uint8_t { maintainers, writers, requesters, outsiders };

Starters starters(const Event& event, const reach::Knowledge& knowledge) {
  const auto& privileged = knowledge.privileged_events;
  if (std::find(privileged.begin(), privileged.end(), event.name) != privileged.end()) return Starters::outsiders;
  if (event.name == "push") return event.filters.count("branches") != 0 ? Starters::maintainers : Starters::writers;
  if (text::is_one_of(event.name, {"tag", "create", "release", "schedule", "merge_group"}))
    return Starters::maintainers;
  if (text::is_one_of(event.name, {"manual", "workflow_dispatch", "api"})) return Starters::writers;
  return event.name == "pull_request" ? Starters::requesters : Starters::outsiders;
}

Starters starters(const Pipeline& pipeline, const Job& job, const reach::Knowledge& knowledge) {
  auto most = Starters::maintainers;
  for (const auto& event : job.events.empty() ? pipeline.events : job.events)
    most = std::max(most, starters(event, knowledge));
  return most;
}

/// Each bar that stood before the old one stands before the new one.
bool as_guarded(const pipeline::Condition& before, const pipeline::Condition& after) {
  return before.text.empty() || !after.text.empty();
}

bool as_guarded(const Job& before, const Job& after) {
  return (before.environment.empty() || before.environment == after.environment) && (!before.gated || after.gated) &&
         as_guarded(before.condition, after.condition);
}

bool went_with_step(const CredentialUse& use, const Job& before, const Job& after) {
  return std::any_of(after.steps.begin(), after.steps.end(), [&](const Step& now) {
    return holds(now.credentials, use) && std::any_of(before.steps.begin(), before.steps.end(), [&](const Step& old) {
             return holds(old.credentials, use) && run_alike(old, now) && as_guarded(old.condition, now.condition);
           });
  });
}

bool same_job(const Job& before, const Job& after) {
  const bool same_name = before.id == after.id || (!before.name.empty() && before.name == after.name);
  return same_name && run_alike(before, after);
}

bool is_name_byte(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
}

}  // namespace

MovedCredentials::MovedCredentials(Change& change, const std::vector<PipelinePair>& pipelines) : change_(&change) {
  for (const auto& pair : pipelines) {
    if (pair.before == nullptr) continue;
    for (const auto& jobs : pair_jobs(pair)) {
      if (jobs.before == nullptr) continue;
      for (const auto& use : jobs.before->credentials)
        if (jobs.after == nullptr || !holds(jobs.after->credentials, use))
          gone_.push_back({pair.before, jobs.before, &use});
    }
  }
}

bool MovedCredentials::contains(const CredentialUse& use, const Pipeline& pipeline, const Job& job) const {
  const auto& knowledge = change_->knowledge();
  return std::any_of(gone_.begin(), gone_.end(), [&](const Gone& gone) {
    return same_use(*gone.use, use) && gone.pipeline->system == pipeline.system && as_guarded(*gone.job, job) &&
           starters(pipeline, job, knowledge) <= starters(*gone.pipeline, *gone.job, knowledge) &&
           (same_job(*gone.job, job) || went_with_step(use, *gone.job, job));
  });
}

bool written_in_broken(Change& change, const PipelinePair& pipelines, const CredentialUse& use) {
  if (pipelines.before == nullptr || !pipelines.before->broken) return false;
  auto* file = change.file(pipelines.before->path);
  if (file == nullptr) return false;
  const auto text = file->before_text();
  for (auto at = text.find(use.name); at != std::string_view::npos; at = text.find(use.name, at + 1)) {
    const auto end = at + use.name.size();
    if ((at == 0 || !is_name_byte(text[at - 1])) && (end == text.size() || !is_name_byte(text[end]))) return true;
  }
  return false;
}

}  // namespace tollbar::rule
