// Which steps are one job, which jobs others wait for, and what starts them.
#include "reach/action_jobs.h"

#include <algorithm>
#include <utility>

namespace tollbar::reach {
namespace {

using pipeline::Event;
using pipeline::Job;
using pipeline::Pipeline;

bool same_calls(const ExecutedStep& a, const ExecutedStep& b, std::size_t depth) {
  if (a.calls.size() < depth || b.calls.size() < depth) return false;
  for (std::size_t i = 0; i < depth; ++i) {
    if (a.calls[i].path != b.calls[i].path || a.calls[i].part != b.calls[i].part) return false;
  }
  return true;
}

bool same_job(const ExecutedStep& a, const ExecutedStep& b) {
  return a.job == b.job && a.context == b.context && same_calls(a, b, std::max(a.calls.size(), b.calls.size()));
}

const Job* job_named(const Pipeline* pipeline, const std::string& id) {
  if (pipeline == nullptr) return nullptr;
  for (const auto& job : pipeline->jobs) {
    if (job.id == id) return &job;
  }
  return nullptr;
}

/// Where a job waits for one that runs on some branches only, so does it: their filters hold for the events of the same
/// name that have none, and events that do not start the other start nothing.
void narrow(const std::vector<Event>& by, std::vector<Event>& events) {
  std::erase_if(events, [&](Event& event) {
    const auto same = std::find_if(by.begin(), by.end(), [&](const Event& other) { return other.name == event.name; });
    if (same == by.end()) return true;
    for (const auto& [filter, values] : same->filters) event.filters.emplace(filter, values);
    return false;
  });
}

}  // namespace

ActionJobs::ActionJobs(const PipelineExecution& run, const Knowledge& knowledge, const WorkflowEvents& workflows)
    : run_(run), knowledge_(knowledge), workflows_(workflows) {
  for (const auto& step : run.steps) {
    if (step.job == nullptr) continue;
    if (groups_.empty() || !same_job(*groups_.back().front(), step)) groups_.emplace_back();
    groups_.back().push_back(&step);
  }
}

JobSurroundings ActionJobs::around(const JobSteps& steps) const {
  const auto& step = *steps.front();
  JobSurroundings around{checks_before(step), {}, events_of(*step.job), &workflows_};
  for (std::size_t depth = 0; depth < step.calls.size(); ++depth)
    if (const auto* job = caller(step, depth)) around.callers.push_back(job);
  return around;
}

/// In CircleCI a job that requires another runs only where that one did.
std::vector<Event> ActionJobs::events_of(const Job& job) const {
  auto events = job.events.empty() ? run_.pipeline->events : job.events;
  if (run_.pipeline->system != pipeline::System::circleci) return events;
  std::set<std::string> seen{job.id};
  std::vector<const Job*> waiting{&job};
  while (!waiting.empty()) {
    const auto* next = waiting.back();
    waiting.pop_back();
    for (const auto& need : next->needs) {
      const auto* needed = job_named(run_.pipeline.get(), need);
      if (needed == nullptr || !seen.insert(need).second) continue;
      if (!needed->events.empty()) narrow(needed->events, events);
      waiting.push_back(needed);
    }
  }
  return events;
}

/// A job that this one waits for, directly or not, checks.
Before ActionJobs::checks_before(const ExecutedStep& step) const {
  const auto& events = step.job->events.empty() ? run_.pipeline->events : step.job->events;
  const bool after_another = !events.empty() && std::all_of(events.begin(), events.end(), [](const auto& event) {
    return event.name == "workflow_run" || event.name == "merge_group";
  });
  Before result = after_another ? Before::maybe : Before::none;
  std::set<std::string> seen;
  for (std::size_t depth = 0; depth <= step.calls.size(); ++depth) {
    const auto* job = depth == step.calls.size() ? step.job : caller(step, depth);
    if (job != nullptr && waits_for_check(step, depth, *job, seen)) result = Before::present;
  }
  return result;
}

const Pipeline* ActionJobs::pipeline_at(const ExecutedStep& step, std::size_t depth) const {
  if (depth == 0) return run_.pipeline.get();
  for (const auto& called : run_.called) {
    if (called->path == step.calls[depth - 1].path) return called.get();
  }
  return nullptr;
}

const Job* ActionJobs::caller(const ExecutedStep& step, std::size_t depth) const {
  return job_named(pipeline_at(step, depth), step.calls[depth].part);
}

bool ActionJobs::waits_for_check(const ExecutedStep& step, std::size_t depth, const Job& job,
                                 std::set<std::string>& seen) const {
  return std::any_of(job.needs.begin(), job.needs.end(), [&](const std::string& need) {
    if (!seen.insert(std::to_string(depth) + " " + need).second) return false;
    const bool checked = std::any_of(run_.steps.begin(), run_.steps.end(), [&](const ExecutedStep& other) {
      if (other.job == nullptr || !same_calls(step, other, depth)) return false;
      const bool its = other.calls.size() == depth ? other.job->id == need : other.calls[depth].part == need;
      return its && checks(other, knowledge_);
    });
    const auto* needed = job_named(pipeline_at(step, depth), need);
    return checked || (needed != nullptr && waits_for_check(step, depth, *needed, seen));
  });
}

}  // namespace tollbar::reach
