// Azure Pipelines: files with triggers, their stages, jobs and steps after local templates are expanded.
#include "pipeline/readers/azure.h"

#include <algorithm>
#include <array>
#include <set>

#include "pipeline/readers/job_scope.h"
#include "pipeline/readers/systems.h"
#include "text/glob.h"
#include "text/words.h"

namespace tollbar::pipeline::azure {
namespace {

using document::Node;

/// The service asks nobody for a name: these are what repositories call the folder.
constexpr std::array<std::string_view, 15> kDirectories{"azure-pipelines",
                                                        ".azure-pipelines",
                                                        ".azuredevops",
                                                        ".pipelines",
                                                        ".azure",
                                                        "eng/ci",
                                                        "eng/pipelines",
                                                        ".ado",
                                                        ".vsts",
                                                        ".vsts-ci",
                                                        "build/azure-pipelines",
                                                        "ci/azure-pipelines",
                                                        "eng/azure-pipelines",
                                                        "tools/azure-pipelines",
                                                        "common/config/azure-pipelines"};

constexpr std::size_t kMaxJobs = 2000;
constexpr std::size_t kMaxNeeds = 300;  // of one stage, on all before it
constexpr std::array<std::string_view, 4> kStarters{"trigger", "pr", "schedules", "extends"};

bool is_yaml(std::string_view path) {
  return path.ends_with(".yml") || path.ends_with(".yaml");
}

/// Folders in which a pipeline may stand beside other things, told by its name.
constexpr std::array<std::string_view, 10> kSharedFolders{"",       "build",   "ci",     ".ci",       "dev",
                                                          "devops", ".devops", "deploy", "pipelines", "tools"};

/// `azure-pipelines.yml` as the service proposes it, `azure_pipeline.nightly.yaml` as people vary it; `.vsts-ci.yml` of
/// the years before and its like (`.vsts.release.yml`), beside which templates are called so. Lower case.
bool bears_name(std::string_view name) {
  if (!is_yaml(name)) return false;
  const auto azure = name.find("azure");
  if (azure != std::string_view::npos) return name.find("pipeline", azure) != std::string_view::npos;
  return name.starts_with(".vsts") && name.find("template") == std::string_view::npos;
}

bool is_named_pipeline(std::string_view path) {
  const auto folded = text::fold_path(path);
  const auto folder = text::directory_of(folded);
  return bears_name(text::base_name(folded)) &&
         std::find(kSharedFolders.begin(), kSharedFolders.end(), folder) != kSharedFolders.end();
}

/// A file in a directory of pipelines and templates is a pipeline where it says itself what starts it.
bool says_what_starts_it(model::Tree& tree, const std::string& path) {
  const auto entry = tree.find(path);
  if (!entry) return false;
  const auto content = tree.read(*entry);
  if (content.state != model::ContentState::present || !content.bytes) return false;
  const auto text = "\n" + std::string(*content.bytes);
  return std::any_of(kStarters.begin(), kStarters.end(), [&](std::string_view key) {
    return text.find("\n" + std::string(key) + ":") != std::string::npos;
  });
}

/// `refs/heads/main` is `main`; `*` matches across slashes.
std::vector<std::string> names_of(const Node* node) {
  auto names = texts_of(node);
  for (auto& name : names) {
    for (const std::string_view prefix : {"refs/heads/", "refs/tags/"}) {
      if (name.starts_with(prefix)) name.erase(0, prefix.size());
    }
  }
  return names;
}

void add_filter(const Node* node, const std::string& name, Event& event) {
  if (!node) return;
  if (node->is_sequence() || node->is_scalar()) {
    event.filters[name] = names_of(node);
    return;
  }
  if (const auto* include = node->get("include")) event.filters[name] = names_of(include);
  if (const auto* exclude = node->get("exclude")) event.filters[name + "-ignore"] = names_of(exclude);
}

/// `trigger` or `pr`: absent means everything, `none` nothing.
std::optional<Event> read_trigger(const Node* node, std::string_view name) {
  Event event;
  event.name = name;
  if (!node || node->is_null()) return event;
  event.line = node->line;
  if (node->is_scalar()) {
    if (node->scalar == "none" || node->truth() == false) return std::nullopt;
    event.filters["branches"] = names_of(node);
  } else if (node->is_sequence()) {
    if (node->items.empty()) return std::nullopt;
    event.filters["branches"] = names_of(node);
  } else {
    if (const auto* enabled = node->get("enabled"); enabled && enabled->truth() == false) return std::nullopt;
    for (const auto* filter : {"branches", "paths", "tags"}) add_filter(node->get(filter), filter, event);
  }
  const auto branches = event.filters.find("branches");
  if (branches != event.filters.end()) {
    if (branches->second.empty()) return std::nullopt;
    if (std::find(branches->second.begin(), branches->second.end(), "*") != branches->second.end())
      event.filters.erase(branches);
  }
  return event;
}

std::vector<Event> read_events(const Node& root) {
  std::vector<Event> events;
  if (auto push = read_trigger(root.get("trigger"), "push")) events.push_back(std::move(*push));
  if (auto request = read_trigger(root.get("pr"), "pull_request")) events.push_back(std::move(*request));
  if (const auto* schedules = root.get("schedules")) {
    for (const auto& item : schedules->items) {
      Event event;
      event.name = "schedule";
      event.line = item.line;
      event.filters["cron"] = texts_of(item.get("cron"));
      add_filter(item.get("branches"), "branches", event);
      events.push_back(std::move(event));
    }
  }
  if (const auto* pipelines = root.get({"resources", "pipelines"})) {
    for (const auto& item : pipelines->items) {
      const auto* trigger = item.get("trigger");
      if (!trigger || trigger->truth() == false || trigger->text() == "none") continue;
      Event event;
      event.name = "workflow_run";
      event.line = trigger->line;
      event.filters["workflows"] = {text_of(item.get("source"))};
      events.push_back(std::move(event));
    }
  }
  return events;
}

class Reader {
 public:
  Reader(const Expanded& expanded, Pipeline& pipeline)
      : root_(expanded.root), scope_(expanded.scope), pipeline_(pipeline) {}

