// Drone: `.drone.yml`, every pipeline document a job; what its `trigger` lets through are the job's events.
#include <algorithm>

#include "pipeline/credentials.h"
#include "pipeline/readers/containers.h"
#include "pipeline/readers/drone_steps.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/systems.h"

namespace tollbar::pipeline::drone {
namespace {

using document::Node;

constexpr Dialect kDialect{"drone-secret", "drone-variable"};

void read_platform(const Node& document, Job& job) {
  for (const auto* key : {"os", "arch", "variant", "version"}) {
    if (const auto* value = document.get({"platform", key})) {
      job.runner.labels.push_back(text_of(value));
      if (job.runner.line == 0) job.runner.line = value->line;
    }
  }
  add_labels(document.get("node"), job);
  add_labels(document.get("node_selector"), job);
  std::sort(job.runner.labels.begin(), job.runner.labels.end());
}

void read_pull_secrets(const Node* names, Job& job) {
  if (!names) return;
  for (const auto& item : names->items) {
    CredentialUse use;
    use.name = text_of(&item);
    use.source = "drone-secret";
    use.bound_to = "image_pull_secrets";
    use.line = item.line;
    add_credentials(job.credentials, {use});
  }
}

/// Volumes of the host, and the docker socket among them, hand the machine to the steps.
void read_host_volumes(const Node* volumes, Job& job) {
  if (!volumes) return;
  for (const auto& volume : volumes->items) {
    if (const auto* path = volume.get({"host", "path"})) add_image(job.container_options, "--volume=" + text_of(path));
  }
}

Job read_job(const Node& document, std::size_t number) {
  Job job;
  job.name = text_of(document.get("name"));
  job.id = job.name.empty() ? number == 0 ? "default" : "pipeline-" + std::to_string(number + 1) : job.name;
  job.line = document.line;
  job.env = text_map(document.get("environment"));
  job.events = read_events(document.get("trigger"));
  job.needs = texts_of(document.get("depends_on"));
  job.concurrency = text_of(document.get({"concurrency", "limit"}));
  const auto targets = read_filter(document.get({"trigger", "target"})).include;
  if (!targets.empty()) job.environment = targets.front();
  if (job.events.empty()) job.condition = {Truth::never, "trigger", document.line};
  read_platform(document, job);
  read_pull_secrets(document.get("image_pull_secrets"), job);
  read_host_volumes(document.get("volumes"), job);
  if (const auto* account = document.get("service_account_name"))
    add_credentials(job.credentials, {service_account(*account, "kubernetes-service-account")});
  read_services(document.get("services"), kDialect, job);
  read_steps(document.get("steps"), kDialect, job.events, job);
  return job;
}

/// Before version 1: no kinds, the steps by name under `pipeline`.
Job read_old_job(const Node& root) {
  auto job = read_job(root, 0);
  read_steps(root.get("pipeline"), kDialect, job.events, job);
  for (auto& event : job.events) {
    const auto filter = read_filter(root.get("branches"));
    if (!filter.include.empty()) event.filters["branches"] = filter.include;
    if (!filter.exclude.empty()) event.filters["branches-ignore"] = filter.exclude;
  }
  return job;
}

}  // namespace

/// The path is a setting of the server: beside the usual name, the folder of that name.
bool is_live(std::string_view path) {
  const bool yaml = path.ends_with(".yml") || path.ends_with(".yaml");
  return yaml && (path == ".drone.yml" || path == ".drone.yaml" || path.starts_with(".drone/"));
}

std::vector<std::string> find(model::Tree& tree) {
  auto found = existing_files(tree, {".drone.yml", ".drone.yaml"});
  for (auto& file : files_below(tree, ".drone", {".yml", ".yaml"}, 2)) found.push_back(std::move(file));
  return found;
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::drone;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  if (!document) return pipeline;
  for (const auto& root : document->roots) {
    const auto kind = text_of(root.get("kind"));
    if (kind == "pipeline" || (kind.empty() && root.get("steps")))
      pipeline.jobs.push_back(read_job(root, pipeline.jobs.size()));
    else if (kind.empty() && root.get("pipeline"))
      pipeline.jobs.push_back(read_old_job(root));
    else if (kind == "template")
      pipeline.includes.push_back("template:" + text_of(root.get("load")));
  }
  for (const auto& job : pipeline.jobs) add_events(pipeline.events, job.events);
  number_twins(pipeline.jobs);
  return pipeline;
}

}  // namespace tollbar::pipeline::drone
