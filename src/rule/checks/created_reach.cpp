// Facts about reach that a change creates: what a job with power newly runs, in files that the change leaves as they
// are, and calls that nobody can follow.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "rule/checks/pairs.h"
#include "rule/checks/producers.h"
#include "rule/checks/ways.h"
#include "rule/matching.h"

namespace tollbar::rule {
namespace {

using reach::ExecutedStep;
using reach::Execution;

/// The executions of pipelines that `other` has not: what runs alike before and after creates nothing.
std::vector<const reach::PipelineExecution*> only_in(const Execution& execution, const Execution& other) {
  std::set<const reach::PipelineExecution*> shared;
  for (const auto& run : other.pipelines) shared.insert(run.get());
  std::vector<const reach::PipelineExecution*> result;
  for (const auto& run : execution.pipelines)
    if (shared.count(run.get()) == 0) result.push_back(run.get());
  return result;
}

/// It leads to files, or nobody knows where.
bool leads_on(const ExecutedStep& step) {
  return !step.calls.empty() || !step.files.empty() || !step.unknown.empty();
}

template <typename Visit>
void each_file(const ExecutedStep& step, Visit visit) {
  for (const auto& link : step.calls) visit(link.path, std::string(), std::vector<reach::Link>{link});
  for (const auto& file : step.files) visit(file.path, file.part, file.chain);
}

/// A file, or a part of it, that runs with some power; or a computed call that does.
using Reached = std::pair<std::string, std::string>;

std::string name_of(const std::string& path, const std::string& part) {
  return part.empty() ? path : path + ": " + part;
}

/// What steps lead to: `path: part`, `path: command`.
struct Names {
  std::set<std::string> files, calls;

  void add(const ExecutedStep& step) {
    each_file(step, [&](const auto& path, const auto& part, const auto&) { files.insert(name_of(path, part)); });
    for (const auto& call : step.unknown) calls.insert(name_of(call.path, call.text));
  }
};

/// What was in reach of each power before the change, wherever it ran. The pipelines that the change touches answer
/// first: mostly they ran it already, and the others need not be looked through.
class Known {
 public:
  /// `asked_for` is all that will be asked for.
  Known(std::vector<const reach::PipelineExecution*> changed, const Execution& all, Names asked_for, Powers& powers)
      : changed_(std::move(changed)), all_(all), asked_for_(std::move(asked_for)), powers_(powers) {}

  bool file(const Reached& reached) { return holds(&Runs::files, reached); }
  bool call(const Reached& reached) { return holds(&Runs::calls, reached); }

 private:
  struct Runs {
    std::set<Reached> files, calls;  ///< a name and a power
  };

  bool holds(std::set<Reached> Runs::*kind, const Reached& reached) {
    if (!near_) near_ = runs_of(changed_);
    if (((*near_).*kind).count(reached) != 0) return true;
    if (!far_) {
      std::vector<const reach::PipelineExecution*> others;
      for (const auto& run : all_.pipelines)
        if (std::find(changed_.begin(), changed_.end(), run.get()) == changed_.end()) others.push_back(run.get());
      far_ = runs_of(others);
    }
    return ((*far_).*kind).count(reached) != 0;
  }

  Runs runs_of(const std::vector<const reach::PipelineExecution*>& executions) {
    Runs runs;
    for (const auto* execution : executions)
      for (const auto& step : execution->steps) {
        Names names;
        names.add(step);
        std::erase_if(names.files, [&](const std::string& name) { return asked_for_.files.count(name) == 0; });
        std::erase_if(names.calls, [&](const std::string& name) { return asked_for_.calls.count(name) == 0; });
        if (names.files.empty() && names.calls.empty()) continue;
        for (const auto& power : powers_.of(step)) {
          for (const auto& name : names.files) runs.files.emplace(name, power);
          for (const auto& name : names.calls) runs.calls.emplace(name, power);
        }
      }
    return runs;
  }

