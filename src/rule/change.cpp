// A change: its files, what its pipelines run, and what is new about the commands.
#include "rule/change.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>

#include "document/command_identity.h"
#include "reach/footprint.h"
#include "rule/file_commands.h"
#include "rule/matching.h"
#include "rule/release_calls.h"
#include "rule/standing_target.h"
#include "rule/step_inputs.h"
#include "rule/unseen_checks.h"
#include "text/glob.h"
#include "text/words.h"

namespace tollbar::rule {

bool PolicyView::registered(std::string_view credential) const {
  return std::any_of(credentials.begin(), credentials.end(), [&](const Credential& known) {
    return text::fold_path(known.name) == text::fold_path(credential) && !known.owner.empty() && !known.purpose.empty();
  });
}

bool PolicyView::is_production(std::string_view environment) const {
  const auto folded = text::fold_path(environment);
  return !environment.empty() && std::any_of(production.begin(), production.end(),
                                             [&](const std::string& glob) { return text::Glob(glob).matches(folded); });
}

std::shared_ptr<const reach::Knowledge> knowledge_under(const RuleSet& rules, const PolicyView& policy) {
  if (policy.required_checks.empty() && policy.hosted_runners.empty() && policy.admin_tools.empty()) return nullptr;
  auto knowledge = std::make_shared<reach::Knowledge>(rules.knowledge);
  knowledge->required_checks.insert(policy.required_checks.begin(), policy.required_checks.end());
  knowledge->hosted_runners.insert(knowledge->hosted_runners.end(), policy.hosted_runners.begin(),
                                   policy.hosted_runners.end());
  for (const auto& tool : policy.admin_tools) {
    reach::EffectTool effect;
    effect.words = {tool};
    effect.effect = {"admin tool " + tool, "acts through an internal admin tool", false};
    knowledge->effect_tools.push_back(std::move(effect));
  }
  knowledge->index_tools();
  return knowledge;
}

struct Change::Derived {
  std::shared_ptr<const reach::Execution> before, after;
  std::optional<bool> touches;
  std::optional<std::vector<reach::CheckChange>> checks;
  bool commands_compared = false;
  std::optional<std::map<model::ObjectId, std::vector<const FileChange*>>> gone;  ///< by their content
  std::vector<NewCommand> gained, lost, fed;
};

namespace {

/// A script that a platform runs at a release is operated wherever it stands.
KindSet kinds_of(const std::string& path, const Kinds& table, ReleaseCalls& released) {
  auto kinds = table.of(path);
  const auto has = [&](std::string_view name) {
    const auto index = table.index(name);
    return index && kinds[*index];
  };
  const auto operated = table.index("operated");
  if (!operated || kinds[*operated] || !(has("shell-script") || has("script") || has("program-script"))) return kinds;
  if (released.name(path)) kinds.set(*operated);
  return kinds;
}

}  // namespace

Change::Change(const RuleSet& rules, const PolicyView& policy, Caches& caches, model::Tree& before, model::Tree& after,
               const std::vector<model::FileDelta>& deltas, const model::Commit* commit, Deltas extent)
    : rules_(rules),
      policy_(policy),
      caches_(caches),
      before_(before),
      after_(after),
      deltas_(deltas),
      commit_(commit),
      extent_(extent),
      derived_(std::make_unique<Derived>()) {
  files_.reserve(deltas.size());
  ReleaseCalls released(after);
  for (const auto& delta : deltas)
    files_.emplace_back(delta, kinds_of(delta.path, rules.kinds, released), rules.kinds, before, after, caches);
  join_modules();
}

void Change::join_modules() {
  std::map<std::string, std::vector<FileChange*>> modules;
  for (auto& file : files_)
    if (file.format() == document::Format::hcl) modules[text::directory_of(file.path())].push_back(&file);
  for (const auto& [folder, files] : modules)
    for (auto* const file : files) {
      std::vector<FileChange*> others;
      std::copy_if(files.begin(), files.end(), std::back_inserter(others),
                   [&, self = file](const FileChange* other) { return other != self; });
      file->belongs_with(std::move(others));
    }
}

Change::~Change() = default;

FileChange* Change::file(std::string_view path) {
  const auto found =
      std::find_if(files_.begin(), files_.end(), [&](const FileChange& file) { return file.path() == path; });
  return found == files_.end() ? nullptr : &*found;
}

const reach::Knowledge& Change::knowledge() const {
  return policy_.knowledge ? *policy_.knowledge : rules_.knowledge;
}

const reach::Execution& Change::before_execution() {
  const util::Profile::Part part(caches_.profile, "execution");
  if (!derived_->before)
    derived_->before = caches_.executions.of(before_, knowledge(), caches_.documents, caches_.scripts, caches_.profile);
  return *derived_->before;
}

const reach::Execution& Change::after_execution() {
  const util::Profile::Part part(caches_.profile, "execution");
  if (!derived_->after) {
    if (touches_execution())
      derived_->after = caches_.executions.of(after_, knowledge(), caches_.documents, caches_.scripts, caches_.profile);
    else
      derived_->after = derived_->before;
  }
  return *derived_->after;
}

bool Change::touches_execution() {
  if (derived_->touches) return *derived_->touches;
  const util::Profile::Part part(caches_.profile, "execution");
  auto& cache = caches_.executions;
  const auto touches = [&](const std::shared_ptr<const reach::Execution>& execution) {
    return reach::touched_by(deltas_, *execution, before_, after_, caches_.scripts);
  };
  // Neighbours in history share a tree: where one side is known, the other need not be found.
  const auto known = cache.known(after_);
  if (extent_ == Deltas::all && known && !cache.known(before_) && !touches(known)) {
    derived_->before = derived_->after = known;
    cache.remember(before_, known);
    derived_->touches = false;
    return false;
  }
  before_execution();
  derived_->touches = touches(derived_->before);
  if (!*derived_->touches && extent_ == Deltas::all) cache.remember(after_, derived_->before);
  return *derived_->touches;
}

std::vector<const pipeline::Pipeline*> Change::touched_pipelines(const reach::Execution& execution) {
  std::vector<const pipeline::Pipeline*> touched;
  for (const auto& one : execution.pipelines) {
    const auto& files = one->pipeline->files;
    if (std::any_of(files.begin(), files.end(), [&](const std::string& path) { return file(path) != nullptr; }))
      touched.push_back(one->pipeline.get());
  }
  return touched;
}

const std::vector<reach::CheckChange>& Change::check_changes() {
  if (!derived_->checks) {
    const util::Profile::Part part(caches_.profile, "checks");
    derived_->checks.emplace();
    if (touches_execution()) {
      before_execution();
      after_execution();
      if (derived_->before == derived_->after) return *derived_->checks;
      auto& cache = caches_.executions;
      *derived_->checks = reach::compare(
          *cache.inventory(derived_->before, knowledge()), *cache.inventory(derived_->after, knowledge()), knowledge(),
          {reach::unreadable_pipelines(*derived_->after),
           [this](const std::string& path, bool is_path) { return went_away(path, is_path); },
           [this](const reach::Check& check) { return runs_unseen(check, *derived_->after, *this); }});
    }
  }
  return *derived_->checks;
}

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

}  // namespace

