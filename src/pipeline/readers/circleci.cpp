// CircleCI: `.circleci/config.yml` (or the `circle.yml` of its first version), its workflows, filters and conditions;
// jobs that no workflow runs are hidden.
#include "pipeline/readers/circleci.h"

#include <algorithm>
#include <array>
#include <set>

#include "pipeline/readers/circleci_first.h"
#include "pipeline/readers/job_scope.h"
#include "pipeline/readers/systems.h"

namespace tollbar::pipeline::circleci {
namespace {

using document::Node;

/// The configuration, the one that a setup workflow continues with by convention, and that of version 1.0.
constexpr std::array<std::string_view, 4> kPaths{".circleci/config.yml", ".circleci/continue_config.yml",
                                                 ".circleci/continue-config.yml", kFirstPath};

/// `/.*/` and its kin let every name through: written as the glob that says so.
std::vector<std::string> patterns(const Node* node) {
  auto texts = texts_of(node);
  for (auto& text : texts) {
    for (const std::string_view all : {"/.*/", "/^.*$/", "/.+/", "/^.+$/", "/^.*/", "/.*$/"}) {
      if (text == all) text = "**";
    }
  }
  return texts;
}

bool takes_all(const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), "**") != names.end();
}

Event event_of(std::string_view name, std::uint32_t line) {
  Event event;
  event.name = name;
  event.line = line;
  return event;
}

/// What an entry's `filters` let through: pushes to branches, and tags only where they are asked for.
std::vector<Event> filtered_events(const Node* filters, std::uint32_t line) {
  Event push = event_of("push", line);
  bool branches = true;
  if (const auto* only = filters ? filters->get({"branches", "only"}) : nullptr) {
    auto names = patterns(only);
    branches = !names.empty();
    if (!takes_all(names)) push.filters["branches"] = std::move(names);
  }
  if (const auto* ignore = filters ? filters->get({"branches", "ignore"}) : nullptr) {
    auto names = patterns(ignore);
    if (takes_all(names)) branches = false;
    if (!names.empty()) push.filters["branches-ignore"] = std::move(names);
  }
  std::vector<Event> events;
  if (branches) events.push_back(std::move(push));
  if (const auto* tags = filters ? filters->get("tags") : nullptr) {
    Event tag = event_of("tag", tags->line);
    if (const auto* only = tags->get("only")) tag.filters["tags"] = patterns(only);
    if (const auto* ignore = tags->get("ignore")) tag.filters["tags-ignore"] = patterns(ignore);
    const auto ignored = tag.filters.find("tags-ignore");
    if (ignored == tag.filters.end() || !takes_all(ignored->second)) events.push_back(std::move(tag));
  }
  return events;
}

/// `triggers: [{schedule: {cron, filters}}]`: such a workflow runs for nothing else.
std::vector<Event> scheduled_events(const Node& triggers) {
  std::vector<Event> events;
  for (const auto& trigger : triggers.items) {
    const auto* schedule = trigger.get("schedule");
    if (!schedule) continue;
    Event event = event_of("schedule", schedule->line);
    event.filters["cron"] = texts_of(schedule->get("cron"));
    if (const auto* only = schedule->get({"filters", "branches", "only"})) event.filters["branches"] = patterns(only);
    events.push_back(std::move(event));
  }
  return events;
}

Node text_node(std::string_view text) {
  Node node;
  node.kind = document::NodeKind::scalar;
  node.scalar = text;
  return node;
}

/// A workflow's own say in whether and for what its jobs run.
struct Workflow {
  Condition condition;
  std::vector<Event> alone;  ///< what alone starts it; empty where pushes do
};

/// `when` and `unless` under one kind of trigger.
Condition condition_for(const Node& node, Values values, std::string_view source) {
  values["pipeline.trigger_source"] = text_node(source);
  values["pipeline.schedule.name"] = text_node(source == "scheduled_pipeline" ? "${{ schedule }}" : "");
  Condition condition;
  if (const auto* when = node.get("when")) condition = evaluate(substituted(*when, values));
  if (const auto* unless = node.get("unless"))
    condition = both(condition, negated(evaluate(substituted(*unless, values))));
  return condition;
}

Workflow read_workflow(const Node& node, const Values& values) {
  Workflow workflow;
  if (const auto* triggers = node.get("triggers")) workflow.alone = scheduled_events(*triggers);
  workflow.condition = condition_for(node, values, "webhook");
  // A push leaves parameters at their defaults; who calls the API may set them.
  if (workflow.condition.truth == Truth::unlikely) workflow.alone.push_back(event_of("api", node.line));
  if (workflow.condition.truth != Truth::never) return workflow;
  const auto scheduled = condition_for(node, values, "scheduled_pipeline");
  if (scheduled.truth != Truth::always && scheduled.truth != Truth::depends) return workflow;
  workflow.condition = scheduled;
  workflow.alone.push_back(event_of("schedule", node.line));
  return workflow;
}

