// GitHub actions kept in the repository: composite, JavaScript and Docker.
#include "pipeline/credentials.h"
#include "pipeline/readers/github.h"
#include "pipeline/readers/systems.h"

namespace tollbar::pipeline {
namespace github {
namespace {

using document::Node;

/// What a JavaScript or Docker action executes, by the words of its `runs`.
Step entry_points(const Node& runs) {
  Step step;
  step.line = runs.line;
  for_each_member(&runs, [&](std::string_view key, const Node& value) {
    if (value.is_scalar() || key == "args") step.with[std::string(key)] = text_of(&value);
  });
  step.env = text_map(runs.get("env"));
  const auto* image = runs.get("image");
  if (image && image->text().starts_with("docker://")) split_uses(image->text(), step.uses, step.uses_version);
  step.credentials = credentials_in(runs);
  return step;
}

Job read_runs(const Node& runs, const Surroundings& known) {
  Job job;
  job.id = "runs";
  job.line = runs.line;
  if (const auto* steps = runs.get("steps")) {
    job.steps = read_steps(steps, StepScope{}, {known});
  } else {
    job.steps.push_back(entry_points(runs));
  }
  for (const auto& step : job.steps) add_credentials(job.credentials, step.credentials);
  return job;
}

void add_actions(model::Tree& tree, const std::string& folder, std::vector<std::string>& found) {
  for (const auto& [name, entry] : tree.list(folder)) {
    if (entry.mode != model::FileMode::directory) continue;
    for (const auto* file : {"action.yml", "action.yaml"}) {
      const auto path = folder + "/" + name + "/" + file;
      if (tree.find(path)) found.push_back(path);
    }
  }
}

}  // namespace

bool is_action(std::string_view path) {
  const auto slash = path.rfind('/');
  const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return name == "action.yml" || name == "action.yaml";
}

std::vector<std::string> find_actions(model::Tree& tree) {
  auto found = existing_files(tree, {"action.yml", "action.yaml"});
  for (const auto* folder : {".github/actions", ".forgejo/actions", ".gitea/actions"})
    for (const auto& actions : directories_like(tree, folder)) add_actions(tree, actions, found);
  return found;
}

Pipeline read_action_file(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  return read_action_file(tree, path, documents, nullptr);
}

Pipeline read_action_file(model::Tree& tree, std::string_view path, DocumentCache& documents,
                          const HandedInputs* handed) {
  Pipeline pipeline;
  pipeline.system = System::github_action;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  if (!document) return pipeline;
  const Node& root = document->root();
  pipeline.name = text_of(root.get("name"));
  Event event;
  event.name = "action";
  event.parameters = read_parameters(root);
  event.line = root.line;
  pipeline.events.push_back(std::move(event));
  const auto* runs = root.get("runs");
  if (runs && runs->is_mapping()) {
    Surroundings known;
    if (handed) known.values["inputs"] = inputs_node(pipeline.events, *handed);
    pipeline.jobs.push_back(read_runs(*runs, known));
  } else if (runs) {
    pipeline.broken = true;
  }
  return pipeline;
}

}  // namespace github

std::shared_ptr<const Pipeline> read_action(model::Tree& tree, std::string_view directory, DocumentCache& documents,
                                            const HandedInputs* handed) {
  for (const auto* file : {"action.yml", "action.yaml"}) {
    const auto path = join_path(directory, file);
    const auto entry = tree.find(path);
    if (!entry || entry->mode == model::FileMode::directory) continue;
    return handed ? read_called(System::github_action, tree, path, documents, *handed)
                  : read_one(System::github_action, tree, path, documents);
  }
  return nullptr;
}

}  // namespace tollbar::pipeline
