// The parts of the Azure Pipelines reader; internal to readers/azure*.cpp.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "pipeline/model.h"
#include "pipeline/readers/fields.h"

namespace tollbar::pipeline::azure {

/// What expressions can read at some place.
struct Scope {
  std::map<std::string, document::Node> parameters;  ///< by lower-case name
  std::map<std::string, document::Node> locals;      ///< of `${{ each }}`
  StringMap variables;                               ///< by lower-case name
  std::set<std::string> computed;                    ///< variables, in lower case, that a run sets itself
  bool open = false;                                 ///< variable groups or foreign templates may define more
};

/// An expression's value as far as it can be told.
struct Outcome {
  std::optional<document::Node> value;
  bool unset = false;  ///< rests on a variable that nothing here defines
};
Outcome evaluate(std::string_view expression, const Scope& scope);
/// What `condition:` amounts to, or the expression of a compile-time `if`.
Truth truth_of(std::string_view expression, const Scope& scope);
bool is_true(const document::Node& value);

/// A scalar with every `${{ }}` and every `$[ ]` that can be told replaced: by the value itself where it holds nothing
/// else.
document::Node substituted(const document::Node& scalar, const Scope& scope);
/// `$(NAME)` replaced by the value of a variable; of one that only a run knows by `${NAME}`, so that no shell takes it
/// for a command. `$(pwd)` stays.
std::string expand_macros(std::string_view text, const Scope& scope);

/// Keys of members that expansion adds to stages, jobs and steps; no key of a file survives expansion like this.
inline constexpr std::string_view kGuard = "${{ if }}";            ///< a compile-time condition that cannot be told
inline constexpr std::string_view kOrigin = "${{ insert file }}";  ///< path of the template that holds the item

/// A pipeline with its local templates and compile-time expressions expanded.
struct Expanded {
  document::Node root;  ///< a mapping
  Scope scope;
};
/// Adds templates to the pipeline's files, foreign ones to its includes.
Expanded expand(const document::Node& root, Pipeline& pipeline, model::Tree& tree, DocumentCache& documents);

/// Adds what `variables:` defines; groups to `groups`.
void read_variables(const document::Node* node, Scope& scope, StringMap& env, std::vector<CredentialUse>& groups);

/// What a stage hands to its jobs.
struct Stage {
  std::string name;
  Condition condition;
  StringMap env;
  std::vector<CredentialUse> groups;
  const document::Node* pool = nullptr;
  std::string origin;
  std::vector<std::string> needs;              ///< jobs of the stages before it
  const document::Node* containers = nullptr;  ///< `resources.containers`
};
Condition read_condition(const document::Node& node, const Scope& scope);
Job read_job(const document::Node& node, const Stage& stage, Scope scope);

struct StepSettings {
  bool windows = false;  ///< `script` runs in cmd
};
std::vector<Step> read_steps(const document::Node* steps, const Scope& scope, const StepSettings& settings);

}  // namespace tollbar::pipeline::azure
