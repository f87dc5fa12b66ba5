// Reads what is left: the templates of the check's own job, and the hooks that some computed pipeline may start.
#include "rule/unseen_checks.h"

#include <algorithm>

#include "document/formats.h"

namespace tollbar::rule {
namespace {

bool stands_in(const pipeline::Pipeline& pipeline, const std::string& id) {
  return std::any_of(pipeline.jobs.begin(), pipeline.jobs.end(), [&](const auto& job) { return job.id == id; });
}

/// A template that the job extends and the tree does not hold.
std::string foreign_template(const reach::Check& check, const reach::Execution& execution) {
  for (const auto& one : execution.pipelines) {
    if (one->pipeline == nullptr || one->pipeline->path != check.pipeline) continue;
    for (const auto& job : one->pipeline->jobs) {
      if (job.id != check.job) continue;
      const auto foreign = std::find_if(job.extends.begin(), job.extends.end(),
                                        [&](const auto& name) { return !stands_in(*one->pipeline, name); });
      if (foreign != job.extends.end()) return *foreign;
    }
  }
  return {};
}

bool makes_pipelines(const reach::Execution& execution) {
  return std::any_of(execution.pipelines.begin(), execution.pipelines.end(), [](const auto& one) {
    return one->pipeline != nullptr &&
           std::any_of(one->pipeline->jobs.begin(), one->pipeline->jobs.end(), reach::is_made_at_run_time);
  });
}

bool is_hook(const std::string& tool, model::Tree& tree, const reach::Knowledge& knowledge) {
  const auto entry = tree.find(".pre-commit-config.yaml");
  if (!entry || entry->mode != model::FileMode::regular) return false;
  const auto content = tree.read(*entry);
  if (content.state != model::ContentState::present) return false;
  const auto document = document::read_yaml(*content.bytes);
  const auto* repositories = document.root().get("repos");
  if (repositories == nullptr) return false;
  return std::any_of(repositories->items.begin(), repositories->items.end(), [&](const document::Node& repository) {
    const auto* hooks = repository.get("hooks");
    return hooks != nullptr && std::any_of(hooks->items.begin(), hooks->items.end(), [&](const document::Node& hook) {
             const auto* id = hook.get("id");
             const auto* known = id == nullptr ? nullptr : knowledge.check_tool_named(id->text());
             return known != nullptr && known->name == tool;
           });
  });
}

}  // namespace

std::string runs_unseen(const reach::Check& check, const reach::Execution& after, model::Tree& tree,
                        const reach::Knowledge& knowledge) {
  if (const auto name = foreign_template(check, after); !name.empty())
    return "the template " + name + " of another repository";
  if (makes_pipelines(after) && is_hook(check.tool, tree, knowledge)) return "a pipeline that is made at run time";
  return {};
}

}  // namespace tollbar::rule
