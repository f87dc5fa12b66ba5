// Which jobs hold secrets: on GitHub those that name one or whose token can write, elsewhere, where settings hand their
// variables to every job, all jobs of a pipeline that names one.
#include "rule/secret_scope.h"

#include <algorithm>
#include <array>

#include "rule/checks/pairs.h"
#include "rule/own_services.h"

namespace tollbar::rule {
namespace {

using pipeline::CredentialUse;

bool holds_secrets(const std::vector<CredentialUse>& uses) {
  return std::any_of(uses.begin(), uses.end(),
                     [](const auto& use) { return use.kind != CredentialUse::Kind::platform_token; });
}

/// A job that acts on the world outside has the means for it, whether or not the pipeline names them.
bool powerful(const reach::ExecutedStep& step, const reach::Knowledge& knowledge) {
  if (step.job == nullptr || holds_secrets(step.credentials) || holds_secrets(step.job->credentials)) return true;
  return step.job->inherits_secrets || deploys(*step.job, knowledge) ||
         std::any_of(step.commands.begin(), step.commands.end(), [&](const auto& command) {
           const auto* done = knowledge.effect(*command.command);
           return done != nullptr && done->release;
         });
}

/// Nobody bounded what the job's token may do, or it may write.
bool token_is_powerful(const pipeline::Job& job) {
  return job.permissions_default || std::any_of(job.permissions.begin(), job.permissions.end(), [](const auto& scope) {
           return scope.second == pipeline::Access::write;
         });
}

bool on_own_machines(const pipeline::Job& job, const reach::Knowledge& knowledge) {
  return std::any_of(job.runner.labels.begin(), job.runner.labels.end(),
                     [&](const auto& label) { return !knowledge.is_hosted(label); });
}

bool sees_secrets(const reach::PipelineExecution& pipeline, const reach::ExecutedStep& step,
                  const reach::Knowledge& knowledge) {
  if (pipeline.pipeline->system == pipeline::System::github)
    return powerful(step, knowledge) || token_is_powerful(*step.job) || on_own_machines(*step.job, knowledge);
  return std::any_of(pipeline.steps.begin(), pipeline.steps.end(),
                     [&](const auto& other) { return powerful(other, knowledge); });
}

/// Of a script in a shell that is not read, too.
bool spans(const reach::ExecutedStep& executed, std::string_view path, std::uint32_t line) {
  if (executed.step == nullptr || executed.pipeline == nullptr || executed.pipeline->path != path) return false;
  const auto& run = executed.step->run;
  const auto first = std::max(executed.step->run_line, executed.step->line);
  const auto lines = static_cast<std::uint32_t>(std::count(run.begin(), run.end(), '\n'));
  return !run.empty() && first <= line && line <= first + lines;
}

bool runs(const reach::ExecutedStep& executed, std::string_view path, std::uint32_t line) {
  return spans(executed, path, line) ||
         std::any_of(
             executed.commands.begin(), executed.commands.end(),
             [&](const auto& command) { return command.path == path && (line == 0 || command.line == line); }) ||
         std::any_of(executed.files.begin(), executed.files.end(), [&](const auto& file) { return file.path == path; });
}

/// Unlike a script, such a file runs whether or not some pipeline of the tree is seen to call it.
bool runs_by_itself(Change& change, std::string_view path) {
  constexpr std::array kKinds{"github-workflow", "github-action", "gitlab-ci", "ci-other", "jenkinsfile"};
  const auto& table = change.rules().kinds;
  const auto kinds = table.of(path);
  return std::any_of(kKinds.begin(), kKinds.end(), [&](const char* name) {
    const auto index = table.index(name);
    return index && kinds[*index];
  });
}

}  // namespace

bool secrets_in_reach(Change& change, std::string_view path, std::uint32_t line) {
  bool found = false;
  change.touches_execution();
  for (const auto& pipeline : change.after_execution().pipelines) {
    for (const auto& step : pipeline->steps) {
      if (!runs(step, path, line)) continue;
      if (sees_secrets(*pipeline, step, change.knowledge())) return true;
      found = true;
    }
    const auto& files = pipeline->pipeline->files;
    if (pipeline->pipeline->broken && std::find(files.begin(), files.end(), path) != files.end()) return true;
  }
  return !found && (line != 0 ? secrets_in_reach(change, path, 0) : runs_by_itself(change, path));
}

bool credentials_in_reach(Change& change, std::string_view path, std::uint32_t line) {
  bool found = false;
  change.touches_execution();
  for (const auto& pipeline : change.after_execution().pipelines) {
    for (const auto& step : pipeline->steps) {
      if (step.job == nullptr || !runs(step, path, line)) continue;
      if (powerful(step, change.knowledge()) && !has_own_services(step.job)) return true;
      found = true;
    }
  }
  return !found && line != 0 && credentials_in_reach(change, path, 0);
}

}  // namespace tollbar::rule
