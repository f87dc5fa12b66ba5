// Whatever a job looks at while it is followed is noted for it alone, so that it is known when it has to be looked at
// anew.
#include "reach/job_follower.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "document/command_identity.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using pipeline::Job;
using pipeline::Pipeline;

/// The steps of both run the same in like trees, line by line.
bool runs_alike(const Job& a, const Job& b) {
  return a.env == b.env && a.legs == b.legs && a.steps == b.steps;
}

/// Directories of the tree that a command puts before the system's in PATH, for itself and what follows in the job.
std::vector<std::string> path_additions(const ExecutedCommand& executed) {
  std::vector<std::string> written;
  const auto& command = *executed.command;
  const bool exported = std::any_of(
      command.redirections.begin(), command.redirections.end(),
      [](const auto& redirection) { return redirection.target.text.find("GITHUB_PATH") != std::string::npos; });
  if (exported && command.argv.size() > 1) written.push_back(command.argv.back().text);
  for (const auto& assignment : command.assignments) {
    const std::string& value = assignment.value.text;
    if (assignment.name == "PATH" && value.find(':') != std::string::npos)
      written.push_back(value.substr(0, value.find(':')));
  }
  std::vector<std::string> directories;
  for (std::string text : written) {
    for (const std::string_view here : {"$PWD", "${PWD}", "$(pwd)"}) {
      if (text.starts_with(here)) text = "." + text.substr(here.size());
    }
    const std::string value =
        literal({text, text.find('$') != std::string::npos, false, 0}, {{}, "", executed.working_directory});
    const std::string directory = value.empty() ? value : join_path(executed.working_directory, value);
    if (!directory.empty()) directories.push_back(directory);
  }
  return directories;
}

/// The program that `printf '#!/bin/sh\nexit 0\n' > node_modules/.bin/jest` writes over.
std::string overwritten_program(const document::Command& command) {
  const bool succeeds = std::any_of(command.argv.begin() + 1, command.argv.end(), [](const document::Word& word) {
    return word.text.find("exit 0") != std::string::npos && word.text.find("exec ") == std::string::npos;
  });
  for (const auto& redirection : command.redirections) {
    const std::string& target = redirection.target.text;
    if (succeeds && redirection.op.find('>') != std::string::npos && target.find("bin/") != std::string::npos)
      return target.substr(target.rfind('/') + 1);
  }
  return {};
}

/// The program in whose place a command puts one that always succeeds: `ln -sf /bin/true node_modules/.bin/jest`.
std::string stubbed_program(const document::Command& command) {
  if (text::is_one_of(command.program(), {"echo", "printf"})) return overwritten_program(command);
  const auto is_putting = [](std::string_view program) { return text::is_one_of(program, {"ln", "cp", "install"}); };
  if (!is_putting(command.program()) && command.program() != "sudo") return {};
  const auto words = document::essential(command);
  if (words.size() < 3 || !is_putting(words.front().text)) return {};
  const bool succeeds = std::any_of(words.begin() + 1, words.end() - 1, [](const document::Word& word) {
    return text::is_one_of(word.text, {"/bin/true", "/usr/bin/true", "$(which true)", "$(command -v true)"});
  });
  const std::string& target = words.back().text;
  return succeeds && target.find('/') != std::string::npos ? target.substr(target.rfind('/') + 1) : std::string();
}

}  // namespace

JobFollower::JobFollower(model::Tree& tree, const Knowledge& knowledge, pipeline::DocumentCache& documents,
                         ScriptCache& scripts, ScriptRuns& runs, const EarlierExecution& earlier,
                         PipelineExecution& execution)
    : tree_(tree),
      execution_(execution),
      earlier_(earlier),
      follower_(tree, documents, scripts, runs, execution),
      commands_(knowledge),
      obeyed_(tree, commands_, scripts, execution),
      configured_(tree, documents, knowledge, execution.dependence) {
  if (earlier.execution == nullptr) return;
  for (const auto& run : earlier.execution->jobs) earlier_jobs_.emplace(run.job->id, &run);
}

