// Facts about checks that a repository made itself: a script, target or step that a judging job runs can no longer say
// no, or does so in fewer cases.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "document/failing_ends.h"
#include "document/formats.h"
#include "rule/checks/pairs.h"
#include "rule/checks/producers.h"
#include "rule/checks/ways.h"
#include "rule/matching.h"
#include "text/lines.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using document::Tongue;
using document::VerdictLoss;

enum class Standing : std::uint8_t { prepares, unnamed, named };

/// What a job that judges changes runs, on one side: a script, a target, or what a step itself says.
struct Judging {
  std::string path, part;
  Standing standing = Standing::prepares;
  bool holds = false;  ///< its failure holds a change back
  const reach::ExecutedStep* step = nullptr;
  reach::Chain chain;  ///< empty for the step itself
};
using Judgings = std::map<std::string, Judging>;  // by where they stand, the same before and after

struct Text {
  std::string text;
  Tongue tongue = Tongue::none;
  std::uint32_t first_line = 1;
};

Tongue tongue_of_step(const pipeline::Step& step) {
  if (step.shell.find("pwsh") != std::string::npos || step.shell.find("powershell") != std::string::npos)
    return Tongue::powershell;
  if (step.shell.find("python") != std::string::npos) return Tongue::python;
  if (step.shell.find("cmd") != std::string::npos) return Tongue::none;
  return Tongue::shell;
}

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
      R"((?i)check|lint|verif|valid|audit|quality|style|static|guard|gate|polic|licen[cs]e|format|scan|complian|conform)");
  const bool named =
      std::any_of(names.begin(), names.end(),
                  [&](const auto& name) { return knowledge.names_a_check(name) || judging.matches(name); }) ||
      judging.matches(step.job->id) || judging.matches(step.job->name);
  return named ? Standing::named : Standing::unnamed;
}

std::string stem(std::string_view path) {
  const auto name = text::base_name(path);
  return std::string(name.substr(0, name.find('.', 1)));
}

/// The recipe of a target as a script.
std::string recipe_of(std::string_view makefile, const std::string& target, std::uint32_t& first_line) {
  std::string recipe;
  std::uint32_t number = 0;
  bool inside = false, ignored = false, continued = false;
  for (const auto line : text::Lines(makefile)) {
    ++number;
    if (!line.empty() && line.front() != '\t' && line.front() != ' ' && line.front() != '#') {
      const auto colon = line.find(':');
      const auto names = " " + std::string(line.substr(0, colon)) + " ";
      inside = colon != std::string_view::npos && names.find(" " + target + " ") != std::string::npos &&
               !line.substr(colon).starts_with(":=");
      if (inside) first_line = number + 1;
      continue;
    }
    if (!inside) continue;
    auto content = text::trimmed(line, " \t\r");
    if (!continued) ignored = content.substr(0, content.find_first_not_of("@+-")).find('-') != std::string_view::npos;
    continued = content.ends_with('\\');
    if (ignored) {
      recipe += ":\n";  // what fails in it counts for nothing
      continue;
    }
    while (!content.empty() && (content.front() == '@' || content.front() == '-' || content.front() == '+'))
      content.remove_prefix(1);
    for (std::size_t i = 0; i < content.size(); ++i) {
      recipe += content[i];
      if (content[i] == '$' && i + 1 < content.size() && content[i + 1] == '$') ++i;
    }
    recipe += '\n';
  }
  return recipe;
}

/// The names that the commands of a step call, each with whether some call of it fails the step.
class Calls {
 public:
  explicit Calls(const reach::ExecutedStep& step) {
    for (const auto& executed : step.commands) {
      if (text::is_one_of(executed.command->program(),
                          {"chmod", "cp", "cat", "ls", "test", "[", "git", "echo", "source", "."}))
        continue;
      const bool counts = executed.fatal && !executed.unreachable;
      for (const auto& word : executed.command->argv) {
        auto& known = awaited_[text::base_name(word.text)];
        known = known || counts;
      }
    }
  }

  /// Whether the call of the file fails the step where the file does; true where no call can be told.
  bool await(std::string_view path) const {
    const auto found = awaited_.find(text::base_name(path));
    return found == awaited_.end() || found->second;
  }

 private:
  std::unordered_map<std::string_view, bool> awaited_;
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