const std::vector<Change::NewCommand>& Change::new_commands() {
  if (derived_->commands_compared) return derived_->gained;
  derived_->commands_compared = true;
  std::vector<NewCommand> before, after;
  std::vector<const pipeline::Pipeline*> touched_before, touched_after;
  if (touches_execution()) {
    touched_before = touched_pipelines(before_execution());
    touched_after = touched_pipelines(after_execution());
    add_steps(touched_before, *this, before);
    add_steps(touched_after, *this, after);
  }
  const auto covered = [](const std::vector<const pipeline::Pipeline*>& pipelines, const std::string& path) {
    return std::any_of(pipelines.begin(), pipelines.end(), [&](const auto* pipeline) {
      return !pipeline->broken &&
             std::find(pipeline->files.begin(), pipeline->files.end(), path) != pipeline->files.end();
    });
  };
  for (auto& file : files_) {
    bool runs = false;
    for (std::size_t i = 0; i < rules_.kinds.size(); ++i) runs = runs || (file.kinds()[i] && rules_.kinds[i].commands);
    if (!runs) continue;
    const auto add = [&](std::vector<NewCommand>& side, const CommandPlace& place) {
      side.push_back({place, &file, nullptr, nullptr, nullptr, file.path()});
      tell_target_of_path(side.back().place.command, file.path());
    };
    if (!covered(touched_before, file.path()))
      for (const auto& place : file.before_commands()) add(before, place);
    if (!covered(touched_after, file.path()))
      for (const auto& place : file.after_commands()) add(after, place);
  }
  derived_->fed = fed_anew(after, before);
  derived_->lost = beyond(before, after);
  derived_->gained = beyond(std::move(after), before);
  return derived_->gained;
}

const std::vector<Change::NewCommand>& Change::lost_commands() {
  new_commands();
  return derived_->lost;
}

const std::vector<Change::NewCommand>& Change::fed_commands() {
  new_commands();
  return derived_->fed;
}

