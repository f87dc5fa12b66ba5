// From steps with what they run to ways: effects first, then credentials that no known effect uses.
#include "reach/action_map.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "document/command_identity.h"
#include "reach/actors.h"
#include "reach/power.h"
#include "reach/word_glob.h"

namespace tollbar::reach {
namespace {

using pipeline::CredentialUse;

/// The steps of one job, as often as it is called.
using JobSteps = std::vector<const ExecutedStep*>;

bool is_foreign(std::string_view uses) {
  return !uses.empty() && !uses.starts_with("./") && uses.find('/') != std::string_view::npos;
}

std::string step_name(const ExecutedStep& step) {
  if (step.step == nullptr) return {};
  if (!step.step->name.empty()) return step.step->name;
  if (!step.step->id.empty()) return step.step->id;
  if (!step.step->uses.empty()) return step.step->uses;
  return step.step->script.commands.empty() ? std::string() : document::identity(step.step->script.commands.front());
}

void add_credentials(const std::vector<CredentialUse>& uses, std::vector<CredentialUse>& to) {
  for (const auto& use : uses) {
    if (use.kind == CredentialUse::Kind::platform_token) continue;
    if (std::none_of(to.begin(), to.end(),
                     [&](const auto& known) { return known.kind == use.kind && known.name == use.name; }))
      to.push_back(use);
  }
}

void add_file(std::vector<MapFile>& files, const std::string& path, const std::string& part) {
  const bool known = std::any_of(files.begin(), files.end(),
                                 [&](const MapFile& file) { return file.path == path && file.part == part; });
  if (!known) files.push_back({path, part});
}

std::string called(const CredentialUse& use) {
  switch (use.kind) {
    case CredentialUse::Kind::identity:
      return "its identity (OIDC)";
    case CredentialUse::Kind::all_secrets:
      return "all secrets";
    case CredentialUse::Kind::computed:
      return "a secret of a computed name";
    default:
      return use.name;
  }
}

/// A workflow of another repository acts with what it is handed.
std::string handing_on(const std::vector<CredentialUse>& credentials, const std::string& uses) {
  std::string text = "hands " + called(credentials.front());
  if (credentials.size() > 1) text += " and " + std::to_string(credentials.size() - 1) + " more";
  return text + " to " + uses;
}

Certainty weakest(const std::vector<Link>& chain) {
  Certainty result = Certainty::verified;
  for (const auto& link : chain) result = std::max(result, link.certainty);
  return result;
}

/// What stands round a job: checks that it waits for, the jobs through which its workflow is called.
struct Surroundings {
  Before checks = Before::none;
  std::vector<const pipeline::Job*> callers;
};

/// The ways of one job.
class JobMap {
 public:
  JobMap(const PipelineExecution& run, const JobSteps& steps, const Knowledge& knowledge, Surroundings around,
         std::vector<MapPath>& paths)
      : run_(run),
        steps_(steps),
        knowledge_(knowledge),
        checks_(around.checks),
        callers_(std::move(around.callers)),
        paths_(paths),
        first_(paths.size()) {}

  void map() {
    for (const auto* step : steps_) {
      if (step->step != nullptr && step->step->condition.truth == pipeline::Truth::never) continue;
      effects(*step);
      own_credentials(*step);
      if (checks(*step, knowledge_)) checks_ = Before::present;
    }
    drop_used_logins();
    rest();
  }

  /// The step runs something whose failure says that the change is bad.
  static bool checks(const ExecutedStep& step, const Knowledge& knowledge) {
    const auto counts = [](CheckKind kind) { return kind != CheckKind::build && kind != CheckKind::format; };
    return std::any_of(step.commands.begin(), step.commands.end(),
                       [&](const ExecutedCommand& command) {
                         if (command.unreachable || !command.fatal) return false;
                         const auto* tool = knowledge.check_tool(*command.command);
                         return tool != nullptr && !tool->auxiliary && counts(tool->kind);
                       }) ||
           std::any_of(step.actions.begin(), step.actions.end(), [&](const ExecutedAction& action) {
             const auto* check = knowledge.check_action(action.uses);
             return check != nullptr && counts(check->kind);
           });
  }

