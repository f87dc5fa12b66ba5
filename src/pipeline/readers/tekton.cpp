// Tekton and Pipelines as Code: `.tekton/` and `tekton/`, the tasks of every run as jobs.
#include "pipeline/readers/tekton.h"

#include <algorithm>
#include <array>

#include "pipeline/readers/containers.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/systems.h"

namespace tollbar::pipeline::tekton {
namespace {

using document::Node;

constexpr std::string_view kAnnotation = "pipelinesascode.tekton.dev/";
constexpr std::size_t kMaxSurveyed = 256;

const Node* annotation(const Node& resource, std::string_view name) {
  const auto* annotations = resource.get({"metadata", "annotations"});
  return annotations ? annotations->get(std::string(kAnnotation) + std::string(name)) : nullptr;
}

/// `[main, "release/*"]` written as a text.
std::vector<std::string> list_of(const Node* node) {
  auto text = text_of(node);
  for (auto& c : text) {
    if (c == '[' || c == ']' || c == ',' || c == '"' || c == '\'') c = ' ';
  }
  std::vector<std::string> result;
  for (std::size_t at = 0; (at = text.find_first_not_of(" \t\n", at)) != std::string::npos;) {
    const auto end = std::min(text.find_first_of(" \t\n", at), text.size());
    result.push_back(text.substr(at, end - at));
    at = end;
  }
  return result;
}

std::vector<std::string> event_names(const Node& resource, bool as_code) {
  if (const auto* expression = annotation(resource, "on-cel-expression")) {  // the others count for nothing beside it
    const auto text = text_of(expression);
    if (expression->truth() == false) return {"manual"};
    std::vector<std::string> names;
    for (const auto* name : {"push", "pull_request"}) {
      if (text.find(name) != std::string::npos) names.emplace_back(name);
    }
    if (!names.empty()) return names;
  } else if (const auto* names = annotation(resource, "on-event")) {
    return list_of(names);
  } else if (annotation(resource, "on-comment")) {
    return {"issue_comment"};
  } else if (as_code) {
    return {"manual"};  // starts only where somebody asks for it by name
  }
  return {"push", "pull_request"};
}

struct FilterAnnotation {
  std::string_view annotation, filter;
};
constexpr std::array kFilters{
    FilterAnnotation{"on-target-branch", "branches"},
    FilterAnnotation{"on-path-change", "paths"},
    FilterAnnotation{"on-path-change-ignore", "paths-ignore"},
    FilterAnnotation{"on-label", "labels"},
};

std::vector<Event> read_events(const Node& resource, bool as_code) {
  std::vector<Event> events;
  for (auto& name : event_names(resource, as_code)) {
    Event event;
    event.name = std::move(name);
    event.line = resource.line;
    for (const auto& filter : kFilters) {
      if (const auto* node = annotation(resource, filter.annotation))
        event.filters[std::string(filter.filter)] = list_of(node);
    }
    if (const auto* expression = annotation(resource, "on-cel-expression"))
      event.filters["expression"] = {text_of(expression)};
    events.push_back(std::move(event));
  }
  return events;
}

std::string name_of(const Node& resource) {
  return text_of(resource.get({"metadata", "name"}));
}

bool is_tekton(const Node& resource) {
  return text_of(resource.get("apiVersion")).find("tekton.dev") != std::string::npos;
}

void note_references(const Node& node, Library& library, int depth) {
  if (depth > 32) return;
  for (const auto& item : node.items) note_references(item, library, depth + 1);
  for (const auto& member : node.members) {
    const auto key = member.key.text();
    if (key == "taskRef") library.used_tasks.insert(text_of(member.value.get("name")));
    if (key == "pipelineRef") library.used_pipelines.insert(text_of(member.value.get("name")));
    note_references(member.value, library, depth + 1);
  }
}

/// The pipeline that a run starts: its own, or one of the tree by name.
void read_pipeline_run(const Node& resource, Run run, Pipeline& pipeline) {
  run.spec = resource.get("spec");
  if (!run.spec) return;
  if (const auto* spec = run.spec->get("pipelineSpec")) return read_pipeline_spec(*spec, run, pipeline);
  const auto* reference = run.spec->get("pipelineRef");
  if (!reference) return;
  const auto known = run.library->pipelines.find(text_of(reference->get("name")));
  if (known != run.library->pipelines.end()) {
    if (known->second.path != pipeline.path) {
      run.path = known->second.path;
      pipeline.files.push_back(run.path);
    }
    if (const auto* spec = known->second.node->get("spec")) read_pipeline_spec(*spec, run, pipeline);
    return;
  }
  Job job;
  job.id = name_of(resource);
  job.line = resource.line;
  job.events = run.events;
  job.uses = reference->brief(kWholeText);
  read_run_credentials(run, job);
  pipeline.jobs.push_back(std::move(job));
}

void read_task_like(const Node& resource, const Run& run, Pipeline& pipeline) {
  Job job;
  job.id = name_of(resource);
  if (job.id.empty()) job.id = text_of(resource.get({"metadata", "generateName"}));
  job.line = resource.line;
  job.events = run.events;
  const auto* spec = resource.get("spec");
  if (const auto* own = resource.get({"spec", "taskSpec"})) spec = own;
  const auto known = run.library->tasks.find(text_of(resource.get({"spec", "taskRef", "name"})));
  if (known != run.library->tasks.end()) {
    spec = known->second.node->get("spec");
    if (known->second.path != pipeline.path) pipeline.files.push_back(known->second.path);
  }
  if (spec) read_task_spec(*spec, job);
  Run own = run;
  own.spec = resource.get("spec");
  read_run_credentials(own, job);
  pipeline.jobs.push_back(std::move(job));
}

/// What others refer to runs as part of them; only what nobody refers to stands for itself.
void read_resource(const Node& resource, const Library& library, Pipeline& pipeline) {
  const bool as_code = pipeline.path.starts_with(".tekton/");
  const auto kind = text_of(resource.get("kind"));
  const auto name = name_of(resource);
  Run run;
  run.library = &library;
  const bool starts = kind == "PipelineRun" || kind == "TaskRun";
  run.events = read_events(resource, as_code && kind == "PipelineRun");
  if (kind == "PipelineRun") read_pipeline_run(resource, run, pipeline);
  if (kind == "TaskRun") read_task_like(resource, run, pipeline);
  if (kind == "Task" || kind == "ClusterTask") {
    if (!library.used_tasks.count(name)) read_task_like(resource, run, pipeline);
  } else if (kind == "Pipeline") {
    const auto* spec = resource.get("spec");
    if (spec && !library.used_pipelines.count(name)) read_pipeline_spec(*spec, run, pipeline);
  } else if (!starts) {
    return;
  }
  for (const auto& event : run.events) {
    const auto known = std::find_if(pipeline.events.begin(), pipeline.events.end(),
                                    [&](const Event& other) { return other.name == event.name; });
    if (known == pipeline.events.end()) pipeline.events.push_back(event);
  }
}

bool is_yaml(std::string_view path) {
  return path.ends_with(".yml") || path.ends_with(".yaml");
}

}  // namespace

std::vector<const Node*> resources(const document::Document& document) {
  std::vector<const Node*> found;
  for (const auto& root : document.roots) {
    if (!is_tekton(root)) continue;
    found.push_back(&root);
    const auto* templates = root.get({"spec", "resourcetemplates"});
    if (!templates) continue;
    for (const auto& item : templates->items) {
      if (is_tekton(item)) found.push_back(&item);
    }
  }
  return found;
}

Library survey(model::Tree& tree, DocumentCache& documents) {
  Library library;
  std::size_t surveyed = 0;
  for (const auto& path : find(tree)) {
    const auto entry = tree.find(path);
    if (!entry || ++surveyed > kMaxSurveyed) continue;
    const auto document = documents.yaml(tree, *entry);
    if (document->broken()) continue;
    for (const auto* resource : resources(*document)) {
      const auto kind = text_of(resource->get("kind"));
      const Named named{path, document, resource};
      if (kind == "Task" || kind == "ClusterTask") library.tasks.emplace(name_of(*resource), named);
      if (kind == "Pipeline") library.pipelines.emplace(name_of(*resource), named);
      note_references(*resource, library, 0);
    }
  }
  return library;
}

bool is_live(std::string_view path) {
  return is_yaml(path) && (path.starts_with(".tekton/") || path.starts_with("tekton/"));
}

std::vector<std::string> find(model::Tree& tree) {
  auto found = files_below(tree, ".tekton", {".yml", ".yaml"}, 3);
  for (auto& file : files_below(tree, "tekton", {".yml", ".yaml"}, 4)) found.push_back(std::move(file));
  return found;
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::tekton;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  if (!document) return pipeline;
  const auto library = survey(tree, documents);
  for (const auto* resource : resources(*document)) read_resource(*resource, library, pipeline);
  number_twins(pipeline.jobs);
  return pipeline;
}

}  // namespace tollbar::pipeline::tekton