namespace {

/// The path was in no tree, though its folder was, with others like it: what it named went before. What builds make is
/// in no tree either, but is told by its name.
bool was_missing(model::Tree& before, model::Tree& after, const std::string& path) {
  constexpr std::array<std::string_view, 14> kMade{"dist",     "build",     "out",     "output",      "target",
                                                   "coverage", "bin",       "lib",     "pkg",         "generated",
                                                   "tmp",      "artifacts", "reports", "node_modules"};
  const auto folder = text::directory_of(path);
  if (folder.empty() || path.find_first_of(".$*?{") != std::string::npos) return false;
  for (std::string_view rest = path; !rest.empty();) {
    const auto part = rest.substr(0, rest.find('/'));
    if (std::find(kMade.begin(), kMade.end(), part) != kMade.end()) return false;
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  const auto siblings = after.list(folder);
  return before.find(folder) && std::any_of(siblings.begin(), siblings.end(), [](const auto& sibling) {
           return sibling.entry.mode == model::FileMode::directory;
         });
}

}  // namespace

bool Change::went_away(const std::string& path, bool is_path) {
  // Tests are no subject of their own: they went if what they test did. Examples are one: they are shown to people.
  const auto tests = rules_.kinds.index("test-data");
  std::string subject = path;
  while (subject.ends_with('/')) subject.pop_back();
  constexpr std::array<std::string_view, 6> kShown{"example", "examples", "sample", "samples", "demo", "demos"};
  const auto is_shown = [&] {
    return std::find(kShown.begin(), kShown.end(), text::base_name(subject)) != kShown.end();
  };
  while (tests && !is_shown() && rules_.kinds.of(subject + "/x")[*tests]) {
    const auto slash = subject.rfind('/');
    if (slash == std::string::npos) return false;
    subject.resize(slash);
  }
  if (after_.find(subject)) return false;
  return before_.find(subject) ? !moved_away(subject) : is_path && was_missing(before_, after_, subject);
}

bool Change::moved_away(const std::string& folder) const {
  std::size_t files = 0, found_again = 0;
  for (const auto& delta : deltas_) {
    if (!delta.removed() || !(delta.path == folder || delta.path.starts_with(folder + "/"))) continue;
    ++files;
    found_again += std::any_of(deltas_.begin(), deltas_.end(), [&](const model::FileDelta& other) {
      return other.added() && other.after->id == delta.before->id;
    });
  }
  return found_again * 3 >= files && found_again > 0;
}

std::vector<const FileChange*> Change::moved_from(const FileChange& file) {
  if (!file.delta().added()) return {};
  if (!derived_->gone) {
    derived_->gone.emplace();
    for (const auto& other : files_)
      if (other.delta().removed()) (*derived_->gone)[other.delta().before->id].push_back(&other);
  }
  const auto found = derived_->gone->find(file.delta().after->id);
  return found == derived_->gone->end() ? std::vector<const FileChange*>{} : found->second;
}

bool Change::took_away(std::string_view text) {
  if (text.empty()) return false;
  const auto left_out = left_out_by_default(rules_.kinds);
  for (auto& file : files_) {
    if ((file.kinds() & left_out).any()) continue;
    for (const auto& line : file.lines().removed)
      if (line.text.find(text) != std::string_view::npos) return true;
  }
  return false;
}

bool Change::held_before(std::string_view text) {
  constexpr std::size_t most_files = 4000, most_bytes = std::size_t{64} << 20, least_length = 16;
  // Short texts and mere words stand in many places.
  if (text.size() < least_length || text.find_first_of("0123456789") == std::string_view::npos) return false;
  const auto left_out = left_out_by_default(rules_.kinds);
  const auto documentation = rules_.kinds.index("documentation");
  std::vector<std::string> folders{""};
  std::size_t files = 0, bytes = 0;
  while (!folders.empty()) {
    const auto folder = std::move(folders.back());
    folders.pop_back();
    for (const auto& [name, entry] : before_.list(folder)) {
      auto path = folder.empty() ? name : folder + '/' + name;
      const auto kinds = rules_.kinds.of(path);
      if (entry.mode == model::FileMode::submodule || (kinds & left_out).any()) continue;
      if (entry.mode == model::FileMode::directory) {
        folders.push_back(std::move(path));
        continue;
      }
      if (documentation && kinds[*documentation]) continue;
      const auto content = before_.read(entry);
      bytes += content.size;
      if (++files > most_files || bytes > most_bytes) return false;
      if (content.state == model::ContentState::present && content.bytes->find(text) != std::string::npos) return true;
    }
  }
  return false;
}

}  // namespace tollbar::rule
