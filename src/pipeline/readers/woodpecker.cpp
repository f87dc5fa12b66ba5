// Woodpecker: `.woodpecker.yml` and `.woodpecker/*.yml`, every file a workflow that is read as one job.
#include <algorithm>

#include "pipeline/readers/containers.h"
#include "pipeline/readers/drone_steps.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/systems.h"

namespace tollbar::pipeline::woodpecker {
namespace {

using document::Node;

constexpr drone::Dialect kDialect{"woodpecker-secret", "woodpecker-variable"};
constexpr std::size_t kMaxLegs = 1024;

std::string workflow_name(std::string_view path) {
  auto name = path.substr(path.rfind('/') + 1);
  name = name.substr(0, name.rfind('.'));
  if (name.starts_with('.')) name.remove_prefix(1);
  return std::string(name);
}

/// The product of the lists, or the entries under `include`.
void read_matrix(const Node* matrix, Job& job) {
  if (!matrix || matrix->is_null()) return;
  const auto* include = matrix->get("include");
  if (include && include->is_sequence()) {
    for (const auto& entry : include->items) {
      if (job.legs.size() < kMaxLegs) job.legs.push_back(entry.brief(kWholeText));
    }
  } else {
    job.legs = {""};
    for_each_member(matrix, [&](std::string_view name, const Node& values) {
      std::vector<std::string> product;
      for (const auto& leg : job.legs) {
        for (const auto& value : values.texts()) {
          if (product.size() < kMaxLegs)
            product.push_back((leg.empty() ? "" : leg + ",") + std::string(name) + "=" + value);
        }
      }
      job.legs = std::move(product);
    });
    if (job.legs == std::vector<std::string>{""}) job.legs.clear();
  }
  job.matrix_emptied = job.legs.empty();
}

/// `runs_on: [failure]`: only after another workflow failed.
void read_runs_on(const Node* runs_on, Job& job) {
  const auto statuses = texts_of(runs_on);
  if (statuses.empty() || std::find(statuses.begin(), statuses.end(), "success") != statuses.end()) return;
  job.condition = {Truth::depends, "runs_on: " + runs_on->brief(kWholeText), runs_on->line};
}

}  // namespace

bool is_live(std::string_view path) {
  const bool yaml = path.ends_with(".yml") || path.ends_with(".yaml");
  return yaml && (path == ".woodpecker.yml" || path == ".woodpecker.yaml" || path.starts_with(".woodpecker/"));
}

std::vector<std::string> find(model::Tree& tree) {
  auto found = existing_files(tree, {".woodpecker.yml", ".woodpecker.yaml"});
  for (auto& file : files_below(tree, ".woodpecker", {".yml", ".yaml"}, 2)) found.push_back(std::move(file));
  return found;
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::woodpecker;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  if (!document) return pipeline;
  const Node& root = document->root();
  const auto* steps = root.get("steps");
  if (!steps) steps = root.get("pipeline");
  if (!steps) return pipeline;

  const auto* when = root.get("when");
  pipeline.events = drone::read_events(when ? when : root.get("trigger"));
  Job job;
  job.id = workflow_name(path);
  job.line = root.line;
  job.needs = texts_of(root.get("depends_on"));
  if (const auto condition = drone::read_when(when, pipeline.events); condition.truth == Truth::never)
    job.condition = condition;
  read_runs_on(root.get("runs_on"), job);
  drone::add_labels(root.get("labels"), job);
  if (const auto* platform = root.get("platform")) job.runner.labels.push_back(text_of(platform));
  read_matrix(root.get("matrix"), job);
  if (job.matrix_emptied) job.condition.truth = Truth::never;
  drone::read_services(root.get("services"), kDialect, job);
  drone::read_steps(steps, kDialect, pipeline.events, job);
  pipeline.jobs.push_back(std::move(job));
  return pipeline;
}

}  // namespace tollbar::pipeline::woodpecker