  void read() {
    std::vector<CredentialUse> groups;
    read_variables(root_.get("variables"), scope_, pipeline_.env, groups);
    Stage whole;
    whole.env = pipeline_.env;
    whole.groups = std::move(groups);
    whole.pool = root_.get("pool");
    whole.containers = root_.get({"resources", "containers"});
    if (const auto* stages = root_.get("stages")) {
      for (const auto& item : stages->items) {
        if (item.is_mapping()) read_stage(item, whole);
      }
    }
    if (const auto* jobs = root_.get("jobs")) read_jobs(*jobs, whole, scope_);
    if (root_.get("steps")) add_job(root_, whole, scope_);
  }

 private:
  void read_stage(const Node& node, const Stage& whole) {
    Stage stage = whole;
    stage.name = text_of(node.get("stage"));
    stage.condition = read_condition(node, scope_);
    stage.origin = text_of(node.get(kOrigin));
    if (const auto* pool = node.get("pool")) stage.pool = pool;
    Scope scope = scope_;
    read_variables(node.get("variables"), scope, stage.env, stage.groups);
    // Without a word of its own, a stage waits for the one written before it.
    const auto* written = node.get("dependsOn");
    const auto waits_for = written               ? written->texts()
                           : last_stage_.empty() ? std::vector<std::string>{}
                                                 : std::vector<std::string>{last_stage_};
    for (const auto& name : waits_for) {
      const auto& jobs = jobs_of_stage_[name];
      stage.needs.insert(stage.needs.end(), jobs.begin(), jobs.end());
    }
    const auto first = pipeline_.jobs.size();
    if (const auto* jobs = node.get("jobs")) read_jobs(*jobs, stage, scope);
    if (node.get("template")) add_job(node, stage, scope);
    // What comes after waits for all that this one waited for.
    auto& known = jobs_of_stage_[stage.name];
    known = stage.needs;
    if (known.size() > kMaxNeeds) known.resize(kMaxNeeds);
    for (auto i = first; i < pipeline_.jobs.size(); ++i) {
      pipeline_.jobs[i].gated = pipeline_.jobs[i].gated || text_of(node.get("trigger")) == "manual";
      known.push_back(pipeline_.jobs[i].id);
    }
    last_stage_ = stage.name;
  }

