// Told from the steps and the words of the system.
#include "reach/job_handing.h"

#include <algorithm>
#include <string_view>

#include "reach/job_way.h"
#include "reach/job_words.h"

namespace tollbar::reach {

std::string started_pipeline(const PipelineExecution& run, const ExecutedStep& step) {
  constexpr std::string_view mark = "trigger:";
  const auto system = run.pipeline->system;
  const std::string& uses = step.job->uses;
  if (step.step != nullptr || step.job->hidden) return {};
  if (system == pipeline::System::buildkite && uses.starts_with(mark)) return uses.substr(mark.size());
  const bool of_project = uses.find('/') != std::string::npos && uses.find(':') == std::string::npos;
  return system == pipeline::System::gitlab && of_project ? uses : std::string();
}

bool hands_token_to_own(const JobSteps& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const ExecutedStep* step) {
    return step->step != nullptr && !never_runs(*step) && !step->files.empty() &&
           std::any_of(step->step->credentials.begin(), step->step->credentials.end(), is_token);
  });
}

std::vector<const ExecutedAction*> token_takers(const JobSteps& steps) {
  std::vector<const ExecutedAction*> takers;
  for (const auto* step : steps) {
    if (never_runs(*step) || step->step == nullptr || step->job->permissions_default) continue;
    const auto& uses = step->step->credentials;
    if (std::none_of(uses.begin(), uses.end(), is_token)) continue;
    for (const auto& action : step->actions)
      if (is_foreign(action.uses) && !action.uses.starts_with("actions/checkout")) takers.push_back(&action);
  }
  return takers;
}

}  // namespace tollbar::reach
