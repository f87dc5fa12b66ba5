// Child pipelines that a job makes from a template of the tree before another job starts them.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "model/tree.h"
#include "pipeline/document_cache.h"
#include "pipeline/model.h"
#include "reach/script_cache.h"

namespace tollbar::reach {

/// What the jobs of `own` make `artifact` from: `gomplate --config x.yaml`, `envsubst < x.tpl > artifact`, `render x.j2
/// -o artifact`. Read as a pipeline with whatever the template computes left out; null where no template is found or
/// where the rest is no pipeline. Paths that were looked at go to `consulted`.
std::shared_ptr<const pipeline::Pipeline> generated_pipeline(const pipeline::Pipeline& own, const std::string& artifact,
                                                             model::Tree& tree, pipeline::DocumentCache& documents,
                                                             ScriptCache& scripts, std::set<std::string>& consulted);

/// The text with `{{ ... }}` and `{% ... %}` put out: lines that hold nothing else are empty, elsewhere an `x` stands
/// for those that give a value. Line numbers stay.
std::string without_actions(std::string_view text);

}  // namespace tollbar::reach