const JobRun* JobFollower::known_run(const Pipeline& source, const Job& job,
                                     const std::map<std::string, std::string>& inputs) const {
  const auto [first, last] = earlier_jobs_.equal_range(job.id);
  const auto found = std::find_if(first, last, [&](const auto& entry) {
    return entry.second->source->path == source.path && entry.second->inputs == inputs;
  });
  if (found == last) return nullptr;
  const JobRun& run = *found->second;
  const bool stands = run.source->env == source.env && runs_alike(*run.job, job) && run.counted <= follower_.budget() &&
                      !run.dependence->meets(earlier_.changed);
  return stands ? &run : nullptr;
}

void JobFollower::begin(const Pipeline& source, const Job& job, const std::map<std::string, std::string>& inputs) {
  known_ = known_run(source, job, inputs);
  if (known_ != nullptr) {
    run_ = *known_;
    next_step_ = known_->first_step;
  } else {
    run_ = {};
    before_ = std::exchange(execution_.dependence, {});
    problems_ = std::exchange(execution_.problems, {});
    called_ = execution_.called.size();
    budget_ = follower_.budget();
    paths_.clear();
    stubs_.clear();
    follower_.begin_job(source, job, inputs);
    obeyed_.begin_job();
  }
  run_.source = &source;
  run_.job = &job;
  run_.inputs = inputs;
  run_.first_step = execution_.steps.size();
}

void JobFollower::take_over(ExecutedStep& executed) {
  const auto& its = earlier_.execution->steps[next_step_++];
  executed.commands = its.commands;
  executed.actions = its.actions;
  executed.hooks = its.hooks;
  executed.files = its.files;
  executed.unknown = its.unknown;
  executed.configured = its.configured;
  executed.ends_job = its.ends_job;
}

void JobFollower::follow(const pipeline::Step& step, ExecutedStep& executed) {
  if (known_ != nullptr) return take_over(executed);
  follower_.follow(step, executed);
  if (!executed.commands.empty()) {
    for (auto& command : executed.commands.edit()) {
      if (step.condition.truth == pipeline::Truth::always && !command.unreachable &&
          !command.command->context.conditional && commands_.halts(command))
        executed.ends_job = command.command->text();
      shadow(command);
      obeyed_.apply(command);
    }
  }
  if (!executed.actions.empty())
    for (auto& action : executed.actions.edit()) obeyed_.apply(action, step.working_directory);
  configured_.add(executed);
}

void JobFollower::end() {
  if (known_ != nullptr) {
    execution_.dependence.add(*run_.dependence);
    follower_.spend(run_.counted);
  } else {
    run_.counted = budget_ - follower_.budget();
    run_.dependence = std::make_shared<const Dependence>(std::exchange(execution_.dependence, std::move(before_)));
    execution_.dependence.add(*run_.dependence);
    run_.holds = {execution_.called.begin() + static_cast<std::ptrdiff_t>(called_), execution_.called.end()};
    run_.holds.push_back(holder_of(*run_.source));
    const auto problems = std::exchange(execution_.problems, std::move(problems_));
    for (const auto& text : problems) follower_.note(text);
    if (!problems.empty()) return;  // whoever takes the job over would have to say so too
  }
  execution_.jobs.push_back(std::move(run_));
}

std::shared_ptr<const Pipeline> JobFollower::holder_of(const Pipeline& source) const {
  const auto& called = execution_.called;
  const auto found = std::find_if(called.begin(), called.end(), [&](const auto& one) { return one.get() == &source; });
  return found == called.end() ? execution_.pipeline : *found;
}

void JobFollower::shadow(ExecutedCommand& command) {
  const auto more = path_additions(command);
  paths_.insert(paths_.end(), more.begin(), more.end());
  if (auto stubbed = stubbed_program(*command.command); !stubbed.empty()) stubs_.insert(std::move(stubbed));
  if (stubs_.empty() && paths_.empty()) return;
  const auto words = document::essential(*command.command);
  if (!words.empty() && stubs_.count(std::string(text::base_name(words.front().text))) > 0)
    command.shadowed_by = "/bin/true";
  if (paths_.empty()) return;
  if (words.empty() || words.front().text.find('/') != std::string::npos) return;
  for (const auto& directory : paths_) {
    const std::string file = directory == "." ? words.front().text : directory + "/" + words.front().text;
    execution_.dependence.consulted.insert(file);
    if (tree_.find(file)) command.shadowed_by = file;
  }
}

}  // namespace tollbar::reach