  Judgings collect(const reach::Execution& execution) {
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
  void add(const std::string& key, Judging judging, std::vector<std::string> names) {
    judging.holds = judging.holds && judging.step->enforced && !judging.step->events.empty();
    judging.standing = standing_of(*judging.step, std::move(names), change_.knowledge());
    const auto rank = [](const Judging& one) { return std::pair(one.holds, one.standing); };
    const auto [entry, fresh] = found_.try_emplace(key, judging);
    if (!fresh && rank(entry->second) < rank(judging)) entry->second = std::move(judging);
  }

  void add_step(const reach::ExecutedStep& step, std::size_t index) {
    if (step.step == nullptr) return;
    const auto name = step.step->name.empty() ? "#" + std::to_string(index) : step.step->name;
    add("step " + step.pipeline->path + "\n" + step.job->id + "\n" + name,
        {step.pipeline->path, {}, {}, true, &step, {}}, {});
  }

  void add_files(const reach::ExecutedStep& step) {
    std::optional<Calls> calls;
    for (const auto& file : step.files) {
      if (files_.count(file.path) == 0 && change_.file(file.path) == nullptr) continue;
      if (!calls) calls.emplace(step);
      add_file(step, file, calls->await(file.path));
    }
  }

  void add_file(const reach::ExecutedStep& step, const reach::FollowedFile& file, bool is_awaited) {
    const bool action = text::is_one_of(text::base_name(file.path), {"action.yml", "action.yaml"});
    const auto folder = text::directory_of(file.path);
    std::vector<std::string> names{file.part, action ? std::string(text::base_name(folder)) : stem(file.path)};
    for (const auto& link : file.chain) names.push_back(link.part);
    add("file " + file.path + "\n" + (action ? std::string() : file.part),
        {file.path, file.part, {}, is_awaited, &step, file.chain}, std::move(names));
  }

  Change& change_;
  const Differing& differing_;
  const std::set<std::string>& files_;
  Judgings found_;
};

Text text_of_step(const pipeline::Step& step) {
  if (const auto script = step.with.find("script"); step.uses == "actions/github-script" && script != step.with.end())
    return {script->second, Tongue::javascript, step.line};
  return {step.run, tongue_of_step(step), std::max<std::uint32_t>(1, step.run_line)};
}

/// What the steps of a composite action say to a shell.
Text text_of_action(std::string_view bytes) {
  Text text{{}, Tongue::shell, 1};
  const auto document = document::read_yaml(bytes);
  const auto* steps = document.root().get({"runs", "steps"});
  if (steps == nullptr) return {};
  for (const auto& step : steps->items) {
    const auto* run = step.get("run");
    const auto* shell = step.get("shell");
    if (run != nullptr && (shell == nullptr || shell->text().find("sh") == 0 || shell->text().find("bash") == 0))
      text.text += std::string(run->text()) + "\n";
  }
  return text;
}

Text text_of(const Judging& judging, model::Tree& tree) {
  if (judging.chain.empty()) return text_of_step(*judging.step->step);
  const auto entry = tree.find(judging.path);
  if (!entry || entry->mode == model::FileMode::directory) return {};
  const auto content = tree.read(*entry);
  if (content.state != model::ContentState::present) return {};
  Text text{*content.bytes, document::tongue_of(judging.path, *content.bytes), 1};
  if (text::is_one_of(text::base_name(judging.path), {"action.yml", "action.yaml"}))
    return text_of_action(*content.bytes);
  if (text.tongue != Tongue::none || judging.part.empty()) return text;
  static const text::Pattern makefile(R"((?i)(?:^|/)(?:(?:gnu)?makefile[^/]*|[^/]+\.mk|\.?justfile|[^/]+\.just)$)");
  if (!makefile.matches(judging.path)) return {};
  text.text = recipe_of(*content.bytes, judging.part, text.first_line);
  text.tongue = Tongue::shell;
  return text;
}

std::string_view to_string(VerdictLoss loss) {
  switch (loss) {
    case VerdictLoss::defused:
      return "defused";
    case VerdictLoss::emptied:
      return "emptied";
    case VerdictLoss::fewer:
      return "fewer";
    case VerdictLoss::skipped:
      return "skipped";
  }
  return "fewer";
}

std::string in_words(const document::LostVerdict& lost) {
  switch (lost.loss) {
    case VerdictLoss::defused:
      return lost.after.empty()
                 ? "`" + shortened(lost.before, 80) + "` is gone from a branch that is still there"
                 : "`" + shortened(lost.before, 80) + "` gave way to `" + shortened(lost.after, 80) + "`";
    case VerdictLoss::emptied:
      return "nothing like `" + shortened(lost.before, 80) + "` is left in it";
    case VerdictLoss::fewer:
      return "`" + shortened(lost.before, 80) + "` is gone with its branch";
    case VerdictLoss::skipped:
      return "it ends early at `" + shortened(lost.after, 80) + "`";
  }
  return {};
}

Fact fact_of(const Judging& before, const Judging& after, Powers& powers) {
  Fact fact;
  fact.kind = "verdict-lost";
  fact.path = after.path;
  const auto& step = *after.step;
  fact.subject = subject(*step.job);
  if (!after.chain.empty())
    fact.subject += " / " + after.path;
  else if (!step.step->name.empty())
    fact.subject += " / step " + step.step->name;
  if (!after.chain.empty()) fact.reach = way_text(after.path, after.chain, step, powers);
  fact.context = surroundings(*step.pipeline, *step.job);
  const bool named = before.standing == Standing::named || after.standing == Standing::named;
  fact.attributes["named"] = named ? "true" : "false";
  fact.attributes["job"] = step.job->id;
  return fact;
}

void tell(Fact& fact, std::string_view loss, std::string what) {
  fact.action = std::move(what);
  fact.attributes["what"] = fact.action;
  fact.attributes["loss"] = loss;
}

/// It still runs for changes, and its failure is let pass: by its call, its step or its job. Events and conditions that
/// keep a job from running are told where they stand.
bool is_let_pass(const reach::ExecutedStep& step) {
  return !step.events.empty() &&
         (step.unenforced_why.empty() || step.job->may_fail || (step.step != nullptr && step.step->may_fail));
}

/// Its failure counts for nothing now.
Fact ignored_fact(const Judging& before, const Judging& after, Powers& powers) {
  auto fact = fact_of(before, after, powers);
  const auto& step = *after.step;
  fact.path = step.pipeline->path;
  fact.line = step.unenforced_line != 0 ? step.unenforced_line
              : step.step != nullptr    ? step.step->line
                                        : step.job->line;
  fact.line_before = before.step->step != nullptr ? before.step->step->line : 0;
  const auto& why = step.unenforced_why;
  tell(fact, "ignored", why.empty() ? "its call swallows the failure" : "its failure no longer counts: " + why);
  fact.after = shortened(why);
  return fact;
}

Fact lost_fact(const Judging& before, const Judging& after, const document::LostVerdict& lost,
               std::uint32_t line_before, std::uint32_t line, Powers& powers) {
  auto fact = fact_of(before, after, powers);
  fact.line = lost.line == 0 ? line : line + lost.line - 1;
  fact.line_before = lost.line_before == 0 ? 0 : line_before + lost.line_before - 1;
  fact.before = shortened(lost.before);
  fact.after = shortened(lost.after);
  tell(fact, to_string(lost.loss), in_words(lost));
  return fact;
}

}  // namespace

