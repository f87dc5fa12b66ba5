// A place is as good as the best of the steps that run it: one that holds changes back, then one that is named a check.
#include "rule/checks/verdict_places.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using Places = std::map<std::string, JudgingPlace>;

/// Whether what stands there is a check by its names: its own first, then, where they are plain about it, the job's.
Standing standing_of(const reach::ExecutedStep& step, std::vector<std::string> names,
                     const reach::Knowledge& knowledge) {
  if (step.step != nullptr) names.insert(names.end(), {step.step->name, step.step->id});
  if (std::any_of(names.begin(), names.end(), [&](const auto& name) { return knowledge.names_preparation(name); }))
    return Standing::prepares;
  const auto& required = knowledge.required_checks;
  const auto is_required = [&](const std::string& name) { return !name.empty() && required.count(name) != 0; };
  if (is_required(step.context) || is_required(step.job->id) || is_required(step.job->name)) return Standing::named;
  static const text::Pattern judging(
      R"((?i)check|lint|verif|valid|audit|quality|style|static|guard|gate|polic|licen[cs]e|format|scan|complian|conform|spell|typo)");
  // A stage that groups jobs says what they are for; one of its own does no more than the job's name.
  const auto& stage = step.job->stage;
  const bool groups = stage != step.job->id && stage != step.job->name;
  const bool named =
      (groups && knowledge.name_strength(stage) != reach::NameStrength::none) ||
      std::any_of(names.begin(), names.end(),
                  [&](const auto& name) { return knowledge.names_a_check(name) || judging.matches(name); }) ||
      judging.matches(step.job->id) || judging.matches(step.job->name);
  return named ? Standing::named : Standing::unnamed;
}

std::string stem(std::string_view path) {
  const auto name = text::base_name(path);
  return std::string(name.substr(0, name.find('.', 1)));
}

/// The names that the commands of a step call, each with a call of it: where there is one, one that fails the step.
class Calls {
 public:
  explicit Calls(const reach::ExecutedStep& step) {
    for (const auto& executed : step.commands) {
      if (text::is_one_of(executed.command->program(),
                          {"chmod", "cp", "cat", "ls", "test", "[", "git", "echo", "source", "."}))
        continue;
      const bool counts = executed.fatal && !executed.unreachable;
      for (const auto& word : executed.command->argv) {
        auto& known = called_[text::base_name(word.text)];
        if (known.command == nullptr || (counts && !known.counts)) known = {&executed, counts};
      }
    }
  }

  /// The call of the file that lets its failure pass; null where some call does not, or none can be told.
  const reach::ExecutedCommand* that_lets_pass(std::string_view path) const {
    const auto found = called_.find(text::base_name(path));
    return found == called_.end() || found->second.counts ? nullptr : found->second.command;
  }

 private:
  struct Call {
    const reach::ExecutedCommand* command = nullptr;
    bool counts = false;
  };
  std::unordered_map<std::string_view, Call> called_;
};

/// What may judge otherwise than on the other side: the steps that do not run and count there as they do here.
class Differing {
 public:
  Differing(const reach::Execution& own, const reach::Execution& other) {
    for (const auto& pipeline : other.pipelines) {
      pipelines_.insert(pipeline.get());
      for (const auto& step : pipeline->steps)
        if (!step.commands.empty()) steps_.emplace(&step.commands.items(), &step);
    }
    for (const auto& pipeline : own.pipelines) {
      if (pipelines_.count(pipeline.get()) != 0) continue;
      for (const auto& step : pipeline->steps)
        if (differs(step))
          for (const auto& file : step.files) files_.insert(file.path);
    }
  }

  bool has(const reach::PipelineExecution& pipeline, const reach::ExecutedStep& step) const {
    return pipelines_.count(&pipeline) == 0 && differs(step);
  }
  /// The files that such steps run.
  const std::set<std::string>& files() const { return files_; }

 private:
  /// What was taken over from a neighbouring tree is one and the same there.
  bool differs(const reach::ExecutedStep& step) const {
    const auto found = steps_.find(&step.commands.items());
    return found == steps_.end() || found->second->enforced != step.enforced ||
           found->second->events.empty() != step.events.empty();
  }

  std::set<const reach::PipelineExecution*> pipelines_;
  std::unordered_map<const void*, const reach::ExecutedStep*> steps_;
  std::set<std::string> files_;
};

class Collector {
 public:
  /// `files` are those that may be run otherwise on one of the sides.
  Collector(Change& change, const Differing& differing, const std::set<std::string>& files)
      : change_(change), differing_(differing), files_(files) {}

  Places collect(const reach::Execution& execution) {
    for (const auto& pipeline : execution.pipelines) {
      const pipeline::Job* job = nullptr;
      std::size_t index = 0;
      for (const auto& step : pipeline->steps) {
        if (step.job == nullptr || step.pipeline == nullptr) continue;
        index = step.job == job ? index + 1 : 0;
        job = step.job;
        if (step.left_to_callers) continue;
        if (differing_.has(*pipeline, step)) add_step(step, index);
        add_files(step);
      }
    }
    return std::move(found_);
  }

 private:
  void add(const std::string& key, JudgingPlace judging, std::vector<std::string> names) {
    judging.holds = judging.holds && judging.step->enforced && !judging.step->events.empty();
    judging.standing = standing_of(*judging.step, std::move(names), change_.knowledge());
    const auto rank = [](const JudgingPlace& one) { return std::pair(one.holds, one.standing); };
    const auto [entry, fresh] = found_.try_emplace(key, judging);
    if (!fresh && rank(entry->second) < rank(judging)) entry->second = std::move(judging);
  }

  void add_step(const reach::ExecutedStep& step, std::size_t index) {
    if (step.step == nullptr) return;
    const auto name = step.step->name.empty() ? "#" + std::to_string(index) : step.step->name;
    add("step " + step.pipeline->path + "\n" + step.job->id + "\n" + name,
        {step.pipeline->path, {}, {}, true, &step, {}, nullptr}, {});
  }

  void add_files(const reach::ExecutedStep& step) {
    std::optional<Calls> calls;
    for (const auto& file : step.files) {
      if (files_.count(file.path) == 0 && change_.file(file.path) == nullptr) continue;
      if (!calls) calls.emplace(step);
      add_file(step, file, calls->that_lets_pass(file.path));
    }
  }

  void add_file(const reach::ExecutedStep& step, const reach::FollowedFile& file,
                const reach::ExecutedCommand* lets_pass) {
    const bool action = text::is_one_of(text::base_name(file.path), {"action.yml", "action.yaml"});
    const auto folder = text::directory_of(file.path);
    std::vector<std::string> names{file.part, action ? std::string(text::base_name(folder)) : stem(file.path)};
    for (const auto& link : file.chain) names.push_back(link.part);
    add("file " + file.path + "\n" + (action ? std::string() : file.part),
        {file.path, file.part, {}, lets_pass == nullptr, &step, file.chain, lets_pass}, std::move(names));
  }

  Change& change_;
  const Differing& differing_;
  const std::set<std::string>& files_;
  Places found_;
};

}  // namespace

JudgingPlaces judging_places(Change& change) {
  const auto &then = change.before_execution(), &now = change.after_execution();
  const Differing gone(then, now), come(now, then);
  std::set<std::string> files = gone.files();
  files.insert(come.files().begin(), come.files().end());
  JudgingPlaces places;
  places.before = Collector(change, gone, files).collect(then);
  if (!places.before.empty()) places.after = Collector(change, come, files).collect(now);
  return places;
}

}  // namespace tollbar::rule
