// Every job of every live pipeline, reusable workflows entered, as steps with what they really run.
#include "reach/execution.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "reach/command_lookup.h"
#include "reach/enforcement.h"
#include "reach/generated_pipeline.h"
#include "reach/handed_secrets.h"
#include "reach/job_follower.h"
#include "reach/power.h"
#include "reach/runs.h"
#include "reach/uploaded_steps.h"

namespace tollbar::reach {
namespace {

using pipeline::CredentialUse;
using pipeline::Job;
using pipeline::Pipeline;
using pipeline::Step;

constexpr std::size_t kCallDepth = 8;
constexpr std::size_t kMostSteps = 20'000;

bool same_use(const CredentialUse& a, const CredentialUse& b) {
  return a.kind == b.kind && a.name == b.name && a.bound_to == b.bound_to && a.line == b.line;
}

/// The step's credentials and those of the job that belong to no single step.
std::vector<CredentialUse> credentials_of(const Job& job, const Step* step) {
  std::vector<CredentialUse> result;
  if (step) result = step->credentials;
  for (const auto& use : job.credentials) {
    const bool of_a_step = std::any_of(job.steps.begin(), job.steps.end(), [&](const Step& other) {
      return std::any_of(other.credentials.begin(), other.credentials.end(),
                         [&](const auto& its) { return same_use(its, use); });
    });
    if (!of_a_step) result.push_back(use);
  }
  return result;
}

/// The file of this tree whose jobs the job calls: a reusable workflow, a child pipeline of GitLab; empty for any
/// other.
std::string called_workflow(const Job& job) {
  constexpr std::string_view child = "local:";
  if (job.uses.starts_with("./")) return join_path("", job.uses);
  if (!job.uses.starts_with(child)) return {};
  const auto path = job.uses.substr(child.size());
  return join_path("", path.starts_with('/') ? path.substr(1) : path);
}

void add_held(const std::vector<CredentialUse>& held, std::vector<CredentialUse>& to) {
  for (const auto& use : held) {
    const bool known = use.kind == CredentialUse::Kind::platform_token ||
                       std::any_of(to.begin(), to.end(), [&](const auto& its) { return its.name == use.name; });
    if (!known) to.push_back(use);
  }
}

void take(ExecutedStep& step, Enforcement enforcement) {
  step.enforced = enforcement.enforced;
  step.unenforced_why = std::move(enforcement.why);
  step.unenforced_path = std::move(enforcement.path);
  step.unenforced_line = enforcement.line;
  step.left_to_callers = enforcement.left_to_callers;
  step.narrowing = std::move(enforcement.narrowing);
  step.events = std::move(enforcement.events);
}

class Walk {
 public:
  Walk(model::Tree& tree, pipeline::DocumentCache& documents, ScriptCache& scripts, Runs& runs, CommandLookup& commands,
       PipelineExecution& execution)
      : tree_(tree),
        documents_(documents),
        scripts_(scripts),
        execution_(execution),
        jobs_(tree, documents, scripts, runs, commands, execution) {}

  void pipeline(Called called) {
    const Pipeline& pipeline = *execution_.pipeline;
    execution_.dependence.consulted.insert(pipeline.path);
    execution_.dependence.consulted.insert(pipeline.files.begin(), pipeline.files.end());
    consult_includes(pipeline);
    const bool elsewhere = pipeline.system == pipeline::System::github && called == Called::not_here;
    for (const auto& one : pipeline.jobs)
      job(pipeline, pipeline, one, enforcement_of(pipeline, one, elsewhere), {}, "", {});
  }

 private:
  /// What `include: local` names and may yet come: a file that is not there, folders whose files a wildcard takes in.
  void consult_includes(const Pipeline& pipeline) {
    constexpr std::string_view local = "local:";
    for (const std::string& include : pipeline.includes) {
      if (!include.starts_with(local) || include.find('$') != std::string::npos) continue;
      std::string path = include.substr(local.size());
      if (path.starts_with('/')) path.erase(0, 1);
      const auto wildcard = path.find('*');
      if (wildcard == std::string::npos) {
        execution_.dependence.consulted.insert(join_path("", path));
        continue;
      }
      const auto slash = path.rfind('/', wildcard);
      list_folders(slash == std::string::npos ? "" : path.substr(0, slash), 0);
    }
  }

  void list_folders(const std::string& folder, int depth) {
    constexpr int kDeepest = 8;  // as deep as the reader looks
    execution_.dependence.listed.insert(folder.empty() ? "." : folder);
    if (depth >= kDeepest) return;
    for (const auto& [name, entry] : tree_.list(folder)) {
      if (entry.mode == model::FileMode::directory)
        list_folders(folder.empty() ? name : folder + "/" + name, depth + 1);
    }
  }

