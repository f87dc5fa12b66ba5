// Argo Workflows: what the entrypoint leads to, every container that runs on the way a job.
#include <algorithm>
#include <array>
#include <map>

#include "pipeline/credentials.h"
#include "pipeline/readers/containers.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/systems.h"

namespace tollbar::pipeline::argo {
namespace {

using document::Node;

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxJobs = 1000;
constexpr std::size_t kMaxCalls = 10'000;
constexpr std::array<std::string_view, 6> kDirectories{"argo", ".argo", "argo-workflows", "workflows", "ci/argo", "ci"};
constexpr std::string_view kSource = "kubernetes-secret";

bool is_yaml(std::string_view path) {
  return path.ends_with(".yml") || path.ends_with(".yaml");
}

bool is_workflow(const Node& root) {
  const auto kind = text_of(root.get("kind"));
  return text_of(root.get("apiVersion")).starts_with("argoproj.io/") &&
         (kind == "Workflow" || kind == "WorkflowTemplate" || kind == "CronWorkflow" ||
          kind == "ClusterWorkflowTemplate");
}

/// `{{inputs.parameters.NAME}}` replaced by what the call hands over, so that the command is seen.
std::string filled(std::string text, const StringMap& parameters) {
  for (auto at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 1)) {
    const auto end = text.find("}}", at);
    if (end == std::string::npos) break;
    const auto first = text.find_first_not_of(' ', at + 2), last = text.find_last_not_of(' ', end - 1);
    const auto name = text.substr(first, last - first + 1);
    for (const std::string_view prefix : {"inputs.parameters.", "workflow.parameters."}) {
      if (!name.starts_with(prefix)) continue;
      const auto value = parameters.find(name.substr(prefix.size()));
      if (value == parameters.end() || value->second.size() > kWholeText) continue;
      text.replace(at, end + 2 - at, value->second);
      at += value->second.empty() ? 0 : value->second.size() - 1;
      break;
    }
    if (text.size() > 4 * kWholeText) break;
  }
  return text;
}

void fill(Node& node, const StringMap& parameters) {
  if (node.is_scalar() && node.scalar.find("{{") != std::string::npos) node.scalar = filled(node.scalar, parameters);
  for (auto& item : node.items) fill(item, parameters);
  for (auto& member : node.members) fill(member.value, parameters);
}

StringMap parameters_of(const Node* arguments) {
  StringMap result;
  const auto* parameters = arguments ? arguments->get("parameters") : nullptr;
  if (!parameters) return result;
  for (const auto& item : parameters->items) {
    if (const auto* value = item.get("value") ? item.get("value") : item.get("default"))
      result[text_of(item.get("name"))] = text_of(value);
  }
  return result;
}

/// What holds for whatever a template runs, handed down from call to call.
struct Call {
  std::string id;
  std::uint32_t line = 0;
  StringMap parameters;
  std::vector<std::string> needs;
  Condition condition;
  std::vector<std::string> legs;
  bool may_fail = false, gated = false, cleanup = false;
  const Node* account = nullptr;
};

Condition read_when(const Node* when, const StringMap& parameters, const Condition& outer) {
  if (!when || when->is_null()) return outer;
  auto text = filled(text_of(when), parameters);
  Truth truth = Truth::depends;
  // Both sides known: `false`, `prod == test`.
  const auto equals = text.find("=="), differs = text.find("!=");
  if (text == "false" || text == "true") {
    truth = text == "true" ? Truth::always : Truth::never;
  } else if (const auto split = std::min(equals, differs); split != std::string::npos &&
                                                           text.find("{{") == std::string::npos &&
                                                           text.find_first_of("&|(") == std::string::npos) {
    const auto trimmed = [](std::string side) {
      std::erase_if(side, [](char c) { return c == ' ' || c == '"' || c == '\''; });
      return side;
    };
    const bool same = trimmed(text.substr(0, split)) == trimmed(text.substr(split + 2));
    truth = same == (split == equals) ? Truth::always : Truth::never;
  }
  if (outer.truth == Truth::never) truth = Truth::never;
  if (outer.truth == Truth::depends && truth == Truth::always) truth = Truth::depends;
  return {truth, (outer.text.empty() ? "" : outer.text + " && ") + "when " + text, when->line};
}

bool continues(const Node& node) {
  const auto* failed = node.get({"continueOn", "failed"});
  const auto* error = node.get({"continueOn", "error"});
  return (failed && failed->truth().value_or(false)) || (error && error->truth().value_or(false));
}

/// `dependencies`, and the task names in `depends: a.Succeeded && b`.
std::vector<std::string> read_needs(const Node& task) {
  auto needs = texts_of(task.get("dependencies"));
  const auto text = text_of(task.get("depends"));
  for (std::size_t at = 0; (at = text.find_first_not_of(" &|()!", at)) != std::string::npos;) {
    const auto end = std::min(text.find_first_of(" &|()!", at), text.size());
    const auto word = text.substr(at, end - at);
    const auto name = word.substr(0, word.find('.'));
    if (std::find(needs.begin(), needs.end(), name) == needs.end()) needs.push_back(name);
    at = end;
  }
  return needs;
}

class Walk {
 public:
  Walk(const Node& spec, Pipeline& pipeline) : spec_(spec), pipeline_(pipeline) {
    if (const auto* templates = spec.get("templates")) {
      for (const auto& item : templates->items) templates_.emplace(text_of(item.get("name")), &item);
    }
  }