 private:
  void effects(const ExecutedStep& step) {
    for (const auto& action : step.actions) {
      if (const auto* effect = knowledge_.effect(action.uses, action.with))
        add(step, *effect, action.version.empty() ? action.uses : action.uses + "@" + action.version, action.path,
            action.line, action.chain);
    }
    for (const auto& act : step.configured) add(step, act.effect, act.by, act.path, act.line, act.chain);
    for (const auto& executed : step.commands) {
      if (executed.unreachable) continue;
      for (const auto* effect : knowledge_.effects(*executed.command, *executed.env))
        add(step, *effect, executed.command->text(), executed.path, executed.line, executed.chain);
    }
  }

  void add(const ExecutedStep& step, const Effect& effect, std::string by, const std::string& path, std::uint32_t line,
           const std::vector<Link>& chain) {
    if (!can_act(*run_.pipeline, step, held_, effect, knowledge_)) return;
    const auto name = step_name(step);
    const bool again =
        std::any_of(paths_.begin() + static_cast<std::ptrdiff_t>(first_), paths_.end(), [&](const MapPath& known) {
          return known.step == name && known.action == effect.action && known.system == effect.system &&
                 known.by_path == path;
        });
    if (again) return;
    MapPath way = begin(step);
    add_credentials(held_, way.authority.credentials);
    used_logins_.insert(logins_.begin(), logins_.end());
    way.action = effect.action;
    way.system = effect.system;
    way.release = effect.release;
    way.by = std::move(by);
    way.by_path = path;
    way.by_line = line;
    way.chain = chain;
    way.certainty = weakest(chain);
    way.checks = checks_;
    add_files(step, way.files);
    way.unknown = step.unknown;
    covered_.insert(&step);
    paths_.push_back(std::move(way));
  }

  /// A step that is handed a credential of its own and does nothing known with it.
  void own_credentials(const ExecutedStep& step) {
    if (step.step == nullptr || covered_.count(&step) != 0) return;
    std::vector<CredentialUse> own;
    add_credentials(step.step->credentials, own);
    if (own.empty()) return;
    MapPath way = begin(step);
    way.known = false;
    way.action = "can use " + called(own.front());
    way.by = step.step->uses.empty() ? step_name(step) : step.step->uses;
    way.by_path = way.path;
    way.by_line = way.line;
    way.checks = checks_;
    add_files(step, way.files);
    way.unknown = step.unknown;
    covered_.insert(&step);
    if (logs_in(*step.step)) {
      add_credentials(own, held_);
      logins_.insert(paths_.size());
    }
    paths_.push_back(std::move(way));
  }

  /// What a login was for is told by the ways that come after it.
  void drop_used_logins() {
    for (auto index = used_logins_.rbegin(); index != used_logins_.rend(); ++index)
      paths_.erase(paths_.begin() + static_cast<std::ptrdiff_t>(*index));
  }

  /// What the job holds as a whole and no way of a single step uses.
  void rest() {
    const auto& step = *steps_.front();
    MapPath way = begin(step);
    const bool has_way = paths_.size() > first_;
    way.step.clear();
    if (step.step != nullptr && !step.step->condition.text.empty() && !way.conditions.empty() &&
        way.conditions.back() == step.step->condition.text)
      way.conditions.pop_back();
    way.path = step.job->path.empty() ? last_call(step) : step.job->path;
    way.line = step.job->line;
    const bool holds = !way.authority.credentials.empty() && !all_used(way.authority.credentials);
    if (holds && step.step == nullptr && is_foreign(step.job->uses))
      way.action = handing_on(way.authority.credentials, step.job->uses);
    else if (holds)
      way.action = "can use " + called(way.authority.credentials.front());
    else if (has_way)
      return;
    else if (!way.authority.environment.empty())
      way.action = "deploys to an environment";
    else if (!way.authority.permissions.empty() && !step.job->permissions_default)
      way.action = "can write with the job's token";
    else if (is_made_at_run_time(*step.job))
      way.action = "runs a pipeline that is made when it runs";
    else
      return;
    way.known = false;
    way.release = !way.authority.environment.empty();
    if (way.authority.credentials.empty() && way.authority.environment.empty())
      way.system = std::string(pipeline::to_string(run_.pipeline->system));
    way.checks = checks_;
    for (const auto* one : steps_) {
      if (covered_.count(one) != 0) continue;
      add_files(*one, way.files);
      way.unknown.insert(way.unknown.end(), one->unknown.begin(), one->unknown.end());
    }
    paths_.insert(paths_.begin() + static_cast<std::ptrdiff_t>(first_), std::move(way));
  }

