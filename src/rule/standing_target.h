// What the surroundings of a command say of the target it acts on: the workspace that was chosen before it, the
// environment of its job, the folder of its script.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rule/change.h"

namespace tollbar::rule {

/// What the steps of a job have chosen so far that lasts: a context, a workspace, a cluster of its own.
class ChosenTargets {
 public:
  /// Tells the commands of the next step what steps before it chose, and takes note of what it chooses itself.
  void follow(const pipeline::Step& step, std::vector<CommandPlace>& places);

 private:
  std::map<std::string, std::string> standing_;  ///< by the program that chose
};

/// Tells the commands from `first` on, all of one script, what commands before them have chosen: `terraform workspace
/// select x`, `kubectl config use-context x`, `export AWS_PROFILE=x`.
void tell_chosen_targets(std::vector<CommandPlace>& places, std::size_t first);

/// Tells plans that destroy (`terraform plan -destroy -out=x`) that a command behind them applies what was planned.
void tell_applied_plans(const std::vector<document::Command*>& commands);

/// Tells commands of scripts, as far as they act on clusters, that every job which runs them there made a cluster of
/// its own before.
void tell_clusters_of_jobs(std::vector<Change::NewCommand>& commands, const reach::Execution& execution);

/// Tells the command where its job runs and which variables that name a target it is given.
void tell_target_of_job(document::Command& command, const pipeline::Job& job, const pipeline::Step& step);

/// Tells the command of the words for a target in the path of its file: `envs/staging/down.sh`.
void tell_target_of_path(document::Command& command, std::string_view path);

}  // namespace tollbar::rule