/// The values that hold in every workflow; where another configuration continues into this one, it sets them.
Values pipeline_values(const Node& root, bool continued) {
  Values values;
  if (continued) return values;
  for_each_member(root.get("parameters"), [&](std::string_view name, const Node& declaration) {
    const auto* value = declaration.get("default");
    if (!value) return;
    auto& known = values["pipeline.parameters." + std::string(name)];
    known = *value;
    known.tag = kDefault;
  });
  return values;
}

class Reader {
 public:
  Reader(const Node& root, Values values, std::vector<Job>& jobs)
      : root_(root), scope_(scope_of(root)), values_(std::move(values)), jobs_(jobs) {}

  void read() {
    for_each_member(root_.get("workflows"), [&](std::string_view name, const Node& node) {
      if (node.is_mapping()) read_workflow_jobs(name, node);
    });
    for_each_member(root_.get("jobs"), [&](std::string_view id, const Node& node) {
      if (!node.is_mapping() || used_.count(id) != 0) return;
      Job job = read_job(id, nullptr, values_, scope_);
      job.hidden = root_.get("workflows") || id != "build";
      job.events = filtered_events(nullptr, node.line);
      jobs_.push_back(std::move(job));
    });
  }

 private:
  void read_workflow_jobs(std::string_view name, const Node& node) {
    const auto workflow = read_workflow(node, values_);
    const auto* entries = node.get("jobs");
    if (!entries) return;
    std::map<std::string, std::string> renamed;  // as other entries of the workflow require it -> id
    const auto first = jobs_.size();
    for (const auto& entry : entries->items) {
      const Node known = substituted(entry, values_);
      const bool bare = known.is_scalar();
      if (!bare && known.members.empty()) continue;
      const Node* arguments = bare ? nullptr : &known.members.front().value;
      read_entry(name, bare ? known.text() : known.members.front().key.text(), known.line, arguments, workflow,
                 renamed);
    }
    for (auto job = jobs_.begin() + static_cast<std::ptrdiff_t>(first); job != jobs_.end(); ++job) {
      for (auto& need : job->needs) {
        if (const auto found = renamed.find(need); found != renamed.end()) need = found->second;
      }
    }
  }

  void read_entry(std::string_view workflow_name, std::string_view type, std::uint32_t line, const Node* arguments,
                  const Workflow& workflow, std::map<std::string, std::string>& renamed) {
    const auto* given = arguments ? arguments->get("name") : nullptr;
    const auto required_as = given && given->is_scalar() ? given->scalar : std::string(type);
    used_.insert(std::string(type));
    Job job;
    if (text_of(arguments ? arguments->get("type") : nullptr) == "approval") {
      job.gated = true;
    } else {
      job = read_job(type, arguments, values_, scope_);
    }
    if (job.line == 0) job.line = line;
    // The same job in a second workflow is another one.
    job.id = ids_.insert(required_as).second ? required_as : unused_id(std::string(workflow_name) + "/" + required_as);
    if (required_as != type) job.name = required_as;
    renamed[required_as] = job.id;
    job.stage = workflow_name;
    job.condition = workflow.condition;
    read_needs(arguments ? arguments->get("requires") : nullptr, job);
    const auto* filters = arguments ? arguments->get("filters") : nullptr;
    job.events = workflow.alone.empty() ? filtered_events(filters, filters ? filters->line : line) : workflow.alone;
    if (job.events.empty()) {
      job.condition = {Truth::never, filters->brief(kWholeText), filters->line};
      job.events = filtered_events(nullptr, filters->line);
    }
    jobs_.push_back(std::move(job));
  }

  static void read_needs(const Node* needs, Job& job) {
    if (!needs) return;
    for (const auto& item : needs->items) {
      const auto* name = item.is_mapping() && !item.members.empty() ? &item.members.front().key : &item;
      if (!name->text().empty()) job.needs.emplace_back(name->text());
    }
    if (needs->is_scalar()) job.needs.push_back(needs->scalar);
  }

  std::string unused_id(const std::string& wanted) {
    auto id = wanted;
    for (int number = 2; !ids_.insert(id).second; ++number) id = wanted + "-" + std::to_string(number);
    return id;
  }

  const Node& root_;
  Scope scope_;
  Values values_;
  std::vector<Job>& jobs_;
  std::set<std::string, std::less<>> used_, ids_;
};

}  // namespace

bool is_live(std::string_view path) {
  return std::find(kPaths.begin(), kPaths.end(), path) != kPaths.end();
}

std::vector<std::string> find(model::Tree& tree) {
  return existing_files(tree, {kPaths.begin(), kPaths.end()});
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::circleci;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  if (!document) return pipeline;
  const Node& root = document->root();
  const bool continued = path.find("continue") != std::string_view::npos;
  if (path.find('/') == std::string_view::npos && !root.get("jobs"))
    pipeline.jobs = read_first_jobs(root);
  else
    Reader(root, pipeline_values(root, continued), pipeline.jobs).read();
  spread_gates(pipeline.jobs);
  for_each_member(root.get("orbs"), [&](std::string_view, const Node& orb) {
    if (orb.is_scalar()) pipeline.includes.push_back(orb.scalar);
  });
  pipeline.events = events_of_jobs(pipeline.jobs);
  return pipeline;
}

}  // namespace tollbar::pipeline::circleci
