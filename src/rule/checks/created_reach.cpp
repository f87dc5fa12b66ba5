// Facts about reach that a change creates: what a job with power newly runs, in files that the change leaves as they
// are, and calls that nobody can follow.
#include <algorithm>
#include <map>
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

/// What was in reach of each power before the change, wherever it ran. The pipelines that the change touches answer
/// first: mostly they ran it already, and the others need not be looked through.
class Known {
 public:
  Known(std::vector<const reach::PipelineExecution*> changed, const Execution& all, Powers& powers)
      : changed_(std::move(changed)), all_(all), powers_(powers) {}

  bool file(const Reached& reached) { return holds(&Runs::files, reached); }
  bool call(const Reached& reached) { return holds(&Runs::calls, reached); }

 private:
  struct Runs {
    std::set<Reached> files, calls;  ///< `path: part` and a power; `path: command` and a power
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
        if (!leads_on(step)) continue;
        for (const auto& power : powers_.of(step)) {
          each_file(step, [&](const std::string& path, const std::string& part, const auto&) {
            runs.files.emplace(name_of(path, part), power);
          });
          for (const auto& call : step.unknown) runs.calls.emplace(name_of(call.path, call.text), power);
        }
      }
    return runs;
  }

  std::vector<const reach::PipelineExecution*> changed_;
  const Execution& all_;
  Powers& powers_;
  std::optional<Runs> near_, far_;
};

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
  Powers powers(change.knowledge());
  Known known(only_in(change.before_execution(), change.after_execution()), change.before_execution(), powers);
  std::set<std::string_view> altered;
  for (const auto& file : change.files()) altered.insert(file.path());
  std::map<const pipeline::Job*, Gain> gains;
  std::set<std::pair<std::string, std::string>> said;
  for (const auto* run : changed) {
    for (const auto& step : run->steps) {
      if (step.job == nullptr || step.pipeline == nullptr || !leads_on(step)) continue;
      for (const auto& power : powers.of(step)) {
        each_file(step, [&](const std::string& path, const std::string& part, const auto& chain) {
          if (altered.count(path) != 0 || known.file({name_of(path, part), power})) return;
          auto& gain = gains[step.job];
          auto way = way_text(path, chain, step, powers);
          gain.ways.insert(name_of(path, part) + " <- " + joined(way, " <- "));
          gain.files.insert(name_of(path, part));
          gain.powers.insert(power);
          if (gain.step != nullptr) return;
          gain.step = &step;
          gain.way = std::move(way);
        });
        for (const auto& call : step.unknown)
          if (!known.call({name_of(call.path, call.text), power}) &&
              said.emplace(step.job->id, name_of(call.path, call.text)).second)
            report(step, call, powers, facts);
      }
    }
  }
  std::vector<const Gain*> ordered;
  for (const auto& [job, gain] : gains) ordered.push_back(&gain);
  std::sort(ordered.begin(), ordered.end(), [](const Gain* a, const Gain* b) { return a->ways < b->ways; });
  for (const auto* gain : ordered) report(*gain, powers, facts);
}

}  // namespace tollbar::rule
