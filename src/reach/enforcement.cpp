// Conditions, gates and events, from the outside in: the first thing that swallows a failure is the one that is named.
#include "reach/enforcement.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace tollbar::reach {
namespace {

using pipeline::Job;
using pipeline::Pipeline;
using pipeline::Truth;

void give_up(Enforcement& enforcement, std::string why, std::uint32_t line) {
  if (!enforcement.enforced) return;
  enforcement.enforced = false;
  enforcement.why = std::move(why);
  enforcement.line = line;
}

void apply_condition(Enforcement& enforcement, const pipeline::Condition& condition) {
  const std::string text = "if: " + condition.text;
  if (condition.truth == Truth::never) give_up(enforcement, text, condition.line);
  const bool narrows = condition.truth == Truth::depends || condition.truth == Truth::unlikely;
  if (narrows && !condition.text.empty()) enforcement.narrowing.push_back(text);
}

/// A job that runs whatever became of those it needs.
bool runs_regardless(const Job& job) {
  const std::string& text = job.condition.text;
  return text.find("always()") != std::string::npos || text.find("cancelled()") != std::string::npos ||
         text.find("failure()") != std::string::npos;
}

/// The first needed job that never runs, directly or through others; null where all may run.
const Job* blocked_by(const Pipeline& pipeline, const Job& job, std::size_t depth) {
  if (depth > pipeline.jobs.size() || runs_regardless(job)) return nullptr;
  for (const auto& name : job.needs) {
    const auto needed =
        std::find_if(pipeline.jobs.begin(), pipeline.jobs.end(), [&](const Job& other) { return other.id == name; });
    if (needed == pipeline.jobs.end() || &*needed == &job) continue;
    if (needed->condition.truth == Truth::never || needed->hidden || needed->matrix_emptied) return &*needed;
    if (const Job* further = blocked_by(pipeline, *needed, depth + 1)) return further;
  }
  return nullptr;
}

void apply_job(Enforcement& enforcement, const Pipeline& pipeline, const Job& job) {
  if (job.hidden) give_up(enforcement, "hidden job", job.line);
  if (job.matrix_emptied) give_up(enforcement, "empty matrix", job.line);
  apply_condition(enforcement, job.condition);
  if (job.may_fail) give_up(enforcement, "continue-on-error: true", job.line);
  if (job.gated) give_up(enforcement, "waits for a person", job.line);
  const bool by_leg = pipeline.system == pipeline::System::travis || pipeline.system == pipeline::System::appveyor;
  if (job.may_fail_sometimes)
    enforcement.narrowing.emplace_back(by_leg ? kLegsMayFail : "continue-on-error by an expression");
  if (const Job* blocker = blocked_by(pipeline, job, 0)) {
    give_up(enforcement, "needs " + blocker->id + ", which never runs", job.line);
  }
}

void keep_judging(std::vector<pipeline::Event>& events, bool called_elsewhere) {
  std::erase_if(events, [&](const pipeline::Event& event) {
    if (called_elsewhere && event.name == "workflow_call") return false;
    const auto branches = event.filters.find("branches");
    return !event.judges_changes() || (branches != event.filters.end() && branches->second.empty());
  });
}

}  // namespace

Enforcement enforcement_of(const Pipeline& pipeline, const Job& job, bool called_elsewhere) {
  Enforcement enforcement;
  apply_condition(enforcement, pipeline.condition);
  enforcement.events = job.events.empty() ? pipeline.events : job.events;
  const std::uint32_t line = enforcement.events.empty() ? job.line : enforcement.events.front().line;
  keep_judging(enforcement.events, called_elsewhere);
  if (enforcement.events.empty()) give_up(enforcement, "no event that judges changes starts it", line);
  apply_job(enforcement, pipeline, job);
  return enforcement;
}

Enforcement within_call(const Enforcement& caller, const Pipeline& called, const Job& job) {
  Enforcement enforcement = caller;
  apply_job(enforcement, called, job);
  return enforcement;
}

Enforcement within_job(const Enforcement& job, const pipeline::Step& step) {
  Enforcement enforcement = job;
  apply_condition(enforcement, step.condition);
  if (step.may_fail) give_up(enforcement, "continue-on-error: true", step.line);
  if (step.is_cleanup) give_up(enforcement, "runs after the verdict", step.line);
  if (step.may_fail_sometimes) enforcement.narrowing.emplace_back("continue-on-error by an expression");
  return enforcement;
}

}  // namespace tollbar::reach
