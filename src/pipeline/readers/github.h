// The parts of the GitHub reader; internal to readers/github*.cpp.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "pipeline/expression.h"
#include "pipeline/model.h"
#include "pipeline/readers/fields.h"

namespace tollbar::pipeline::github {

/// `permissions:` as one job sees it.
struct Permissions {
  std::map<std::string, Access> scopes;
  bool written = false;  ///< false: the repository's default holds
};
Permissions read_permissions(const document::Node* node);

/// `defaults.run`, as written.
struct RunDefaults {
  std::string shell, working_directory;
};
RunDefaults read_run_defaults(const document::Node* defaults, const RunDefaults& outer);

/// What a workflow hands down to its jobs.
struct WorkflowScope {
  const std::vector<Event>* events = nullptr;
  StringMap env;
  std::vector<CredentialUse> env_credentials;
  Permissions permissions;
  RunDefaults run;
  const document::Node* inputs = nullptr;  ///< what its caller hands it; null where none is looked at
  document::Node needs;                    ///< outputs that jobs surely have, for those that wait for them
};

/// `on:` in all its forms.
std::vector<Event> read_events(const document::Node* on);
/// `inputs:` and `secrets:` of a called workflow, a dispatch or an action.
std::map<std::string, Event::Parameter> read_parameters(const document::Node& declaration);

/// One combination of a matrix.
struct Leg {
  document::Node values;  ///< a mapping; members tagged kUnknown where only a run can tell
  std::string text;       ///< `k=v,k2=v2`, keys sorted
};
struct Matrix {
  std::vector<Leg> legs;
  bool written = false;
  bool emptied = false;
};
Matrix expand_matrix(const document::Node* matrix, const Surroundings& surroundings);

/// What is known in each leg of a job; one entry without matrix. Never empty.
using LegSurroundings = std::vector<Surroundings>;

/// The `inputs` of a called workflow or an action whose `events` declare them.
document::Node inputs_node(const std::vector<Event>& events, const HandedInputs& handed);
/// Where inputs are known, texts that they decide become what they say.
void tell_inputs(StringMap& texts, const LegSurroundings& legs);

Condition read_condition(const document::Node* node, const LegSurroundings& legs);
/// `continue-on-error` over all legs: sets the one or the other.
void read_may_fail(const document::Node* node, const LegSurroundings& legs, bool& always, bool& sometimes);

/// Splits `uses` at its version.
void split_uses(std::string_view written, std::string& name, std::string& version);

/// How a job starts the scripts of its steps.
struct StepScope {
  RunDefaults run;
  bool windows = false;    ///< the default shell is PowerShell
  bool env_known = false;  ///< the surroundings hold all of the environment, as in a job and not in an action
};
/// The step sets variables for those behind it, or runs an action that may.
bool sets_variables(const document::Node& step);
std::vector<Step> read_steps(const document::Node* steps, const StepScope& scope, const LegSurroundings& legs);

/// What a step surely hands on: lines that its script writes to GITHUB_OUTPUT and nothing computes.
StringMap outputs_of(const Step& step);
/// The same of a job, by its `outputs`.
StringMap outputs_of(const Job& job, const document::Node* outputs, const Surroundings& known);
/// Adds the outputs of a step or job to what expressions know as `steps` or `needs`.
void tell_outputs(document::Node& context, const std::string& id, const StringMap& outputs);

/// Reads a job and tells the jobs that are read after it what it hands on.
Job read_job(std::string_view id, const document::Node& node, WorkflowScope& workflow);

}  // namespace tollbar::pipeline::github
