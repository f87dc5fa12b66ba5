// Whatever a step looks at while it is followed is noted for it alone, so that it is known when it has to be looked at
// anew.
#include "reach/job_follower.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "document/command_identity.h"
#include "document/shell_listing.h"
#include "reach/moved_lines.h"
#include "reach/taken_places.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using pipeline::Pipeline;

/// What it writes is what the later steps of a job have in PATH.
bool writes_path(const document::Command& command) {
  return command.argv.size() > 1 &&
         std::any_of(command.redirections.begin(), command.redirections.end(), [](const auto& redirection) {
           return redirection.target.text.find("GITHUB_PATH") != std::string::npos;
         });
}

/// `./bin` of `./bin:$PATH`; empty where nothing follows it.
std::string first_of_path(std::string_view value) {
  const auto colon = value.find(':');
  return std::string(value.substr(0, colon == std::string_view::npos ? 0 : colon));
}

/// Directories of the tree that a command puts before the system's in PATH.
std::vector<std::string> path_additions(const ExecutedCommand& executed) {
  std::vector<std::string> written;
  const auto& command = *executed.command;
  if (writes_path(command)) written.push_back(command.argv.back().text);
  for (const auto& assignment : command.assignments)
    if (assignment.name == "PATH") written.push_back(first_of_path(assignment.value.text));
  if (document::is_declaration(command.program()))
    for (const auto& word : command.argv)
      if (word.text.starts_with("PATH=")) written.push_back(first_of_path(std::string_view(word.text).substr(5)));
  std::erase(written, std::string());
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

JobFollower::JobFollower(model::Tree& tree, pipeline::DocumentCache& documents, ScriptCache& scripts, Runs& runs,
                         CommandLookup& commands, PipelineExecution& execution)
    : tree_(tree),
      scripts_(scripts),
      runs_(runs),
      commands_(commands),
      execution_(execution),
      follower_(tree, documents, scripts, runs, execution),
      obeyed_(tree, commands_, scripts, execution),
      configured_(tree, documents, commands.knowledge(), execution.dependence) {}

void JobFollower::begin(const Pipeline& source, const pipeline::Job& job,
                        const std::map<std::string, std::string>& inputs) {
  follower_.begin_job(holder_of(source), job, inputs);
  paths_.clear();
  stubs_.clear();
}

std::string JobFollower::key_of(const pipeline::Step& step) const {
  std::string key = follower_.step_key(step);
  for (const auto& path : paths_) key.append("\n").append(path);
  for (const auto& program : stubs_) key.append("\n!").append(program);
  return key;
}

void JobFollower::follow(const pipeline::Step& step, ExecutedStep& executed) {
  const auto key = key_of(step);
  auto run = known_run(key, step);
  if (run != nullptr) {
    follower_.take_over(*run);
    paths_ = run->paths;
    stubs_ = run->stubs;
  } else {
    auto fresh = std::make_shared<StepRun>();
    fresh->script = follower_.written(step);
    fresh->line = step.line;
    fresh->run_line = step.run_line;
    const bool complete = follower_.record(*fresh, [&] { follow_anew(step, *fresh); });
    fresh->paths = paths_;
    fresh->stubs = stubs_;
    run = fresh;
    if (complete) runs_.steps.keep(key, fresh, tree_, scripts_);
  }
  static_cast<StepItems&>(executed) = *run;
  executed.run = std::move(run);
}

std::shared_ptr<const StepRun> JobFollower::known_run(const std::string& key, const pipeline::Step& step) {
  auto run = runs_.steps.find(key, tree_, scripts_, [&](const StepRun& known) {
    return known.line == step.line && known.run_line == step.run_line && *known.script == step.script &&
           follower_.fits(known);
  });
  if (run != nullptr) return run;
  run = runs_.steps.find(key, tree_, scripts_,
                         [&](const StepRun& known) { return follower_.fits(known) && stands_elsewhere(known, step); });
  if (run == nullptr) return nullptr;
  run = std::make_shared<const StepRun>(moved_to(step, follower_.written(step), *run));
  runs_.steps.keep(key, run, tree_, scripts_);
  return run;
}

void JobFollower::follow_anew(const pipeline::Step& step, StepItems& items) {
  own_paths_.clear();
  follower_.follow(step, items);
  if (!items.commands.empty()) {
    for (auto& command : items.commands.edit()) {
      if (step.condition.truth == pipeline::Truth::always && !command.unreachable &&
          !command.command->context.conditional && commands_.halts(command))
        items.ends_job = command.command->text();
      shadow(command);
      obeyed_.apply(command);
    }
    switch_off_taken(items.commands.edit());
  }
  if (!items.actions.empty())
    for (auto& action : items.actions.edit()) obeyed_.apply(action, step.working_directory);
  configured_.add(items);
}

std::shared_ptr<const Pipeline> JobFollower::holder_of(const Pipeline& source) const {
  const auto& called = execution_.called;
  const auto found = std::find_if(called.begin(), called.end(), [&](const auto& one) { return one.get() == &source; });
  return found == called.end() ? execution_.pipeline : *found;
}

void JobFollower::shadow(ExecutedCommand& command) {
  const auto more = path_additions(command);
  const bool for_itself = !command.command->assignments.empty() && !command.command->argv.empty();
  std::vector<std::string> for_command;
  auto& kept = writes_path(*command.command) ? paths_ : for_itself ? for_command : own_paths_;
  kept.insert(kept.end(), more.begin(), more.end());
  if (auto stubbed = stubbed_program(*command.command); !stubbed.empty()) stubs_.insert(std::move(stubbed));
  if (stubs_.empty() && paths_.empty() && own_paths_.empty() && for_command.empty()) return;
  const auto words = document::essential(*command.command);
  if (!words.empty() && stubs_.count(std::string(text::base_name(words.front().text))) > 0)
    command.shadowed_by = "/bin/true";
  if (words.empty() || words.front().text.find('/') != std::string::npos) return;
  for (const auto* directories : {&paths_, &own_paths_, &for_command}) {
    for (const auto& directory : *directories) {
      const std::string file = directory == "." ? words.front().text : directory + "/" + words.front().text;
      if (takes_place(file, words.front().text)) command.shadowed_by = file;
    }
  }
}

bool JobFollower::takes_place(const std::string& file, std::string_view program) {
  execution_.dependence.consulted.insert(file);
  const auto entry = tree_.find(file);
  if (!entry || entry->mode == model::FileMode::directory || entry->mode == model::FileMode::symlink) return false;
  const auto content = tree_.read(*entry);
  return content.state != model::ContentState::present || !hands_on_to(*content.bytes, program);
}

}  // namespace tollbar::reach