  void run() {
    Call call;
    call.parameters = parameters_of(spec_.get("arguments"));
    call.account = spec_.get("serviceAccountName");
    const auto start = text_of(spec_.get("entrypoint"));
    if (const auto* reference = spec_.get("workflowTemplateRef")) return refer(*reference, call);
    if (templates_.count(start) != 0) {
      enter(start, call, 0);
    } else {
      for (const auto& [name, node] : templates_) enter(name, call, 0);
    }
    const auto exit = text_of(spec_.get("onExit"));
    if (templates_.count(exit) == 0) return;
    call.cleanup = true;
    enter(exit, call, 0);
  }

 private:
  void enter(const std::string& name, Call call, int depth) {
    const auto found = templates_.find(name);
    if (found == templates_.end() || depth > kMaxDepth || pipeline_.jobs.size() >= kMaxJobs || ++calls_ > kMaxCalls)
      return;
    const Node& node = *found->second;
    if (call.id.empty()) call.id = name;
    if (call.line == 0) call.line = node.line;
    for (auto& [key, value] : parameters_of(node.get("inputs"))) call.parameters.emplace(key, value);
    if (const auto* own = node.get("serviceAccountName")) call.account = own;
    if (const auto* tasks = node.get({"dag", "tasks"})) return enter_tasks(*tasks, call, depth);
    if (const auto* steps = node.get("steps")) return enter_steps(*steps, call, depth);
    leaf(node, call);
  }

  void enter_tasks(const Node& tasks, const Call& outer, int depth) {
    for (const auto& task : tasks.items) {
      auto call = called(task, outer);
      call.needs = read_needs(task);
      dispatch(task, std::move(call), depth);
    }
  }

  /// A list of groups: one group after the other, what stands in a group side by side.
  void enter_steps(const Node& steps, const Call& outer, int depth) {
    std::vector<std::string> before;
    bool gated = outer.gated;
    for (const auto& group : steps.items) {
      std::vector<std::string> own;
      bool waits = false;
      const auto visit = [&](const Node& step) {
        auto call = called(step, outer);
        call.needs.insert(call.needs.end(), before.begin(), before.end());
        call.gated = gated;
        own.push_back(call.id);
        waits = waits || suspends(step);
        dispatch(step, std::move(call), depth);
      };
      if (group.is_mapping()) visit(group);
      for (const auto& step : group.items) visit(step);
      before = own;
      gated = gated || waits;
    }
  }

  bool suspends(const Node& step) const {
    const auto found = templates_.find(text_of(step.get("template")));
    const Node* node = found != templates_.end() ? found->second : step.get("inline");
    return node && node->get("suspend") && !node->get({"suspend", "duration"});
  }

  static Call called(const Node& task, const Call& outer) {
    Call call = outer;
    call.id = text_of(task.get("name"));
    call.line = task.line;
    call.parameters.clear();
    for (auto& [name, value] : parameters_of(task.get("arguments")))
      call.parameters[name] = filled(value, outer.parameters);
    call.condition = read_when(task.get("when"), outer.parameters, outer.condition);
    call.may_fail = outer.may_fail || continues(task);
    if (const auto* items = task.get("withItems")) {
      call.legs.clear();
      for (const auto& item : items->items) call.legs.push_back(item.brief(kWholeText));
      if (call.legs.empty() && items->is_sequence()) call.condition = {Truth::never, "withItems: []", items->line};
    }
    return call;
  }

  void dispatch(const Node& task, Call call, int depth) {
    if (const auto* reference = task.get("templateRef")) return refer(*reference, call);
    if (const auto* own = task.get("inline")) return leaf(*own, call);
    enter(text_of(task.get("template")), std::move(call), depth + 1);
  }

  Job job_of(const Call& call) const {
    Job job;
    job.id = call.id;
    job.line = call.line;
    job.needs = call.needs;
    job.condition = call.condition;
    job.may_fail = call.may_fail;
    job.gated = call.gated;
    job.legs = call.legs;
    if (call.account) add_credentials(job.credentials, {service_account(*call.account, "kubernetes-service-account")});
    read_secret_volumes(spec_.get("volumes"), kSource, job.credentials);
    return job;
  }

  void refer(const Node& reference, const Call& call) {
    auto job = job_of(call);
    const auto name = text_of(reference.get("name")), part = text_of(reference.get("template"));
    if (job.id.empty()) job.id = name;
    job.uses = name + (part.empty() ? "" : "/" + part);
    job.with = call.parameters;
    pipeline_.jobs.push_back(std::move(job));
  }

