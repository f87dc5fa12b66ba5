// From pipelines with what they run to ways, pipeline by pipeline.
#include "reach/action_map.h"

#include <algorithm>
#include <set>
#include <utility>

#include "reach/action_jobs.h"
#include "reach/actors.h"
#include "reach/job_map.h"

namespace tollbar::reach {
namespace {

bool only_called(const pipeline::Pipeline& pipeline) {
  return !pipeline.events.empty() && std::all_of(pipeline.events.begin(), pipeline.events.end(),
                                                 [](const auto& event) { return event.name == "workflow_call"; });
}

/// A workflow without a name goes by its path.
WorkflowEvents workflow_events(const Execution& execution) {
  WorkflowEvents workflows;
  for (const auto& run : execution.pipelines) {
    if (run->pipeline->system != pipeline::System::github) continue;
    workflows[run->pipeline->path] = run->pipeline->events;
    if (!run->pipeline->name.empty()) workflows[run->pipeline->name] = run->pipeline->events;
  }
  return workflows;
}

}  // namespace

std::vector<MappedPipeline> map_actions(const Execution& execution, const Knowledge& knowledge, ProgramActs* programs) {
  std::set<std::string> called;
  for (const auto& run : execution.pipelines) add_called_workflows(*run->pipeline, called);
  const auto workflows = workflow_events(execution);
  std::vector<MappedPipeline> result;
  for (const auto& run : execution.pipelines) {
    const auto& pipeline = *run->pipeline;
    if (pipeline.system == pipeline::System::github_action) continue;  // seen where it is used
    if (only_called(pipeline) && called.count(pipeline.path) != 0) continue;
    MappedPipeline mapped{pipeline.path,
                          pipeline.name,
                          std::string(pipeline::to_string(pipeline.system)),
                          actors_of(pipeline.events, {pipeline.system, {}, false, &workflows}),
                          {},
                          run->problems};
    std::erase(mapped.problems, "call cycle");  // what leads back to itself was followed once
    if (pipeline.broken) mapped.problems.emplace_back("it cannot be read");
    const ActionJobs jobs(*run, knowledge, workflows);
    for (const auto& steps : jobs.groups()) {
      if (steps.front()->job->hidden) continue;  // a template: what it holds is seen in the jobs that extend it
      map_job(*run, steps, {knowledge, programs}, jobs.around(steps), mapped.paths);
    }
    result.push_back(std::move(mapped));
  }
  return result;
}

}  // namespace tollbar::reach
