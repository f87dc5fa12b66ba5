// The table of CI systems.
#include "pipeline/readers.h"

#include <algorithm>

#include "pipeline/readers/systems.h"

namespace tollbar::pipeline {
const std::vector<Reader>& readers() {
  static const std::vector<Reader> table{
      {System::github, github::is_workflow, github::find_workflows, github::read_workflow},
      {System::github_action, github::is_action, github::find_actions, github::read_action_file},
      {System::gitlab, gitlab::is_live, gitlab::find, gitlab::read},
      {System::circleci, circleci::is_live, circleci::find, circleci::read},
      {System::azure, azure::is_live, azure::find, azure::read},
      {System::travis, travis::is_live, travis::find, travis::read},
      {System::buildkite, buildkite::is_live, buildkite::find, buildkite::read},
      {System::bitbucket, bitbucket::is_live, bitbucket::find, bitbucket::read},
      {System::drone, drone::is_live, drone::find, drone::read},
      {System::woodpecker, woodpecker::is_live, woodpecker::find, woodpecker::read},
      {System::tekton, tekton::is_live, tekton::find, tekton::read},
      {System::argo, argo::is_live, argo::find, argo::read},
      {System::cirrus, cirrus::is_live, cirrus::find, cirrus::read},
      {System::appveyor, appveyor::is_live, appveyor::find, appveyor::read},
      {System::jenkins, jenkins::is_live, jenkins::find, jenkins::read},
      {System::cloud_build, cloud_build::is_live, cloud_build::find, cloud_build::read},
  };
  return table;
}

bool self_contained(System system) {
  return system == System::github || system == System::github_action;
}

namespace {

/// The pipeline as `read` reads it, kept by its blob where that and what is handed to it say all.
template <typename Read>
std::shared_ptr<const Pipeline> kept(System system, model::Tree& tree, const std::string& path,
                                     DocumentCache& documents, const std::string& handed, Read read) {
  const auto entry = self_contained(system) ? tree.find(path) : std::nullopt;
  if (auto known = entry ? documents.pipeline(path, handed, *entry) : nullptr) return known;
  auto pipeline = std::make_shared<const Pipeline>(read());
  if (entry && !pipeline->broken) documents.keep(path, handed, *entry, pipeline);
  return pipeline;
}

/// Names what is handed, wherever its texts end.
std::string name_of(const HandedInputs& handed) {
  std::string name = "handed";
  for (const auto& [input, text] : handed)
    for (const auto* part : {&input, &text}) name.append(std::to_string(part->size())).append(":").append(*part);
  return name;
}

}  // namespace

std::shared_ptr<const Pipeline> read_one(System system, model::Tree& tree, const std::string& path,
                                         DocumentCache& documents) {
  return kept(system, tree, path, documents, "", [&] {
    const auto reader = std::find_if(readers().begin(), readers().end(),
                                     [&](const Reader& candidate) { return candidate.system == system; });
    return reader->read(tree, path, documents);
  });
}

std::shared_ptr<const Pipeline> read_called(System system, model::Tree& tree, const std::string& path,
                                            DocumentCache& documents, const HandedInputs& handed) {
  auto as_written = read_one(system, tree, path, documents);
  if (!github::heeds_inputs(*as_written)) return as_written;
  return kept(system, tree, path, documents, name_of(handed), [&] {
    return system == System::github ? github::read_workflow(tree, path, documents, &handed)
                                    : github::read_action_file(tree, path, documents, &handed);
  });
}

std::vector<PipelinePlace> find_all(model::Tree& tree) {
  std::vector<PipelinePlace> places;
  for (const auto& reader : readers())
    for (auto& path : reader.find(tree)) places.push_back({reader.system, std::move(path)});
  return places;
}

std::vector<std::shared_ptr<const Pipeline>> read_all(model::Tree& tree, DocumentCache& documents) {
  std::vector<std::shared_ptr<const Pipeline>> pipelines;
  for (const auto& place : find_all(tree)) pipelines.push_back(read_one(place.system, tree, place.path, documents));
  return pipelines;
}

}  // namespace tollbar::pipeline