  std::vector<const reach::PipelineExecution*> changed_;
  const Execution& all_;
  Names asked_for_;
  Powers& powers_;
  std::optional<Runs> near_, far_;
};

/// The job has the same power on both sides, as far as its own words say; its steps are the same.
bool same_power(const pipeline::Job& a, const pipeline::Job& b) {
  return a.environment == b.environment && a.permissions_default == b.permissions_default &&
         a.permissions == b.permissions && a.credentials == b.credentials && a.inherits_secrets == b.inherits_secrets &&
         a.runner.labels == b.runner.labels;
}

/// What a job ran, step by step.
struct RunJob {
  const reach::PipelineExecution* execution = nullptr;
  std::size_t first = 0, end = 0;  ///< of its steps

  const ExecutedStep& step() const { return execution->steps[first]; }
  /// The runs of its steps, which a job that runs alike shares.
  std::vector<const reach::StepRun*> runs() const {
    std::vector<const reach::StepRun*> runs;
    for (auto i = first; i < end; ++i) runs.push_back(execution->steps[i].run.get());
    return runs;
  }
  bool same_reach(const RunJob& other) const {
    const auto alike = [](const ExecutedStep& a, const ExecutedStep& b) {
      return a.credentials == b.credentials &&
             std::equal(a.calls.begin(), a.calls.end(), b.calls.begin(), b.calls.end(),
                        [](const auto& one, const auto& its) { return one.path == its.path; });
    };
    const auto at = [](const RunJob& job, std::size_t step) {
      return job.execution->steps.begin() + static_cast<std::ptrdiff_t>(step);
    };
    return execution->pipeline->system == other.execution->pipeline->system && step().job->id == other.step().job->id &&
           same_power(*step().job, *other.step().job) &&
           std::equal(at(*this, first), at(*this, end), at(other, other.first), at(other, other.end), alike);
  }
};

std::vector<RunJob> jobs_of(const reach::PipelineExecution& execution) {
  const auto& steps = execution.steps;
  std::vector<RunJob> jobs;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].run == nullptr) continue;
    const bool goes_on = i > 0 && steps[i - 1].job == steps[i].job && steps[i - 1].step < steps[i].step;
    if (!goes_on || jobs.empty()) jobs.push_back({&execution, i, i});
    jobs.back().end = i + 1;
  }
  return jobs;
}

/// The steps that may reach something with a power that did not reach it before: none of a job that ran them all before
/// the change with the power that it has now.
std::vector<const ExecutedStep*> steps_to_ask(const std::vector<const reach::PipelineExecution*>& now,
                                              const std::vector<const reach::PipelineExecution*>& before) {
  std::multimap<std::vector<const reach::StepRun*>, RunJob> earlier;
  for (const auto* execution : before)
    for (const auto& job : jobs_of(*execution)) earlier.emplace(job.runs(), job);
  std::vector<const ExecutedStep*> steps;
  for (const auto* execution : now) {
    std::vector<bool> stands(execution->steps.size());
    for (const auto& job : jobs_of(*execution)) {
      const auto [first, last] = earlier.equal_range(job.runs());
      if (std::any_of(first, last, [&](const auto& entry) { return job.same_reach(entry.second); }))
        std::fill(stands.begin() + static_cast<std::ptrdiff_t>(job.first),
                  stands.begin() + static_cast<std::ptrdiff_t>(job.end), true);
    }
    for (std::size_t i = 0; i < execution->steps.size(); ++i) {
      const auto& step = execution->steps[i];
      if (!stands[i] && step.job != nullptr && step.pipeline != nullptr && leads_on(step)) steps.push_back(&step);
    }
  }
  return steps;
}

/// What one job newly reaches.
struct Gain {
  const ExecutedStep* step = nullptr;
  std::vector<std::string> way;  ///< to the first file
  std::set<std::string> files, powers, ways;
};

