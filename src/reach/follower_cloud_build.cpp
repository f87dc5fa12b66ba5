// Builds that a job hands to a cloud: the steps of a cloudbuild.yaml, the phases of a buildspec.yml.
#include "pipeline/readers.h"
#include "reach/follower.h"

namespace tollbar::reach {
namespace {

using document::Node;

const std::vector<document::Member>& phases_of(const document::Document& document) {
  static const std::vector<document::Member> none;
  const Node* phases = document.root().get("phases");
  return phases == nullptr ? none : phases->members;
}

/// One shell runs all commands of a phase.
std::string commands_of(const Node& phase) {
  std::string all;
  const Node* commands = phase.get("commands");
  for (const auto& command : commands != nullptr ? commands->texts() : std::vector<std::string>())
    all += command + "\n";
  return all;
}

}  // namespace

void Follower::enter_cloud_build(std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  Place within = place;
  if (!entry || !descend(within, path, "", line, place.directory)) return;
  within.entered = false;
  const auto document = documents_.yaml(tree_, *entry);
  for (const auto& phase : phases_of(*document))
    follow_script(document::parse_shell(commands_of(phase.value), {true, false, phase.value.line}), within);
  const auto build = pipeline::read_one(pipeline::System::cloud_build, tree_, path, documents_);
  for (const auto& job : build->jobs) {
    for (const auto& step : job.steps) {
      Place here = within;
      here.directory = join_directory(within.directory, step.working_directory).value_or("");
      for (const auto& [name, value] : step.env) here.env.edit()[name] = value;
      if (!step.uses.empty())
        step_->actions.push_back({step.uses, step.uses_version, step.with, path, step.line, within.chain});
      follow_script(std::shared_ptr<const document::Script>(build, &step.script), std::move(here));
    }
  }
}

}  // namespace tollbar::reach
