// Pipelines that a step prints and hands to its agent: `./steps.sh | buildkite-agent pipeline upload`.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "model/tree.h"
#include "pipeline/document_cache.h"
#include "pipeline/model.h"
#include "reach/execution.h"

namespace tollbar::reach {

/// Steps that are uploaded, and the file whose text holds them.
struct UploadedSteps {
  std::shared_ptr<const pipeline::Pipeline> pipeline;
  std::uint32_t line = 0;  ///< of the upload
};

/// What `step` uploads, as far as the texts tell that its commands print; what a shell puts into them is left as it is
/// written. Files that are looked at, or for, are added to `consulted`.
std::vector<UploadedSteps> uploaded_steps(const ExecutedStep& step, model::Tree& tree,
                                          pipeline::DocumentCache& documents, std::set<std::string>& consulted);

}  // namespace tollbar::reach
