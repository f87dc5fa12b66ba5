// The jobs of a pipeline, those of called workflows included, and what stands round each.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "reach/job_map.h"

namespace tollbar::reach {

class ActionJobs {
 public:
  ActionJobs(const PipelineExecution& run, const Knowledge& knowledge, const WorkflowEvents& workflows);

  const std::vector<JobSteps>& groups() const { return groups_; }
  JobSurroundings around(const JobSteps& steps) const;

 private:
  Before checks_before(const ExecutedStep& step) const;
  bool waits_for_check(const ExecutedStep& step, std::size_t depth, const pipeline::Job& job,
                       std::set<std::string>& seen) const;
  /// The pipeline whose jobs stand at this depth of the step's calls; null where it is unknown.
  const pipeline::Pipeline* pipeline_at(const ExecutedStep& step, std::size_t depth) const;
  const pipeline::Job* caller(const ExecutedStep& step, std::size_t depth) const;
  std::vector<pipeline::Event> events_of(const pipeline::Job& job) const;

  const PipelineExecution& run_;
  const Knowledge& knowledge_;
  const WorkflowEvents& workflows_;
  std::vector<JobSteps> groups_;
};

}  // namespace tollbar::reach