  void read_jobs(const Node& jobs, const Stage& stage, const Scope& scope) {
    const auto first = pipeline_.jobs.size();
    std::map<std::string, std::string> renamed;
    for (const auto& item : jobs.items) {
      if (!item.is_mapping() || pipeline_.jobs.size() >= kMaxJobs) continue;
      const auto written = add_job(item, stage, scope);
      renamed[written] = pipeline_.jobs.back().id;
    }
    for (auto i = first; i < pipeline_.jobs.size(); ++i) {
      auto& needs = pipeline_.jobs[i].needs;
      for (auto& need : needs) {
        if (const auto found = renamed.find(need); found != renamed.end()) need = found->second;
      }
      needs.insert(needs.end(), stage.needs.begin(), stage.needs.end());
    }
  }

  /// Adds a job and gives the id it was written with; a job of the same name in another stage is another one.
  std::string add_job(const Node& node, const Stage& stage, const Scope& scope) {
    Job job = read_job(node, stage, scope);
    const auto written = job.id;
    if (job.id.empty()) job.id = !job.uses.empty() ? job.uses : stage.name.empty() ? "Job" : stage.name;
    const auto base = ids_.count(job.id) != 0 && !stage.name.empty() ? stage.name + "." + job.id : job.id;
    job.id = base;
    for (int number = 2; !ids_.insert(job.id).second; ++number) job.id = base + "-" + std::to_string(number);
    pipeline_.jobs.push_back(std::move(job));
    return written;
  }

  const Node& root_;
  Scope scope_;
  Pipeline& pipeline_;
  std::string last_stage_;
  std::map<std::string, std::vector<std::string>> jobs_of_stage_;
  std::set<std::string> ids_;
};

void note_repositories(const Node& root, Pipeline& pipeline) {
  const auto* repositories = root.get({"resources", "repositories"});
  if (!repositories) return;
  for (const auto& item : repositories->items) {
    const auto reference = text_of(item.get("ref"));
    pipeline.includes.push_back(text_of(item.get("name")) + (reference.empty() ? "" : "@" + reference));
  }
}

}  // namespace

bool is_live(std::string_view path) {
  if (is_named_pipeline(path)) return true;
  return is_yaml(path) && std::any_of(kDirectories.begin(), kDirectories.end(), [&](std::string_view directory) {
           return path.starts_with(directory) && path.substr(directory.size()).starts_with('/');
         });
}

std::vector<std::string> find(model::Tree& tree) {
  std::vector<std::string> found;
  for (const auto folder : kSharedFolders) {
    for (auto& path : files_in(tree, folder, {".yml", ".yaml"}))
      if (is_named_pipeline(path)) found.push_back(std::move(path));
  }
  for (const auto directory : kDirectories) {
    for (auto& path : files_in(tree, directory, {".yml", ".yaml"})) {
      if (says_what_starts_it(tree, path)) found.push_back(std::move(path));
    }
  }
  return found;
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::azure;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  if (!document) return pipeline;
  const Node& root = document->root();
  note_repositories(root, pipeline);
  const auto expanded = expand(root, pipeline, tree, documents);
  pipeline.name = text_of(root.get("name"));
  pipeline.events = read_events(expanded.root);
  Reader(expanded, pipeline).read();
  spread_gates(pipeline.jobs);
  return pipeline;
}

}  // namespace tollbar::pipeline::azure
