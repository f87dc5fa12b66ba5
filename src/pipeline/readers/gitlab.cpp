// GitLab pipelines: `.gitlab-ci.yml` with its local includes, read into one pipeline.
#include "pipeline/readers/gitlab.h"

#include <algorithm>
#include <array>

#include "pipeline/readers/systems.h"
#include "text/ascii.h"

namespace tollbar::pipeline::gitlab {
namespace {

using document::Node;

constexpr std::array<std::string_view, 12> kReserved{"default",       "include",      "stages",   "variables",
                                                     "workflow",      "image",        "services", "cache",
                                                     "before_script", "after_script", "types",    "spec"};
// Keywords that once stood at the top and still act as defaults there.
constexpr std::array<std::string_view, 5> kOldDefaults{"image", "services", "cache", "before_script", "after_script"};

bool is_job(std::string_view id, const Node& node) {
  if (!node.is_mapping() || std::find(kReserved.begin(), kReserved.end(), id) != kReserved.end()) return false;
  return id.starts_with('.') || node.get("script") || node.get("trigger") || node.get("extends") || node.get("run");
}

Node read_defaults(const Node& root, Templates& templates) {
  Node defaults;
  defaults.kind = document::NodeKind::mapping;
  for (const auto keyword : kOldDefaults) {
    for (const auto& member : root.members) {
      if (member.key.text() == keyword) defaults.members.push_back(member);
    }
  }
  if (const auto* written = root.get("default"); written && written->is_mapping())
    defaults = deep_merge(defaults, *written);
  return templates.resolved(defaults);
}

/// `SAST_DISABLED` and its kin switch a template's job off.
bool switched_off(const Job& job) {
  std::string name = job.id + "_DISABLED";
  for (auto& c : name) c = c == '-' ? '_' : text::ascii_upper(c);
  const auto found = job.env.find(name);
  return found != job.env.end() && !found->second.empty() && found->second != "false" && found->second != "0";
}

/// A template's job; what the configuration says about it is laid over it.
void add_template_jobs(const Node& root, Templates& templates, const Shared& shared, Pipeline& pipeline) {
  for (const auto& include : pipeline.includes) {
    auto known = template_job(include);
    if (!known) continue;
    const auto exists = [&](const Job& job) { return job.id == known->id; };
    if (std::any_of(pipeline.jobs.begin(), pipeline.jobs.end(), exists)) continue;
    Job job = std::move(*known);
    const auto* overrides = root.get(job.id);
    if (overrides && overrides->is_mapping()) {
      const auto steps = job.steps;
      job = read_job(job.id, templates.job(job.id), shared);
      job.steps.insert(job.steps.begin(), steps.begin(), steps.end());
      if (!overrides->get("rules") && job.condition.truth != Truth::never) job.events.clear();
    } else {
      job.env = shared.variables;
    }
    if (switched_off(job)) job.condition.truth = Truth::never;
    pipeline.jobs.push_back(std::move(job));
  }
}

void add_event(const Event& event, std::vector<Event>& events) {
  const auto known =
      std::find_if(events.begin(), events.end(), [&](const Event& other) { return other.name == event.name; });
  if (known == events.end()) {
    events.push_back(event);
    return;
  }
  for (const auto* filter : {"branches", "paths"}) {
    if (event.filters.count(filter) == 0) known->filters.erase(filter);
  }
}

/// Where no job says more, the pipeline runs as its workflow rules let a plain job run.
void read_events(const Shared& shared, Pipeline& pipeline) {
  Node plain;
  plain.kind = document::NodeKind::mapping;
  const auto schedule = read_schedule(plain, shared.workflow_rules, shared.variables);
  pipeline.condition.truth = schedule.condition.truth;
  if (shared.workflow_rules) {
    pipeline.condition.text = shared.workflow_rules->brief(kWholeText);
    pipeline.condition.line = shared.workflow_rules->line;
    if (pipeline.condition.truth == Truth::always && schedule.events.size() < 3)
      pipeline.condition.truth = Truth::depends;
  }
  bool any_job = false;
  for (const auto& job : pipeline.jobs) {
    if (job.hidden) continue;
    any_job = any_job || !job.events.empty();
    for (const auto& event : job.events) add_event(event, pipeline.events);
  }
  if (!any_job) pipeline.events = schedule.events;
}

}  // namespace

bool is_live(std::string_view path) {
  return path == ".gitlab-ci.yml";
}

std::vector<std::string> find(model::Tree& tree) {
  return existing_files(tree, {".gitlab-ci.yml"});
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::gitlab;
  pipeline.path = path;
  const auto configuration = load(pipeline, tree, documents);
  if (pipeline.files.empty()) pipeline.files.push_back(pipeline.path);
  const Node& root = configuration.root;
  Templates templates(root);

  Node rules;
  Shared shared;
  shared.defaults = read_defaults(root, templates);
  shared.variables = read_variables(root.get("variables"));
  if (const auto* written = root.get({"workflow", "rules"})) {
    rules = templates.resolved(*written);
    shared.workflow_rules = &rules;
  }
  pipeline.name = text_of(root.get({"workflow", "name"}));
  pipeline.env = shared.variables;

  for_each_member(&root, [&](std::string_view id, const Node& node) {
    if (!is_job(id, node)) return;
    Job job = read_job(id, templates.job(id), shared);
    job.line = node.line;
    job.extends = texts_of(node.get("extends"));
    const auto origin = configuration.path_of.find(id);
    if (origin != configuration.path_of.end() && origin->second != pipeline.path) job.path = origin->second;
    if (switched_off(job)) job.condition.truth = Truth::never;
    pipeline.jobs.push_back(std::move(job));
  });
  add_template_jobs(root, templates, shared, pipeline);
  read_events(shared, pipeline);
  return pipeline;
}

}  // namespace tollbar::pipeline::gitlab
