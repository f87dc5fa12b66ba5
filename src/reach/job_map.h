// The ways of one job: effects first, then credentials that no known effect uses.
#pragma once

#include <vector>

#include "reach/action_map.h"
#include "reach/actors.h"
#include "reach/execution.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

/// The steps of one job, as often as it is called.
using JobSteps = std::vector<const ExecutedStep*>;

/// What stands round a job.
struct JobSurroundings {
  Before checks = Before::none;               ///< that it waits for
  std::vector<const pipeline::Job*> callers;  ///< through which its workflow is called
  std::vector<pipeline::Event> events;        ///< that start it
  const WorkflowEvents* workflows = nullptr;  ///< of the tree
};

/// What is known of commands, actions and, unless null, programs of the tree.
struct MapKnowledge {
  const Knowledge& of_tools;
  ProgramActs* programs = nullptr;
};

/// Adds the ways of the job to `paths`.
void map_job(const PipelineExecution& run, const JobSteps& steps, const MapKnowledge& knowledge, JobSurroundings around,
             std::vector<MapPath>& paths);

/// The step runs something whose failure says that the change is bad.
bool checks(const ExecutedStep& step, const Knowledge& knowledge);

}  // namespace tollbar::reach
