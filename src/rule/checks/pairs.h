// Which pipeline, job and step after a change is which one before it.
#pragma once

#include <string>
#include <vector>

#include "rule/change.h"
#include "rule/fact.h"

namespace tollbar::rule {

/// One side is null where the thing was added or removed.
template <typename T>
struct Pair {
  const T* before = nullptr;
  const T* after = nullptr;
  const T& either() const { return after != nullptr ? *after : *before; }
};
using PipelinePair = Pair<pipeline::Pipeline>;
using JobPair = Pair<pipeline::Job>;
using StepPair = Pair<pipeline::Step>;

/// The pipelines that the change touches: by path, then (renamed files) by the jobs they share.
std::vector<PipelinePair> pair_pipelines(Change& change);
/// By id, then by name, then by what the steps run.
std::vector<JobPair> pair_jobs(const PipelinePair& pipelines);
/// By id, name, action or what they run.
std::vector<StepPair> pair_steps(const JobPair& jobs);

/// At least half of what the smaller one runs is run by both.
bool run_alike(const pipeline::Step& a, const pipeline::Step& b);
bool run_alike(const pipeline::Job& a, const pipeline::Job& b);

/// `job build / step Lint`; a step without id and name goes by its action or first command.
std::string subject(const pipeline::Job& job);
std::string subject(const pipeline::Job& job, const pipeline::Step& step);

/// What every fact about a job says about its surroundings.
struct Place {
  const PipelinePair& pipelines;
  const JobPair& jobs;
};
/// A fact with path, lines, subject, context and the attributes that rules ask for: `system`, `job`, `events`,
/// `privileged`, `credentialed`, `deploys`, `judges`, `environment`, `production`.
Fact job_fact(Change& change, const Place& place, std::string kind);
Fact step_fact(Change& change, const Place& place, const StepPair& steps, std::string kind);
Fact pipeline_fact(const PipelinePair& pipelines, std::string kind);

/// What makes a fact about a job dangerous: events, environment, what its token may do, credentials. Names, no values.
std::string surroundings(const pipeline::Pipeline& pipeline, const pipeline::Job& job);

/// The job can act on the world outside: it has an environment, or a step deploys, publishes or migrates.
bool deploys(const pipeline::Job& job, const reach::Knowledge& knowledge);
/// Some credential other than the platform's own token is in reach of the job.
bool credentialed(const pipeline::Job& job);
bool is_privileged(const pipeline::Pipeline& pipeline, const reach::Knowledge& knowledge);
/// Names of its events, sorted, joined by blanks.
std::string event_names(const pipeline::Pipeline& pipeline);

std::string joined(const std::vector<std::string>& texts, std::string_view separator = ", ");

}  // namespace tollbar::rule
