// GitHub Actions workflows: files, events, permissions and defaults.
#include "pipeline/readers/github.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include "pipeline/credentials.h"
#include "pipeline/readers/systems.h"

namespace tollbar::pipeline::github {
namespace {

using document::Node;

/// Where GitHub and the forges that run its workflows (Forgejo, Gitea) look for them.
constexpr std::array<std::string_view, 3> kWorkflows{".github/workflows", ".forgejo/workflows", ".gitea/workflows"};

bool is_yaml(std::string_view path) {
  return path.ends_with(".yml") || path.ends_with(".yaml");
}

/// `on`, also where YAML 1.1 took the bare word for a boolean.
const Node* events_node(const Node& root) {
  const auto* on = root.get("on");
  return on ? on : root.get("true");
}

void read_schedule(const Node& crons, Event& event) {
  for (const auto& item : crons.items) event.filters["cron"].push_back(text_of(item.get("cron")));
}

Event read_event(std::string_view name, const Node& settings, std::uint32_t line) {
  Event event;
  event.name = name;
  event.line = line;
  if (name == "schedule") {
    read_schedule(settings, event);
    return event;
  }
  event.parameters = read_parameters(settings);
  for_each_member(&settings, [&](std::string_view key, const Node& value) {
    if (key != "inputs" && key != "secrets" && key != "outputs") event.filters[std::string(key)] = value.texts();
  });
  return event;
}

Access access_of(std::string_view text) {
  if (text == "write") return Access::write;
  return text == "read" ? Access::read : Access::none;
}

std::string concurrency_of(const Node* node) {
  if (!node) return {};
  return normalise_template(text_of(node->is_mapping() ? node->get("group") : node));
}

/// Those that a job waits for are read before it; they stand in the order in which they are written.
class JobReader {
 public:
  JobReader(const Node* jobs, WorkflowScope& scope) : scope_(scope) {
    for_each_member(jobs, [&](std::string_view id, const Node& node) { written_.emplace_back(id, &node); });
    read_.resize(written_.size());
    for (std::size_t place = 0; place < written_.size(); ++place) read(place);
  }
  std::vector<Job> take() {
    std::vector<Job> jobs;
    for (auto& job : read_) jobs.push_back(std::move(*job));
    return jobs;
  }

 private:
  void read(std::size_t place) {
    const auto& [id, node] = written_[place];
    if (read_[place]) return;
    read_[place].emplace();
    for (const auto& need : texts_of(node->get("needs"))) {
      const auto found =
          std::find_if(written_.begin(), written_.end(), [&](const auto& other) { return other.first == need; });
      if (found != written_.end()) read(static_cast<std::size_t>(found - written_.begin()));
    }
    read_[place] = read_job(id, *node, scope_);
  }

  WorkflowScope& scope_;
  std::vector<std::pair<std::string_view, const Node*>> written_;
  std::vector<std::optional<Job>> read_;
};

}  // namespace

bool is_workflow(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos || !is_yaml(path)) return false;
  return std::find(kWorkflows.begin(), kWorkflows.end(), path.substr(0, slash)) != kWorkflows.end();
}

std::vector<std::string> find_workflows(model::Tree& tree) {
  std::vector<std::string> found;
  for (const auto folder : kWorkflows) {
    auto there = files_in(tree, std::string(folder), {".yml", ".yaml"});
    std::move(there.begin(), there.end(), std::back_inserter(found));
  }
  return found;
}

std::map<std::string, Event::Parameter> read_parameters(const Node& declaration) {
  std::map<std::string, Event::Parameter> parameters;
  for (const auto* group : {"inputs", "secrets"}) {
    for_each_member(declaration.get(group), [&](std::string_view name, const Node& value) {
      auto& parameter = parameters[std::string(name)];
      parameter.type = std::string_view(group) == "secrets" ? "secret" : text_of(value.get("type"));
      parameter.default_value = text_of(value.get("default"));
      const auto* required = value.get("required");
      parameter.required = required && required->truth().value_or(false);
    });
  }
  return parameters;
}

std::vector<Event> read_events(const Node* on) {
  std::vector<Event> events;
  if (!on) return events;
  if (on->is_mapping()) {
    for_each_member(on, [&](std::string_view name, const Node& value) {
      const auto* key = &value;
      for (const auto& member : on->members) {
        if (&member.value == &value) key = &member.key;
      }
      events.push_back(read_event(name, value, key->line));
    });
    return events;
  }
  const auto plain = [&](const Node& node) {
    if (node.is_scalar()) events.push_back(read_event(node.scalar, {}, node.line));
  };
  plain(*on);
  for (const auto& item : on->items) plain(item);
  return events;
}

Permissions read_permissions(const Node* node) {
  Permissions permissions;
  if (!node) return permissions;
  permissions.written = true;
  if (node->is_scalar()) {
    const bool write = node->scalar == "write-all";
    permissions.scopes["*"] = write ? Access::write : node->scalar == "read-all" ? Access::read : Access::none;
    return permissions;
  }
  if (node->members.empty()) permissions.scopes["*"] = Access::none;
  for_each_member(node, [&](std::string_view scope, const Node& value) {
    permissions.scopes[std::string(scope)] = access_of(value.text());
  });
  return permissions;
}

RunDefaults read_run_defaults(const Node* defaults, const RunDefaults& outer) {
  RunDefaults result = outer;
  if (!defaults) return result;
  if (const auto* shell = defaults->get({"run", "shell"})) result.shell = text_of(shell);
  if (const auto* directory = defaults->get({"run", "working-directory"}))
    result.working_directory = text_of(directory);
  return result;
}

Pipeline read_workflow(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  return read_workflow(tree, path, documents, nullptr);
}

Pipeline read_workflow(model::Tree& tree, std::string_view path, DocumentCache& documents, const HandedInputs* handed) {
  Pipeline pipeline;
  pipeline.system = System::github;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  if (!document) return pipeline;
  const Node& root = document->root();
  const auto* jobs = root.get("jobs");
  if (jobs && !jobs->is_mapping() && !jobs->is_null()) pipeline.broken = true;

  pipeline.name = text_of(root.get("name"));
  pipeline.events = read_events(events_node(root));
  pipeline.env = text_map(root.get("env"));
  pipeline.concurrency = concurrency_of(root.get("concurrency"));

  WorkflowScope scope;
  scope.events = &pipeline.events;
  scope.env = pipeline.env;
  if (const auto* env = root.get("env")) scope.env_credentials = credentials_in(*env);
  scope.permissions = read_permissions(root.get("permissions"));
  scope.run = read_run_defaults(root.get("defaults"), {});
  const Node inputs = handed ? inputs_node(pipeline.events, *handed) : Node{};
  if (handed) scope.inputs = &inputs;
  pipeline.jobs = JobReader(jobs, scope).take();
  return pipeline;
}

}  // namespace tollbar::pipeline::github
