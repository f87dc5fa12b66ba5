// Tekton tasks as jobs: their steps, what they wait for, what they may fail with.
#include <algorithm>
#include <array>

#include "pipeline/credentials.h"
#include "pipeline/readers/containers.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/tekton.h"

namespace tollbar::pipeline::tekton {
namespace {

using document::Node;

constexpr std::size_t kMaxJobs = 2000;
constexpr std::size_t kMaxLegs = 1024;

/// `$(workspaces.source.path)/sub` -> `sub`: the workspace holds the tree.
std::string working_directory(std::string text) {
  if (text.starts_with("$(workspaces.")) {
    const auto end = text.find(')');
    text = end == std::string::npos ? std::string() : text.substr(end + 1);
    while (text.starts_with('/')) text.erase(0, 1);
  }
  return normalise_directory(text);
}

Step read_step(const Node& node, const Node* shared, Job& job) {
  Step step;
  step.line = node.line;
  step.name = text_of(node.get("name"));
  step.timeout = text_of(node.get("timeout"));
  if (shared) read_container_env(*shared, "kubernetes-secret", step);
  read_container_env(node, "kubernetes-secret", step);
  read_container_command(node, step);
  const auto* directory = node.get("workingDir");
  if (!directory && shared) directory = shared->get("workingDir");
  step.working_directory = working_directory(text_of(directory));
  step.may_fail = text_of(node.get("onError")) == "continue";
  if (const auto* reference = node.get("ref")) {
    step.uses = text_of(reference->get("name"));
    if (step.uses.empty()) step.uses = reference->brief(kWholeText);
    step.with = text_map(node.get("params"));
  }
  auto image = text_of(node.get("image"));
  if (image.empty() && shared) image = text_of(shared->get("image"));
  if (step.run.empty() && step.uses.empty())
    split_image(image, step.uses, step.uses_version);
  else
    add_image(job.services, std::move(image));
  read_security_context(node, job);
  if (shared) read_security_context(*shared, job);
  return step;
}

/// `params: [{name, value}]` as a mapping.
StringMap read_params(const Node* params) {
  StringMap result;
  if (!params) return result;
  for (const auto& item : params->items) result[text_of(item.get("name"))] = text_of(item.get("value"));
  return result;
}

/// `$(params.NAME)` replaced where the value is known.
void fill(std::string& text, const StringMap& values) {
  constexpr std::string_view open = "$(params.";
  for (auto at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    const auto end = text.find(')', at);
    if (end == std::string::npos) return;
    const auto value = values.find(text.substr(at + open.size(), end - at - open.size()));
    if (value == values.end() || value->second.empty() || value->second.find("$(") != std::string::npos) {
      at = end;
      continue;
    }
    text.replace(at, end + 1 - at, value->second);
    at += value->second.size();
  }
}

void fill(Node& node, const StringMap& values) {
  fill(node.scalar, values);
  for (auto& item : node.items) fill(item, values);
  for (auto& member : node.members) fill(member.value, values);
}

/// The parameters of a spec as whoever runs it gives them, else by their defaults.
StringMap values_of(const Node& spec, const StringMap& given) {
  StringMap values;
  if (const auto* params = spec.get("params"))
    for (const auto& item : params->items)
      if (const auto* value = item.get("default"); value && value->is_scalar())
        values[text_of(item.get("name"))] = text_of(value);
  return merged(std::move(values), given);
}

Node with_params(const Node& spec, const StringMap& given) {
  Node result = spec;
  if (const auto values = values_of(spec, given); !values.empty()) fill(result, values);
  return result;
}

/// One of `when`: a value that must be in a list, or not in it.
Truth truth_of(const Node& guard) {
  if (const auto* cel = guard.get("cel")) {
    const auto constant = cel->truth();
    return !constant ? Truth::depends : *constant ? Truth::always : Truth::never;
  }
  const auto input = text_of(guard.get("input"));
  const auto values = texts_of(guard.get("values"));
  const auto computed = [](const std::string& text) { return text.find("$(") != std::string::npos; };
  if (computed(input) || std::any_of(values.begin(), values.end(), computed)) return Truth::depends;
  const bool inside = std::find(values.begin(), values.end(), input) != values.end();
  const auto operation = text_of(guard.get("operator"));
  if (operation != "in" && operation != "notin") return Truth::depends;
  return inside == (operation == "in") ? Truth::always : Truth::never;
}

Condition read_when(const Node* when) {
  Condition condition;
  if (!when || when->is_null()) return condition;
  condition.line = when->line;
  condition.text = "when " + when->brief(kWholeText);
  for (const auto& guard : when->items) {
    const auto truth = truth_of(guard);
    if (truth == Truth::never) condition.truth = Truth::never;
    if (truth == Truth::depends && condition.truth == Truth::always) condition.truth = Truth::depends;
  }
  return condition;
}

void read_matrix(const Node* matrix, Job& job) {
  const auto* params = matrix ? matrix->get("params") : nullptr;
  if (!params) return;
  job.legs = {""};
  for (const auto& param : params->items) {
    std::vector<std::string> product;
    for (const auto& leg : job.legs) {
      for (const auto& value : texts_of(param.get("value"))) {
        if (product.size() < kMaxLegs)
          product.push_back((leg.empty() ? "" : leg + ",") + text_of(param.get("name")) + "=" + value);
      }
    }
    job.legs = std::move(product);
  }
  job.matrix_emptied = job.legs.empty();
  if (job.matrix_emptied) job.condition.truth = Truth::never;
}

/// A task that stands elsewhere: its spec where the tree holds it, else a reference.
void read_reference(const Node& reference, const Run& run, Job& job, Pipeline& pipeline) {
  auto name = text_of(reference.get("name"));
  const auto resolver = text_of(reference.get("resolver"));
  const auto known = resolver.empty() ? run.library->tasks.find(name) : run.library->tasks.end();
  if (known != run.library->tasks.end()) {
    const auto& task = known->second;
    if (const auto* spec = task.node->get("spec")) read_task_spec(*spec, job);
    if (task.path != pipeline.path) {
      job.path = task.path;
      job.line = task.node->line;
      if (std::find(pipeline.files.begin(), pipeline.files.end(), task.path) == pipeline.files.end())
        pipeline.files.push_back(task.path);
    }
    return;
  }
  const auto params = read_params(reference.get("params"));
  const auto parameter = [&](const char* key) {
    const auto found = params.find(key);
    return found == params.end() ? std::string() : found->second;
  };
  if (name.empty()) name = parameter("name");
  if (name.empty()) name = parameter("task");
  if (name.empty()) name = parameter("pathInRepo");
  job.uses = (resolver.empty() ? "" : resolver + ":") + name;
  job.uses_version = parameter("version");
  if (job.uses_version.empty()) job.uses_version = parameter("revision");
  if (const auto bundle = text_of(reference.get("bundle")); !bundle.empty()) {
    split_image(bundle, job.uses, job.uses_version);
    job.uses += "/" + name;
  }
}

/// `$(tasks.NAME.results.x)` in what a task is given makes it wait for NAME.
void read_result_needs(const Node& node, Job& job) {
  constexpr std::string_view kStart = "$(tasks.";
  const auto text = node.brief(kWholeText);
  for (auto at = text.find(kStart); at != std::string::npos; at = text.find(kStart, at + 1)) {
    const auto begin = at + kStart.size();
    auto name = text.substr(begin, text.find_first_of(".)", begin) - begin);
    if (name != job.id && std::find(job.needs.begin(), job.needs.end(), name) == job.needs.end())
      job.needs.push_back(std::move(name));
  }
}

Job read_task(const Node& node, const Run& run, Pipeline& pipeline) {
  Job job;
  job.id = text_of(node.get("name"));
  job.name = text_of(node.get("displayName"));
  job.line = node.line;
  job.path = run.path;
  job.events = run.events;
  job.needs = texts_of(node.get("runAfter"));
  for (const auto* key : {"params", "when", "matrix"}) {
    if (const auto* part = node.get(key)) read_result_needs(*part, job);
  }
  if (const auto* when = node.get("when")) {
    Node filled = *when;
    fill(filled, run.params);
    job.condition = read_when(&filled);
  }
  job.may_fail = text_of(node.get("onError")) == "continue";
  job.timeout = text_of(node.get("timeout"));
  job.with = read_params(node.get("params"));
  if (const auto* spec = node.get("taskSpec")) read_task_spec(*spec, job);
  if (const auto* reference = node.get("taskRef")) read_reference(*reference, run, job, pipeline);
  read_matrix(node.get("matrix"), job);
  read_run_credentials(run, job);
  return job;
}

}  // namespace

void read_task_spec(const Node& written, Job& job) {
  const Node spec = with_params(written, job.with);
  const auto* shared = spec.get("stepTemplate");
  if (const auto* steps = spec.get("steps")) {
    for (const auto& node : steps->items) {
      if (!node.is_mapping()) continue;
      job.steps.push_back(read_step(node, shared, job));
      add_credentials(job.credentials, job.steps.back().credentials);
    }
  }
  if (const auto* sidecars = spec.get("sidecars")) {
    for (const auto& node : sidecars->items) {
      add_image(job.services, text_of(node.get("image")));
      read_security_context(node, job);
    }
  }
  read_secret_volumes(spec.get("volumes"), "kubernetes-secret", job.credentials);
}

void read_run_credentials(const Run& run, Job& job) {
  if (!run.spec) return;
  const Node* account = run.spec->get("serviceAccountName");
  if (const auto* own = run.spec->get({"taskRunTemplate", "serviceAccountName"})) account = own;
  if (const auto* specs = run.spec->get("taskRunSpecs")) {
    for (const auto& item : specs->items) {
      if (text_of(item.get("pipelineTaskName")) != job.id) continue;
      for (const auto* key : {"serviceAccountName", "taskServiceAccountName"}) {
        if (const auto* own = item.get(key)) account = own;
      }
    }
  }
  if (account) add_credentials(job.credentials, {service_account(*account, "kubernetes-service-account")});
  read_secret_volumes(run.spec->get("workspaces"), "kubernetes-secret", job.credentials);
}

void read_pipeline_spec(const Node& spec, const Run& given, Pipeline& pipeline) {
  Run run = given;
  // Of a pipeline that nobody runs here only what runs it elsewhere knows.
  if (run.spec) run.params = values_of(spec, read_params(run.spec->get("params")));
  constexpr std::array<std::string_view, 2> kSections{"tasks", "finally"};
  for (const auto section : kSections) {
    const auto* tasks = spec.get(section);
    if (!tasks) continue;
    for (const auto& node : tasks->items) {
      if (!node.is_mapping() || pipeline.jobs.size() >= kMaxJobs) continue;
      pipeline.jobs.push_back(read_task(node, run, pipeline));
      if (section == "finally") pipeline.jobs.back().stage = section;
    }
  }
}

}  // namespace tollbar::pipeline::tekton