  bool all_used(const std::vector<CredentialUse>& credentials) const {
    return std::all_of(credentials.begin(), credentials.end(), [&](const CredentialUse& use) {
      return std::any_of(paths_.begin() + static_cast<std::ptrdiff_t>(first_), paths_.end(), [&](const MapPath& way) {
        return std::any_of(way.authority.credentials.begin(), way.authority.credentials.end(),
                           [&](const CredentialUse& its) { return its.kind == use.kind && its.name == use.name; });
      });
    });
  }

  std::string last_call(const ExecutedStep& step) const {
    return step.calls.empty() ? run_.pipeline->path : step.calls.back().path;
  }

  MapPath begin(const ExecutedStep& step) const {
    MapPath way;
    const auto& job = *step.job;
    way.workflow = run_.pipeline->path;
    way.job = step.context.empty() ? job.id : step.context;
    way.step = step_name(step);
    way.path = job.path.empty() ? last_call(step) : job.path;
    way.line = step.step != nullptr ? step.step->line : job.line;
    add_condition(run_.pipeline->condition, way.conditions);
    for (const auto* caller : callers_) add_condition(caller->condition, way.conditions);
    add_condition(job.condition, way.conditions);
    if (step.step != nullptr) add_condition(step.step->condition, way.conditions);
    const bool folds = run_.pipeline->system == pipeline::System::github;
    way.actors = actors_of(job.events.empty() ? run_.pipeline->events : job.events,
                           folds ? way.conditions : std::vector<std::string>());
    add_credentials(step.credentials, way.authority.credentials);
    if (run_.pipeline->system == pipeline::System::github) way.authority.permissions = write_permissions(job);
    way.authority.environment = job.environment;
    way.authority.runner = job.runner.labels;
    way.target_environment = job.environment;
    way.gate = job.gated ? Before::present : job.environment.empty() ? Before::none : Before::maybe;
    add_file(way.files, run_.pipeline->path, "");
    for (const auto& call : step.calls) add_file(way.files, call.path, "");
    for (const auto* other : steps_) add_foreign(*other, way.foreign);
    return way;
  }

  static void add_condition(const pipeline::Condition& condition, std::vector<std::string>& to) {
    if (!condition.text.empty() && condition.truth != pipeline::Truth::always) to.push_back(condition.text);
  }

  static void add_files(const ExecutedStep& step, std::vector<MapFile>& files) {
    for (const auto& file : step.files) add_file(files, file.path, file.part);
  }

  static void add_foreign(const ExecutedStep& step, std::vector<ForeignAction>& foreign) {
    for (const auto& action : step.actions) {
      if (!is_foreign(action.uses)) continue;
      const bool again = std::any_of(foreign.begin(), foreign.end(), [&](const auto& known) {
        return known.uses == action.uses && known.version == action.version;
      });
      if (!again)
        foreign.push_back({action.uses, action.version, action.path, action.line, pipeline::is_pinned(action.version)});
    }
  }

  const PipelineExecution& run_;
  const JobSteps& steps_;
  const Knowledge& knowledge_;
  Before checks_;
  std::vector<const pipeline::Job*> callers_;
  std::vector<MapPath>& paths_;
  std::size_t first_;
  std::set<const ExecutedStep*> covered_;
  std::vector<CredentialUse> held_;  ///< that steps before logged in with
  std::set<std::size_t> logins_;     ///< ways of such steps
  std::set<std::size_t> used_logins_;
};

/// The jobs of a pipeline and which of them others wait for, those of called workflows included.
class Jobs {
 public:
  explicit Jobs(const PipelineExecution& run) : run_(run) {
    for (const auto& step : run.steps) {
      if (step.job == nullptr) continue;
      if (groups_.empty() || !same_job(*groups_.back().front(), step)) groups_.emplace_back();
      groups_.back().push_back(&step);
    }
  }

  const std::vector<JobSteps>& groups() const { return groups_; }

  Surroundings around(const JobSteps& steps, const Knowledge& knowledge) const {
    const auto& step = *steps.front();
    Surroundings around{checks_before(step, knowledge), {}};
    for (std::size_t depth = 0; depth < step.calls.size(); ++depth)
      if (const auto* job = caller(step, depth)) around.callers.push_back(job);
    return around;
  }

