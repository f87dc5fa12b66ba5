// Conditions, gates and events, from the outside in: the first thing that swallows a failure is the one that is named.
#include "reach/enforcement.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "reach/later_verdict.h"

namespace tollbar::reach {
namespace {

using pipeline::Job;
using pipeline::Pipeline;
using pipeline::Truth;

constexpr std::string_view kCall = "workflow_call";

void give_up(Enforcement& enforcement, std::string why, std::uint32_t line) {
  enforcement.left_to_callers = false;
  if (!enforcement.enforced) return;
  enforcement.enforced = false;
  enforcement.why = std::move(why);
  enforcement.line = line;
}

/// A condition that holds only where something before it failed: what then fails changes no verdict.
bool only_after_failure(std::string_view condition) {
  std::string text;
  for (const char byte : condition) {
    if (byte != ' ') text += byte;
  }
  constexpr std::array<std::string_view, 4> kWhole{"failure()", "failed()", "on_fail", "when:on_failure"};
  if (std::find(kWhole.begin(), kWhole.end(), text) != kWhole.end()) return true;
  const bool status = text.starts_with("when") && std::count(text.begin(), text.end(), '{') == 1 &&
                      text.find("status:") != std::string::npos && text.find("failure") != std::string::npos &&
                      text.find("success") == std::string::npos;
  if (status) return true;
  const bool joined = text.starts_with("failure()&&") || text.ends_with("&&failure()");
  return (joined && text.find("||") == std::string::npos) || text.starts_with("and(failed(),");
}

void apply_condition(Enforcement& enforcement, const pipeline::Condition& condition) {
  const std::string text = "if: " + condition.text;
  const bool handed = condition.text.find("inputs.") != std::string::npos;
  if (condition.truth == Truth::never)
    give_up(enforcement, handed ? text + " does not hold with what its caller hands it" : text, condition.line);
  if (condition.truth != Truth::never && only_after_failure(condition.text))
    give_up(enforcement, "runs only after a failure", condition.line);
  const bool narrows = condition.truth == Truth::depends || condition.truth == Truth::unlikely;
  if (narrows && !condition.text.empty()) enforcement.narrowing.push_back(text);
}

/// A job that runs whatever became of those it needs.
bool runs_regardless(const Job& job) {
  const std::string& text = job.condition.text;
  return text.find("always()") != std::string::npos || text.find("cancelled()") != std::string::npos ||
         text.find("failure()") != std::string::npos;
}

/// The first needed job that never runs, directly or through others; null where all may run. Each job is looked at
/// once: in a pipeline whose stages all wait for all before them, the ways through `needs` are without number.
const Job* blocked_by(const Pipeline& pipeline, const Job& job) {
  std::map<std::string_view, const Job*> jobs;
  if (!job.needs.empty()) {
    for (const Job& other : pipeline.jobs) jobs.emplace(other.id, &other);
  }
  std::set<const Job*> seen{&job};
  std::vector<const Job*> open{&job};
  while (!open.empty()) {
    const Job* waiting = open.back();
    open.pop_back();
    if (runs_regardless(*waiting)) continue;
    for (const auto& name : waiting->needs) {
      const auto needed = jobs.find(name);
      if (needed == jobs.end() || !seen.insert(needed->second).second) continue;
      const Job* other = needed->second;
      if (other->condition.truth == Truth::never || other->hidden || other->matrix_emptied) return other;
      open.push_back(other);
    }
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
  if (const Job* blocker = blocked_by(pipeline, job)) {
    give_up(enforcement, "needs " + blocker->id + ", which never runs", job.line);
  }
}

void keep_judging(std::vector<pipeline::Event>& events, bool called_elsewhere) {
  std::erase_if(events, [&](const pipeline::Event& event) {
    if (called_elsewhere && event.name == kCall) return false;
    const auto branches = event.filters.find("branches");
    return !event.judges_changes() || event.voluntary || (branches != event.filters.end() && branches->second.empty());
  });
}

}  // namespace

Enforcement enforcement_of(const Pipeline& pipeline, const Job& job, bool called_elsewhere) {
  Enforcement enforcement;
  apply_condition(enforcement, pipeline.condition);
  enforcement.events = job.events.empty() ? pipeline.events : job.events;
  const std::uint32_t line = enforcement.events.empty() ? job.line : enforcement.events.front().line;
  const bool callable = enforcement.enforced && std::any_of(enforcement.events.begin(), enforcement.events.end(),
                                                            [](const auto& event) { return event.name == kCall; });
  keep_judging(enforcement.events, called_elsewhere);
  if (enforcement.events.empty()) {
    give_up(enforcement, "no event that judges changes starts it", line);
    enforcement.left_to_callers = callable;
  }
  apply_job(enforcement, pipeline, job);
  if (!enforcement.enforced) enforcement.path = pipeline.path;
  return enforcement;
}

Enforcement within_call(const Enforcement& caller, const Pipeline& called, const Job& job) {
  Enforcement enforcement = caller;
  apply_job(enforcement, called, job);
  if (caller.enforced && !enforcement.enforced) enforcement.path = called.path;
  return enforcement;
}

void not_awaited(Enforcement& enforcement, const Pipeline& caller, std::uint32_t line) {
  if (enforcement.enforced) enforcement.path = caller.path;
  give_up(enforcement, "nothing waits for what it starts", line);
}

Enforcement within_job(const Enforcement& given, const Pipeline& own, const Job& job, const pipeline::Step& step) {
  Enforcement enforcement = given;
  apply_condition(enforcement, step.condition);
  if (step.may_fail && !judged_later(job, step)) give_up(enforcement, "continue-on-error: true", step.line);
  if (step.is_cleanup) give_up(enforcement, "runs after the verdict", step.line);
  if (step.may_fail_sometimes) enforcement.narrowing.emplace_back("continue-on-error by an expression");
  if (given.enforced && !enforcement.enforced) enforcement.path = own.path;
  return enforcement;
}

}  // namespace tollbar::reach