  void job(const Pipeline& live, const Pipeline& own, const Job& job, const Enforcement& enforcement,
           const std::vector<Link>& calls, const std::string& prefix,
           const std::map<std::string, std::string>& inputs) {
    const std::string context = prefix + (job.name.empty() ? job.id : job.name);
    if (!job.uses.empty()) return call(live, own, job, enforcement, calls, context);
    if (execution_.steps.size() > kMostSteps) return problem("step limit");
    std::string halted;
    std::vector<CredentialUse> held;
    std::vector<UploadedSteps> uploaded;
    jobs_.begin(own, job, inputs);
    for (const auto& step : job.steps) {
      ExecutedStep executed;
      executed.pipeline = &live;
      executed.job = &job;
      executed.step = &step;
      executed.calls = calls;
      executed.context = context;
      executed.credentials = credentials_of(job, &step);
      if (logs_in(step))
        held.insert(held.end(), step.credentials.begin(), step.credentials.end());
      else
        add_held(held, executed.credentials);
      std::erase_if(executed.credentials, [&](const CredentialUse& use) { return !handed_.hold(use, job); });
      Enforcement its = within_job(enforcement, own, job, step);
      if (its.enforced && !halted.empty()) {
        its.enforced = false;
        its.left_to_callers = false;
        its.why = halted;
        its.path = own.path;
        its.line = step.line;
      }
      take(executed, std::move(its));
      jobs_.follow(step, executed);
      if (!executed.ends_job.empty()) halted = executed.ends_job + " ends the job before it";
      if (own.system == pipeline::System::buildkite)
        for (auto& steps : uploaded_steps(executed, tree_, documents_, execution_.dependence.consulted))
          uploaded.push_back(std::move(steps));
      execution_.steps.push_back(std::move(executed));
    }
    for (const auto& steps : uploaded)
      call_made(steps.pipeline, {steps.pipeline->path, job.id, steps.line, Certainty::inferred}, live, own, enforcement,
                calls, context);
  }

  void call(const Pipeline& live, const Pipeline& own, const Job& job, const Enforcement& enforcement,
            const std::vector<Link>& calls, const std::string& context) {
    if (execution_.steps.size() > kMostSteps) return problem("step limit");
    const std::string target = called_workflow(job);
    const Pipeline* called = target.empty() ? nullptr : find(target);
    if (is_made_at_run_time(job)) call_generated(live, own, job, enforcement, calls, context);
    if (called && calls.size() < kCallDepth) {
      const bool cycle = called == &live || std::any_of(calls.begin(), calls.end(),
                                                        [&](const Link& link) { return link.path == called->path; });
      if (cycle) return problem("call cycle");
      auto deeper = calls;
      deeper.push_back({called->path, job.id, job.line, Certainty::verified});
      called = &as_called(*called, job);
      auto inputs = job.with;
      for (const auto& event : called->events)
        for (const auto& [name, parameter] : event.parameters) inputs.try_emplace(name, parameter.default_value);
      Enforcement handed = enforcement;
      if (own.system == pipeline::System::gitlab && job.with.count("strategy") == 0) not_awaited(handed, own, job.line);
      const HandedSecrets outer = handed_;
      if (own.system == pipeline::System::github) handed_ = handed_.to_called_by(job);
      for (const auto& inner : called->jobs) {
        this->job(live, *called, inner, within_call(handed, *called, inner), deeper, context + " / ", inputs);
      }
      handed_ = outer;
      return;
    }
    if (called) problem("depth limit");
    ExecutedStep executed;
    executed.pipeline = &live;
    executed.job = &job;
    executed.calls = calls;
    executed.context = context;
    executed.credentials = credentials_of(job, nullptr);
    executed.actions.push_back({job.uses, job.uses_version, job.with, own.path, job.line, {}});
    if (is_made_at_run_time(job)) executed.unknown.push_back({"trigger: " + job.uses, own.path, job.line, {}});
    take(executed, enforcement);
    execution_.steps.push_back(std::move(executed));
  }

  /// The jobs that a template of the tree holds. Nobody knows how often each comes and whether, so that none of them
  /// counts as a check.
  void call_generated(const Pipeline& live, const Pipeline& own, const Job& job, const Enforcement& enforcement,
                      const std::vector<Link>& calls, const std::string& context) {
    const auto generated = generated_pipeline(own, job.uses.substr(job.uses.find(':') + 1), tree_, documents_, scripts_,
                                              execution_.dependence.consulted);
    if (generated != nullptr)
      call_made(generated, {generated->path, job.id, job.line, Certainty::inferred}, live, own, enforcement, calls,
                context);
  }

