// A change: its files and what its pipelines run, before and after.
#include "rule/change.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "reach/footprint.h"
#include "reach/unnamed_run.h"
#include "rule/checks/ways.h"
#include "rule/command_changes.h"
#include "rule/release_calls.h"
#include "rule/unseen_checks.h"
#include "text/words.h"

namespace tollbar::rule {

struct Change::Derived {
  std::shared_ptr<const reach::Execution> before, after;
  std::optional<bool> touches;
  std::optional<std::vector<reach::CheckChange>> checks;
  std::optional<CommandChanges> commands;
  std::unique_ptr<Powers> powers;
  std::optional<std::map<model::ObjectId, std::vector<const FileChange*>>> gone;  ///< by their content
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

std::shared_ptr<const reach::Execution> Change::execution_of(model::Tree& tree, const model::Tree& other) {
  reach::Neighbour neighbour;
  if (extent_ == Deltas::all) neighbour = {other.identity(), &deltas_};
  return caches_.executions.of(tree, knowledge(), caches_.documents, caches_.scripts, caches_.profile, neighbour);
}

Powers& Change::powers() {
  if (!derived_->powers) derived_->powers = std::make_unique<Powers>(knowledge(), caches_.executions);
  return *derived_->powers;
}

const reach::Execution& Change::before_execution() {
  if (!derived_->before) {  // asking the clock costs more than asking again
    const util::Profile::Part part(caches_.profile, "execution");
    derived_->before = execution_of(before_, after_);
  }
  return *derived_->before;
}

const reach::Execution& Change::after_execution() {
  if (!derived_->after) {
    const util::Profile::Part part(caches_.profile, "execution");
    if (touches_execution())
      derived_->after = execution_of(after_, before_);
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
    cache.remember(before_, after_);
    derived_->touches = false;
    return false;
  }
  before_execution();
  derived_->touches = touches(derived_->before);
  if (!*derived_->touches && extent_ == Deltas::all) cache.remember(after_, before_);
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
           [this](const reach::Check& check) { return runs_unseen(check, *derived_->after, *this); },
           [this](const reach::Check& check) { return reach::unnamed_run(*derived_->after, check); }});
    }
  }
  return *derived_->checks;
}

const CommandChanges& Change::commands() {
  if (!derived_->commands) derived_->commands = compare_commands(*this);
  return *derived_->commands;
}

const std::vector<Change::NewCommand>& Change::new_commands() {
  return commands().gained;
}

const std::vector<Change::NewCommand>& Change::lost_commands() {
  return commands().lost;
}

const std::vector<Change::NewCommand>& Change::fed_commands() {
  return commands().fed;
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

}  // namespace tollbar::rule
