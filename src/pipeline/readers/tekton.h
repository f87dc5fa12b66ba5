// Parts of the Tekton reader: the documents of a tree by name, and the tasks of a pipeline as jobs.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "model/tree.h"
#include "pipeline/model.h"
#include "pipeline/readers.h"

namespace tollbar::pipeline::tekton {

/// A named Task or Pipeline of the tree.
struct Named {
  std::string path;
  std::shared_ptr<const document::Document> document;  ///< keeps the node alive
  const document::Node* node = nullptr;
};

/// Every Task and Pipeline of the tree's Tekton files, and which of them some other document refers to.
struct Library {
  std::map<std::string, Named> tasks, pipelines;
  std::set<std::string> used_tasks, used_pipelines;
};
Library survey(model::Tree& tree, DocumentCache& documents);

/// The documents that say what runs: those of the file, and what TriggerTemplates hold.
std::vector<const document::Node*> resources(const document::Document& document);

/// What surrounds the tasks of one run.
struct Run {
  const Library* library = nullptr;
  const document::Node* spec = nullptr;  ///< of the PipelineRun or TaskRun; null for a bare Pipeline or Task
  std::vector<Event> events;
  std::map<std::string, std::string> params;  ///< what a run gives to its pipeline, by defaults too
  std::string path;  ///< of the file where the tasks stand, empty where that is the pipeline's own
};

/// The tasks and finally tasks of a pipeline's spec, appended to its jobs; the files they come from to its files.
void read_pipeline_spec(const document::Node& spec, const Run& run, Pipeline& pipeline);
/// A task's spec as one job.
void read_task_spec(const document::Node& spec, Job& job);
/// The service account and the secrets of workspaces that a run gives to a job.
void read_run_credentials(const Run& run, Job& job);

}  // namespace tollbar::pipeline::tekton
