// What the jobs of a pipeline share or add up to: events, needs behind a manual gate, credentials known by their names.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model.h"
#include "pipeline/readers/fields.h"

namespace tollbar::pipeline {

/// What starts any job that is not hidden; a filter stays where every job has it, its values added up.
std::vector<Event> events_of_jobs(const std::vector<Job>& jobs);

/// Every job that needs a gated one, directly or through others, waits for the same person.
void spread_gates(std::vector<Job>& jobs);

/// The stronger of two: `never`, `unlikely`, `depends`, `always`; texts joined by `and`.
Condition both(const Condition& outer, const Condition& inner);

/// Variables that hold credentials, told by their names.
struct VariableNames {
  std::string_view source;           ///< CredentialUse::source of what is found
  std::string_view platform_prefix;  ///< the system's own variables are none: `CIRCLE_`
  std::set<std::string> defined;     ///< names with a value in the file itself
  bool macros = false;               ///< `$(NAME)` is a variable too
};
/// Adds the names that a script sets itself to `names.defined`.
void add_assigned(const document::Script& script, VariableNames& names);
/// Credentials in `$NAME`, `${NAME}`, `%NAME%` and `$env:NAME`.
std::vector<CredentialUse> named_credentials(std::string_view text, std::string_view bound_to, std::uint32_t line,
                                             const VariableNames& names);
/// The same for every scalar of a tree; what stands under a key is bound to that key.
std::vector<CredentialUse> named_credentials(const document::Node& node, std::string_view bound_to,
                                             const VariableNames& names);
/// Reads scripts, inputs and environment of every step, and the job's environment, into the job's credentials.
void add_named_credentials(Job& job, VariableNames names);

}  // namespace tollbar::pipeline
