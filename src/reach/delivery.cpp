// By what their steps are known to do, and by who waits for whose artifacts.
#include "reach/delivery.h"

#include <algorithm>
#include <string>

namespace tollbar::reach {
namespace {

bool releases(const ExecutedStep& step, const Knowledge& knowledge) {
  const auto is_release = [](const Effect* effect) { return effect != nullptr && effect->release; };
  return std::any_of(step.actions.begin(), step.actions.end(),
                     [&](const auto& action) { return is_release(knowledge.effect(action.uses, action.with)); }) ||
         std::any_of(step.commands.begin(), step.commands.end(), [&](const auto& executed) {
           return is_release(knowledge.effect(*executed.command, *executed.env));
         });
}

bool hands_on(const ExecutedStep& step) {
  return std::any_of(step.actions.begin(), step.actions.end(), [](const auto& action) {
    return action.uses.find("upload") != std::string::npos && action.uses.find("artifact") != std::string::npos;
  });
}

}  // namespace

std::set<const pipeline::Job*> delivering_jobs(const std::vector<ExecutedStep>& steps, const Knowledge& knowledge) {
  std::set<const pipeline::Job*> jobs;
  std::set<std::string> awaited;
  for (const auto& step : steps) {
    if (step.job == nullptr || !releases(step, knowledge)) continue;
    jobs.insert(step.job);
    awaited.insert(step.job->needs.begin(), step.job->needs.end());
  }
  for (const auto& step : steps)
    if (step.job != nullptr && awaited.count(step.job->id) != 0 && hands_on(step)) jobs.insert(step.job);
  return jobs;
}

}  // namespace tollbar::reach