 private:
  /// A job that this one waits for, directly or not, checks.
  Before checks_before(const ExecutedStep& step, const Knowledge& knowledge) const {
    const auto& events = step.job->events.empty() ? run_.pipeline->events : step.job->events;
    const bool after_another = !events.empty() && std::all_of(events.begin(), events.end(), [](const auto& event) {
      return event.name == "workflow_run" || event.name == "merge_group";
    });
    Before result = after_another ? Before::maybe : Before::none;
    std::set<std::string> seen;
    for (std::size_t depth = 0; depth <= step.calls.size(); ++depth) {
      const auto* job = depth == step.calls.size() ? step.job : caller(step, depth);
      if (job != nullptr && waits_for_check(step, depth, *job, knowledge, seen)) result = Before::present;
    }
    return result;
  }

  static bool same_job(const ExecutedStep& a, const ExecutedStep& b) {
    return a.job == b.job && a.context == b.context && same_calls(a, b, std::max(a.calls.size(), b.calls.size()));
  }

  static bool same_calls(const ExecutedStep& a, const ExecutedStep& b, std::size_t depth) {
    if (a.calls.size() < depth || b.calls.size() < depth) return false;
    for (std::size_t i = 0; i < depth; ++i) {
      if (a.calls[i].path != b.calls[i].path || a.calls[i].part != b.calls[i].part) return false;
    }
    return true;
  }

  /// The pipeline whose jobs stand at this depth of the step's calls; null where it is unknown.
  const pipeline::Pipeline* pipeline_at(const ExecutedStep& step, std::size_t depth) const {
    if (depth == 0) return run_.pipeline.get();
    for (const auto& called : run_.called) {
      if (called->path == step.calls[depth - 1].path) return called.get();
    }
    return nullptr;
  }

  static const pipeline::Job* job_named(const pipeline::Pipeline* pipeline, const std::string& id) {
    if (pipeline == nullptr) return nullptr;
    for (const auto& job : pipeline->jobs) {
      if (job.id == id) return &job;
    }
    return nullptr;
  }

  const pipeline::Job* caller(const ExecutedStep& step, std::size_t depth) const {
    return job_named(pipeline_at(step, depth), step.calls[depth].part);
  }

  bool waits_for_check(const ExecutedStep& step, std::size_t depth, const pipeline::Job& job,
                       const Knowledge& knowledge, std::set<std::string>& seen) const {
    return std::any_of(job.needs.begin(), job.needs.end(), [&](const std::string& need) {
      if (!seen.insert(std::to_string(depth) + " " + need).second) return false;
      const bool checks = std::any_of(run_.steps.begin(), run_.steps.end(), [&](const ExecutedStep& other) {
        if (other.job == nullptr || !same_calls(step, other, depth)) return false;
        const bool its = other.calls.size() == depth ? other.job->id == need : other.calls[depth].part == need;
        return its && JobMap::checks(other, knowledge);
      });
      const auto* needed = job_named(pipeline_at(step, depth), need);
      return checks || (needed != nullptr && waits_for_check(step, depth, *needed, knowledge, seen));
    });
  }

  const PipelineExecution& run_;
  std::vector<JobSteps> groups_;
};

bool only_called(const pipeline::Pipeline& pipeline) {
  return !pipeline.events.empty() && std::all_of(pipeline.events.begin(), pipeline.events.end(),
                                                 [](const auto& event) { return event.name == "workflow_call"; });
}

}  // namespace

std::vector<MappedPipeline> map_actions(const Execution& execution, const Knowledge& knowledge) {
  std::set<std::string> called;
  for (const auto& run : execution.pipelines) add_called_workflows(*run->pipeline, called);
  std::vector<MappedPipeline> result;
  for (const auto& run : execution.pipelines) {
    const auto& pipeline = *run->pipeline;
    if (pipeline.system == pipeline::System::github_action) continue;  // seen where it is used
    if (only_called(pipeline) && called.count(pipeline.path) != 0) continue;
    MappedPipeline mapped{pipeline.path,
                          pipeline.name,
                          std::string(pipeline::to_string(pipeline.system)),
                          actors_of(pipeline.events, {}),
                          {},
                          run->problems};
    std::erase(mapped.problems, "call cycle");  // what leads back to itself was followed once
    if (pipeline.broken) mapped.problems.emplace_back("it cannot be read");
    const Jobs jobs(*run);
    for (const auto& steps : jobs.groups())
      JobMap(*run, steps, knowledge, jobs.around(steps, knowledge), mapped.paths).map();
    result.push_back(std::move(mapped));
  }
  return result;
}

}  // namespace tollbar::reach
