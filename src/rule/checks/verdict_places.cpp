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

/// The step by its place: names of its pipeline and job, its own name or number in the job.
std::string place_of(const reach::ExecutedStep& step, std::size_t index) {
  const auto& name = step.step == nullptr ? std::string() : step.step->name;
  return step.pipeline->path + "\n" + step.job->id + "\n" + (name.empty() ? "#" + std::to_string(index) : name);
}

/// Calls `visit` for each step of a job with its number there.
template <typename Visit>
void each_step(const reach::PipelineExecution& execution, Visit visit) {
  const pipeline::Job* job = nullptr;
  std::size_t index = 0;
  for (const auto& step : execution.steps) {
    if (step.job == nullptr || step.pipeline == nullptr) continue;
    index = step.job == job ? index + 1 : 0;
    job = step.job;
    visit(step, index);
  }
}

/// What may judge otherwise than on the other side: the steps that do not run and count at their place there as they do
/// here.
class Differing {
 public:
  Differing(const reach::Execution& own, const reach::Execution& other) {
    std::set<const reach::PipelineExecution*> shared;
    for (const auto& pipeline : own.pipelines) shared.insert(pipeline.get());
    std::unordered_multimap<std::string, const reach::ExecutedStep*> there;
    for (const auto& pipeline : other.pipelines) {
      if (shared.count(pipeline.get()) != 0) continue;
      each_step(*pipeline, [&](const auto& step, auto index) { there.emplace(place_of(step, index), &step); });
    }
    shared.clear();
    for (const auto& pipeline : other.pipelines) shared.insert(pipeline.get());
    for (const auto& pipeline : own.pipelines) {
      if (shared.count(pipeline.get()) != 0) continue;
      each_step(*pipeline, [&](const auto& step, auto index) {
        const auto [first, last] = there.equal_range(place_of(step, index));
        if (std::any_of(first, last, [&](const auto& entry) { return alike(step, *entry.second); })) return;
        steps_.insert(&step);
        for (const auto& file : step.files) files_.insert(file.path);
      });
    }
  }

  bool has(const reach::ExecutedStep& step) const { return steps_.count(&step) != 0; }
  /// The files that such steps run.
  const std::set<std::string>& files() const { return files_; }

 private:
  /// What runs alike is one and the same.
  static bool alike(const reach::ExecutedStep& a, const reach::ExecutedStep& b) {
    return !a.commands.empty() && a.run == b.run && a.enforced == b.enforced && a.events.empty() == b.events.empty();
  }

  std::set<const reach::ExecutedStep*> steps_;
  std::set<std::string> files_;
};

class Collector {
 public:
  /// `files` are those that may be run otherwise on one of the sides.
  Collector(Change& change, const Differing& differing, const std::set<std::string>& files)
      : change_(change), differing_(differing), files_(files) {}

  Places collect(const reach::Execution& execution) {
    for (const auto& pipeline : execution.pipelines)
      each_step(*pipeline, [&](const auto& step, auto index) {
        if (step.left_to_callers) return;
        if (differing_.has(step)) add_step(step, index);
        add_files(step);
      });
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
    add("step " + place_of(step, index), {step.pipeline->path, {}, {}, true, &step, {}, nullptr}, {});
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