  void leaf(const Node& written, const Call& call) {
    Node node = written;
    fill(node, call.parameters);
    auto job = job_of(call);
    job.timeout = text_of(node.get("activeDeadlineSeconds"));
    if (node.get("suspend") && !node.get({"suspend", "duration"})) job.gated = true;
    for (const auto* key : {"container", "script"}) {
      if (const auto* container = node.get(key)) add_step(*container, call, job);
    }
    for (const auto* key : {"initContainers", "sidecars"}) {
      if (const auto* containers = node.get(key)) add_sidecars(*containers, job);
    }
    if (const auto* set = node.get({"containerSet", "containers"})) {
      for (const auto& container : set->items) add_step(container, call, job);
    }
    if (const auto* resource = node.get("resource")) add_resource(*resource, job);
    if (job.id.empty()) job.id = "step-" + std::to_string(pipeline_.jobs.size() + 1);
    pipeline_.jobs.push_back(std::move(job));
  }

  static void add_sidecars(const Node& containers, Job& job) {
    for (const auto& container : containers.items) {
      add_image(job.services, text_of(container.get("image")));
      read_security_context(container, job);
    }
  }

  static void add_step(const Node& container, const Call& call, Job& job) {
    Step step;
    step.name = text_of(container.get("name"));
    step.line = container.line;
    step.is_cleanup = call.cleanup;
    read_container_env(container, kSource, step);
    read_container_command(container, step);
    auto image = text_of(container.get("image"));
    if (step.run.empty())
      split_image(image, step.uses, step.uses_version);
    else if (job.image.empty())
      job.image = image;
    else
      add_image(job.services, image);
    read_security_context(container, job);
    add_credentials(job.credentials, step.credentials);
    job.steps.push_back(std::move(step));
  }

  /// `resource: {action: apply, manifest: ...}` acts on the cluster as kubectl does.
  static void add_resource(const Node& resource, Job& job) {
    Step step;
    step.line = resource.line;
    step.run = "kubectl " + text_of(resource.get("action")) + " -f -";
    step.run_line = resource.line;
    step.script = document::parse_shell(step.run, {true, false, resource.line});
    step.with = text_map(&resource);
    job.steps.push_back(std::move(step));
  }

  const Node& spec_;
  Pipeline& pipeline_;
  std::map<std::string, const Node*> templates_;
  std::size_t calls_ = 0;
};

void read_events(const Node& root, Pipeline& pipeline) {
  std::vector<Event> events;
  if (text_of(root.get("kind")) == "CronWorkflow") {
    Event event;
    event.name = "schedule";
    event.line = root.line;
    for (const auto* key : {"schedule", "schedules"}) {
      for (auto& text : texts_of(root.get({"spec", key}))) event.filters["cron"].push_back(std::move(text));
    }
    const auto* suspended = root.get({"spec", "suspend"});
    if (!suspended || !suspended->truth().value_or(false)) events.push_back(std::move(event));
  } else {
    for (const auto* name : {"push", "pull_request"}) events.push_back({name, {}, {}, root.line});
  }
  for (auto& event : events) {
    const auto known = std::find_if(pipeline.events.begin(), pipeline.events.end(),
                                    [&](const Event& other) { return other.name == event.name; });
    if (known == pipeline.events.end()) pipeline.events.push_back(std::move(event));
  }
}

/// The bytes say that they are Argo's, so that other YAML in the same directories is left alone.
bool mentions_argo(model::Tree& tree, const std::string& path) {
  const auto entry = tree.find(path);
  if (!entry) return false;
  const auto content = tree.read(*entry);
  if (content.state != model::ContentState::present) return false;
  const std::string_view bytes = *content.bytes;
  return bytes.find("argoproj.io/") != std::string_view::npos && bytes.find("Workflow") != std::string_view::npos;
}

}  // namespace

bool is_live(std::string_view path) {
  return is_yaml(path) && std::any_of(kDirectories.begin(), kDirectories.end(), [&](std::string_view directory) {
           return path.starts_with(directory) && path.size() > directory.size() && path[directory.size()] == '/';
         });
}

std::vector<std::string> find(model::Tree& tree) {
  std::vector<std::string> found;
  for (const auto directory : kDirectories) {
    const std::size_t depth = directory == "ci" ? 1 : 3;
    for (auto& path : files_below(tree, directory, {".yml", ".yaml"}, depth)) {
      if (mentions_argo(tree, path)) found.push_back(std::move(path));
    }
  }
  return found;
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::argo;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  if (!document) return pipeline;
  for (const auto& root : document->roots) {
    if (!is_workflow(root)) continue;
    if (pipeline.name.empty()) pipeline.name = text_of(root.get({"metadata", "name"}));
    read_events(root, pipeline);
    const auto* spec = root.get({"spec", "workflowSpec"});
    if (!spec) spec = root.get("spec");
    if (spec) Walk(*spec, pipeline).run();
  }
  number_twins(pipeline.jobs);
  return pipeline;
}

}  // namespace tollbar::pipeline::argo
