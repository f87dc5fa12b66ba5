// From pipeline, callers, job and step.
#include "reach/job_way.h"

#include <algorithm>
#include <utility>

#include "reach/actors.h"
#include "reach/job_words.h"
#include "reach/power.h"

namespace tollbar::reach {
namespace {

using pipeline::CredentialUse;

void add_file(std::vector<MapFile>& files, const std::string& path, const std::string& part, const std::string& step) {
  const bool known = std::any_of(files.begin(), files.end(),
                                 [&](const MapFile& file) { return file.path == path && file.part == part; });
  if (!known) files.push_back({path, part, step});
}

void add_foreign(const ExecutedStep& step, std::vector<ForeignAction>& foreign) {
  for (const auto& action : step.actions) {
    if (!is_foreign(action.uses)) continue;
    const bool again = std::any_of(foreign.begin(), foreign.end(), [&](const auto& known) {
      return known.uses == action.uses && known.version == action.version;
    });
    if (!again)
      foreign.push_back({action.uses, action.version, action.path, action.line, pipeline::is_pinned(action.version)});
  }
}

}  // namespace

bool is_token(const CredentialUse& use) {
  return use.kind == CredentialUse::Kind::platform_token;
}

bool never_runs(const ExecutedStep& step) {
  return step.step != nullptr && step.step->condition.truth == pipeline::Truth::never;
}

void add_credentials(const std::vector<CredentialUse>& uses, std::vector<CredentialUse>& to) {
  for (const auto& use : uses) {
    if (is_token(use)) continue;
    if (std::none_of(to.begin(), to.end(),
                     [&](const auto& known) { return known.kind == use.kind && known.name == use.name; }))
      to.push_back(use);
  }
}

void add_files(const ExecutedStep& step, std::vector<MapFile>& files, const std::string& other) {
  for (const auto& file : step.files) add_file(files, file.path, file.part, other);
}

MapPath JobWay::begin(const ExecutedStep& step) const {
  MapPath way;
  const auto& job = *step.job;
  way.workflow = run_.pipeline->path;
  way.job = step.context.empty() ? job.id : step.context;
  if (way.job.find("${{") != std::string::npos) way.job = job.id + ": " + way.job;
  way.step = step_name(step);
  way.path = job.path.empty() ? last_call(step) : job.path;
  way.line = step.step != nullptr ? step.step->line : job.line;
  add_condition(run_.pipeline->condition, way.conditions);
  for (const auto* caller : around_.callers) add_condition(caller->condition, way.conditions);
  add_condition(job.condition, way.conditions);
  if (step.step != nullptr) add_condition(step.step->condition, way.conditions);
  add_credentials(step.credentials, way.authority.credentials);
  if (run_.pipeline->system == pipeline::System::github) way.authority.permissions = write_permissions(job);
  way.authority.environment = job.environment;
  way.authority.runner = job.runner.labels;
  way.target_environment = job.environment;
  way.gate = job.gated ? Before::present : job.environment.empty() ? Before::none : Before::maybe;
  add_file(way.files, run_.pipeline->path, "", "");
  for (const auto& call : step.calls) add_file(way.files, call.path, "", "");
  if (!job.path.empty()) add_file(way.files, job.path, "", "");
  for (const auto* one : steps_) add_foreign(*one, way.foreign);
  return way;
}

void JobWay::set_actors(MapPath& way) const {
  const bool github = run_.pipeline->system == pipeline::System::github;
  StartedPlace place;
  place.system = run_.pipeline->system;
  place.workflows = around_.workflows;
  if (github) place.conditions = way.conditions;
  place.power = github && (!way.authority.credentials.empty() || !way.authority.permissions.empty());
  way.actors = actors_of(around_.events, place);
}

const std::string& JobWay::last_call(const ExecutedStep& step) const {
  return step.calls.empty() ? run_.pipeline->path : step.calls.back().path;
}

void JobWay::add_condition(const pipeline::Condition& condition, std::vector<std::string>& to) const {
  if (condition.text.empty() || condition.truth == pipeline::Truth::always) return;
  const bool program = run_.pipeline->system == pipeline::System::jenkins;
  auto text = program ? readable(condition.text) : condition.text;
  if (std::find(to.begin(), to.end(), text) == to.end()) to.push_back(std::move(text));
}

}  // namespace tollbar::reach
