// The table of CI systems.
#include "pipeline/readers.h"

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
  };
  return table;
}

namespace {

/// What these pipelines say stands in one file, whatever else the tree holds.
bool self_contained(System system) {
  return system == System::github;
}

}  // namespace

std::vector<Pipeline> read_all(model::Tree& tree, DocumentCache& documents) {
  std::vector<Pipeline> pipelines;
  for (const auto& reader : readers()) {
    for (const auto& path : reader.find(tree)) {
      const auto entry = self_contained(reader.system) ? tree.find(path) : std::nullopt;
      if (!entry) {
        pipelines.push_back(reader.read(tree, path, documents));
        continue;
      }
      auto known = documents.pipeline(path, *entry);
      if (!known) {
        known = std::make_shared<const Pipeline>(reader.read(tree, path, documents));
        if (!known->broken) documents.keep(path, *entry, known);
      }
      pipelines.push_back(*known);
    }
  }
  return pipelines;
}

}  // namespace tollbar::pipeline