  /// The jobs of a pipeline that is made when another job, to which the link leads, runs.
  void call_made(const std::shared_ptr<const Pipeline>& made, const Link& link, const Pipeline& live,
                 const Pipeline& own, const Enforcement& enforcement, const std::vector<Link>& calls,
                 const std::string& context) {
    if (calls.size() >= kCallDepth) return;
    execution_.called.push_back(made);
    auto deeper = calls;
    if (link.path != own.path) deeper.push_back(link);
    Enforcement handed = enforcement;
    not_awaited(handed, own, link.line);
    for (const auto& inner : made->jobs)
      this->job(live, *made, inner, within_call(handed, *made, inner), deeper, context + " / ", {});
  }

  /// The workflow at `path`; null where there is none.
  const Pipeline* find(const std::string& path) {
    execution_.dependence.consulted.insert(path);
    if (path == execution_.pipeline->path) return execution_.pipeline.get();
    for (const auto& pipeline : execution_.called) {
      if (pipeline->path == path) return pipeline.get();
    }
    if (path.empty() || !tree_.find(path)) return nullptr;
    execution_.called.push_back(pipeline::read_one(execution_.pipeline->system, tree_, path, documents_));
    return execution_.called.back().get();
  }

  /// The workflow with the inputs that the job hands it.
  const Pipeline& as_called(const Pipeline& called, const Job& job) {
    if (called.system != pipeline::System::github) return called;
    auto instance = pipeline::read_called(called.system, tree_, called.path, documents_, job.with);
    if (instance.get() == &called) return called;
    execution_.called.push_back(std::move(instance));
    return *execution_.called.back();
  }

  void problem(const std::string& text) {
    auto& problems = execution_.problems;
    if (std::find(problems.begin(), problems.end(), text) == problems.end()) problems.push_back(text);
  }

  model::Tree& tree_;
  pipeline::DocumentCache& documents_;
  ScriptCache& scripts_;
  PipelineExecution& execution_;
  JobFollower jobs_;
  HandedSecrets handed_;
};

template <typename Wanted>
std::vector<ExecutedFile> executed_files_where(const Execution& execution, Wanted wanted) {
  std::vector<ExecutedFile> files;
  for (const auto& pipeline : execution.pipelines) {
    for (const auto& step : pipeline->steps) {
      for (const auto& link : step.calls)
        if (wanted(link.path)) files.push_back({link.path, "", &step, {link}});
      for (const auto& file : step.files)
        if (wanted(file.path)) files.push_back({file.path, file.part, &step, file.chain});
    }
  }
  return files;
}

}  // namespace

bool is_made_at_run_time(const Job& job) {
  return job.uses.starts_with("artifact:");
}

void add_called_workflows(const Pipeline& pipeline, std::set<std::string>& paths) {
  for (const auto& job : pipeline.jobs) {
    if (const auto path = called_workflow(job); !path.empty()) paths.insert(path);
  }
}

std::shared_ptr<const PipelineExecution> execute(std::shared_ptr<const Pipeline> pipeline, Called called,
                                                 model::Tree& tree, pipeline::DocumentCache& documents,
                                                 ScriptCache& scripts, Runs& runs, CommandLookup& commands) {
  const auto execution = std::make_shared<PipelineExecution>();
  execution->pipeline = std::move(pipeline);
  Walk(tree, documents, scripts, runs, commands, *execution).pipeline(called);
  return execution;
}

Execution execute(model::Tree& tree, const Knowledge& knowledge, pipeline::DocumentCache& documents) {
  ScriptCache scripts;
  Runs runs;
  CommandLookup commands(knowledge);
  Execution execution;
  const auto pipelines = pipeline::read_all(tree, documents);
  std::set<std::string> called;
  for (const auto& pipeline : pipelines) add_called_workflows(*pipeline, called);
  for (const auto& pipeline : pipelines) {
    const auto use = called.count(pipeline->path) != 0 ? Called::here : Called::not_here;
    execution.pipelines.push_back(execute(pipeline, use, tree, documents, scripts, runs, commands));
  }
  return execution;
}

std::vector<ExecutedFile> executed_files(const Execution& execution) {
  return executed_files_where(execution, [](const std::string&) { return true; });
}

std::vector<ExecutedFile> executed_files(const Execution& execution, const std::set<std::string_view>& paths) {
  return executed_files_where(execution, [&](const std::string& path) { return paths.count(path) != 0; });
}

}  // namespace tollbar::reach