void verdict_facts(Change& change, std::vector<Fact>& facts) {
  if (!change.touches_execution()) return;
  const auto &then_run = change.before_execution(), &now_run = change.after_execution();
  const Differing gone(then_run, now_run), come(now_run, then_run);
  std::set<std::string> files = gone.files();
  files.insert(come.files().begin(), come.files().end());
  const auto before = Collector(change, gone, files).collect(then_run);
  if (before.empty()) return;
  const auto after = Collector(change, come, files).collect(now_run);
  Powers powers(change.knowledge());
  for (const auto& [key, then] : before) {
    const auto found = after.find(key);
    if (!then.holds || found == after.end()) continue;
    const auto& now = found->second;
    if (then.standing == Standing::prepares || now.standing == Standing::prepares) continue;
    const bool may_differ = change.file(then.path) != nullptr || !now.holds;
    const auto old = may_differ ? text_of(then, change.before()) : Text();
    if (old.tongue == Tongue::none) continue;
    if (!now.holds) {
      if (is_let_pass(*now.step) && document::gives_verdict(old.text, old.tongue))
        facts.push_back(ignored_fact(then, now, powers));
      continue;
    }
    const auto fresh = text_of(now, change.after());
    if (fresh.tongue != old.tongue || fresh.text == old.text) continue;
    if (const auto lost = document::lost_verdict(old.text, fresh.text, old.tongue))
      facts.push_back(lost_fact(then, now, *lost, old.first_line, fresh.first_line, powers));
  }
}

}  // namespace tollbar::rule