Fact fact_at(const ExecutedStep& step, std::string kind, Powers& powers) {
  Fact fact;
  fact.kind = std::move(kind);
  fact.path =
      step.job->path.empty() ? step.calls.empty() ? step.pipeline->path : step.calls.back().path : step.job->path;
  fact.line = step.step != nullptr ? step.step->line : step.job->line;
  for (const auto& use : powers.acting_credentials(step))
    if (fact.authority.credential.empty()) fact.authority = {use.name, use.source, use.scope};
  fact.target.environment = step.job->environment;
  fact.attributes["job"] = step.job->id;
  fact.attributes["credentialed"] = powers.acting_credentials(step).empty() ? "false" : "true";
  return fact;
}

void report(const Gain& gain, Powers& powers, std::vector<Fact>& facts) {
  auto fact = fact_at(*gain.step, "reach-created", powers);
  fact.subject = subject(*gain.step->job) + " reaches " + *gain.files.begin();
  if (gain.files.size() > 1) fact.subject += " and " + std::to_string(gain.files.size() - 1) + " more";
  fact.after = shortened(joined({gain.files.begin(), gain.files.end()}));
  fact.reach = gain.way;
  fact.context = all_ways(gain.ways);
  fact.attributes["files"] = fact.after;
  fact.attributes["power"] = joined({gain.powers.begin(), gain.powers.end()});
  fact.attributes["chain"] = joined(gain.way, " <- ");
  facts.push_back(std::move(fact));
}

void report(const ExecutedStep& step, const reach::UnknownCall& call, Powers& powers, std::vector<Fact>& facts) {
  auto fact = fact_at(step, "unknown-call-added", powers);
  fact.path = call.path;
  fact.line = call.line;
  fact.subject = subject(*step.job) + " / computed call";
  fact.after = shortened(call.text);
  fact.reach = way_text(call.path, call.chain, step, powers);
  fact.context = joined(fact.reach, " <- ");
  fact.attributes["call"] = fact.after;
  fact.attributes["chain"] = fact.context;
  facts.push_back(std::move(fact));
}

}  // namespace

void created_reach_facts(Change& change, std::vector<Fact>& facts) {
  if (!change.touches_execution() || &change.before_execution() == &change.after_execution()) return;
  const auto changed = only_in(change.after_execution(), change.before_execution());
  if (changed.empty()) return;
  const auto before = only_in(change.before_execution(), change.after_execution());
  const auto steps = steps_to_ask(changed, before);
  Names names;
  for (const auto* step : steps) names.add(*step);
  auto& powers = change.powers();
  Known known(before, change.before_execution(), std::move(names), powers);
  std::set<std::string_view> altered;
  for (const auto& file : change.files()) altered.insert(file.path());
  std::map<const pipeline::Job*, Gain> gains;
  std::set<std::pair<std::string, std::string>> said;
  for (const auto* step : steps) {
    for (const auto& power : powers.of(*step)) {
      each_file(*step, [&](const std::string& path, const std::string& part, const auto& chain) {
        if (altered.count(path) != 0 || known.file({name_of(path, part), power})) return;
        auto& gain = gains[step->job];
        auto way = way_text(path, chain, *step, powers);
        gain.ways.insert(name_of(path, part) + " <- " + joined(way, " <- "));
        gain.files.insert(name_of(path, part));
        gain.powers.insert(power);
        if (gain.step != nullptr) return;
        gain.step = step;
        gain.way = std::move(way);
      });
      for (const auto& call : step->unknown)
        if (!known.call({name_of(call.path, call.text), power}) &&
            said.emplace(step->job->id, name_of(call.path, call.text)).second)
          report(*step, call, powers, facts);
    }
  }
  std::vector<const Gain*> ordered;
  for (const auto& [job, gain] : gains) ordered.push_back(&gain);
  std::sort(ordered.begin(), ordered.end(), [](const Gain* a, const Gain* b) { return a->ways < b->ways; });
  for (const auto* gain : ordered) report(*gain, powers, facts);
}

}  // namespace tollbar::rule
