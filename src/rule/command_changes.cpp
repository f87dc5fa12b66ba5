// Commands of steps and of files that run, both sides taken as one heap.
#include "rule/command_changes.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "document/command_identity.h"
#include "rule/file_commands.h"
#include "rule/standing_target.h"
#include "rule/step_inputs.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using NewCommand = Change::NewCommand;

void add_steps(const std::vector<const pipeline::Pipeline*>& pipelines, Change& change,
               std::vector<NewCommand>& commands) {
  for (const auto* pipeline : pipelines) {
    const auto first = commands.size();
    for (const auto& job : pipeline->jobs) {
      ChosenTargets chosen;
      for (const auto& step : job.steps) {
        const auto& name = step.name.empty() ? step.id : step.name;
        const auto subject = "job " + job.id + (name.empty() ? "" : " / step " + name);
        std::vector<CommandPlace> places;
        add_commands(places, step.script, subject);
        if (step.script.commands.empty()) add_commands(places, commands_of_inputs(step), subject);
        chosen.follow(step, places);
        auto* const file = change.file(pipeline->path);
        for (auto& place : places) {
          tell_target_of_job(place.command, job, step);
          tell_target_of_path(place.command, pipeline->path);
          commands.push_back({std::move(place), file, pipeline, &job, &step, pipeline->path});
        }
      }
    }
    std::vector<document::Command*> added;
    for (auto i = first; i < commands.size(); ++i) added.push_back(&commands[i].place.command);
    tell_applied_plans(added);
  }
}

/// Commands of `all` beyond those that `other` holds too, by what runs.
std::vector<NewCommand> beyond(std::vector<NewCommand> all, const std::vector<NewCommand>& other) {
  std::unordered_map<std::string_view, std::size_t> budget;
  for (const auto& command : other) ++budget[command.place.identity];
  std::vector<NewCommand> result;
  for (auto& command : all) {
    const auto known = budget.find(command.place.identity);
    if (known != budget.end() && known->second > 0)
      --known->second;
    else
      result.push_back(std::move(command));
  }
  return result;
}

/// Statements that end with semicolons; lines, where there is none.
std::vector<std::string> statements_of(std::string_view input) {
  const char end = input.find(';') != std::string_view::npos ? ';' : '\n';
  std::vector<std::string> statements;
  for (std::size_t at = 0; at < input.size();) {
    const auto stop = std::min(input.find(end, at), input.size());
    if (const auto statement = text::trimmed(input.substr(at, stop - at)); !statement.empty())
      statements.emplace_back(statement);
    at = stop + 1;
  }
  return statements;
}

void give_input(document::Command& command, std::string input) {
  for (auto& redirection : command.redirections) {
    if (redirection.heredoc.empty()) continue;
    redirection.heredoc = std::move(input);
    return;
  }
  command.piped = std::move(input);
}

/// Commands of `after` that `before` holds too but for what they read, with what is new of that.
std::vector<NewCommand> fed_anew(const std::vector<NewCommand>& after, const std::vector<NewCommand>& before) {
  const auto reads = [](const NewCommand& command) { return !command.place.command.input().empty(); };
  std::vector<NewCommand> result;
  if (std::none_of(after.begin(), after.end(), reads)) return result;  // nearly always
  std::unordered_map<std::string_view, std::set<std::string>> read;    // by what runs
  for (const auto& command : before) {
    auto& known = read[command.place.identity];
    for (auto& statement : statements_of(command.place.command.input())) known.insert(std::move(statement));
  }
  for (const auto& command : after) {
    const auto known = read.find(command.place.identity);
    if (known == read.end() || !reads(command)) continue;
    std::string added;
    for (const auto& statement : statements_of(command.place.command.input()))
      if (known->second.count(statement) == 0) added += statement + ";\n";
    if (added.empty()) continue;
    result.push_back(command);
    give_input(result.back().place.command, std::move(added));
  }
  return result;
}

/// One side of a change.
struct Side {
  std::vector<const pipeline::Pipeline*> touched;
  std::vector<NewCommand> commands;

  /// The steps of a pipeline speak for the file.
  bool covers(const std::string& path) const {
    return std::any_of(touched.begin(), touched.end(), [&](const auto* pipeline) {
      return !pipeline->broken &&
             std::find(pipeline->files.begin(), pipeline->files.end(), path) != pipeline->files.end();
    });
  }
  void add(FileChange& file, const std::vector<CommandPlace>& places) {
    for (const auto& place : places) {
      commands.push_back({place, &file, nullptr, nullptr, nullptr, file.path()});
      tell_target_of_path(commands.back().place.command, file.path());
    }
  }
};

bool runs(const FileChange& file, const Kinds& kinds) {
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (file.kinds()[i] && kinds[i].commands) return true;
  return false;
}

}  // namespace

CommandChanges compare_commands(Change& change) {
  Side before, after;
  if (change.touches_execution()) {
    before.touched = change.touched_pipelines(change.before_execution());
    after.touched = change.touched_pipelines(change.after_execution());
    add_steps(before.touched, change, before.commands);
    add_steps(after.touched, change, after.commands);
  }
  for (auto& file : change.files()) {
    if (!runs(file, change.rules().kinds)) continue;
    if (!before.covers(file.path())) before.add(file, file.before_commands());
    if (!after.covers(file.path())) after.add(file, file.after_commands());
  }
  CommandChanges changes;
  changes.fed = fed_anew(after.commands, before.commands);
  changes.lost = beyond(before.commands, after.commands);
  changes.gained = beyond(std::move(after.commands), before.commands);
  if (change.touches_execution()) tell_clusters_of_jobs(changes.gained, change.after_execution());
  return changes;
}

}  // namespace tollbar::rule
