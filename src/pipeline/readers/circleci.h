// The parts of the CircleCI reader; internal to readers/circleci*.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "pipeline/model.h"
#include "pipeline/readers/fields.h"

namespace tollbar::pipeline::circleci {

/// What `<< >>` can name: `parameters.x`, `pipeline.parameters.x`, `pipeline.trigger_source`.
using Values = std::map<std::string, document::Node, std::less<>>;

/// Tag of a pipeline parameter's default: whoever triggers by hand can give another.
inline constexpr std::string_view kDefault = "!default";

/// A copy with every known `<< >>` replaced: by the value itself where a scalar holds nothing else. Unknown ones become
/// `${{ name }}`, so that no shell takes them for a here-document.
document::Node substituted(const document::Node& node, const Values& values);

/// The values that a declaration of parameters gives inside: arguments, else defaults; pipeline values are kept.
/// Parameters in `open` (those of a matrix) stay unknown.
Values inner_values(const document::Node* parameters, const document::Node* arguments, const Values& outer,
                    const std::vector<std::string>& open = {});

/// What a logic statement (`and`, `or`, `not`, `equal`, a value) amounts to, after substitution.
Condition evaluate(const document::Node& statement);
Condition negated(Condition condition);

/// An orb: a package of commands, jobs and executors, published or written inline.
struct Orb {
  std::string name, version;               ///< of a published one: `circleci/node`, `5.2.0`
  const document::Node* source = nullptr;  ///< of an inline one
};

/// Where names are looked up: the configuration, or an inline orb inside it.
struct Scope {
  const document::Node* root = nullptr;
  std::map<std::string, Orb, std::less<>> orbs;

  /// The declaration of `name` under `kind` (`commands`, `jobs`, `executors`), and where its own names are looked up.
  struct Found {
    const document::Node* node = nullptr;
    const document::Node* root = nullptr;
  };
  Found find(std::string_view kind, std::string_view name) const;
  /// The published orb that `alias/name` belongs to.
  const Orb* published(std::string_view name) const;
  Scope inside(const document::Node& root) const;
};
Scope scope_of(const document::Node& root);

/// Steps with commands, conditions and parameters expanded.
struct StepSettings {
  std::string shell, working_directory;
  bool windows = false;
};
std::vector<Step> read_steps(const document::Node* steps, const Values& values, const Scope& scope,
                             const StepSettings& settings);

/// A job as an entry of a workflow runs it; `arguments` null for a job that no workflow runs.
Job read_job(std::string_view id, const document::Node* arguments, const Values& values, const Scope& scope);
/// The combinations of `matrix:`, each a mapping of parameters.
std::vector<document::Node> matrix_legs(const document::Node& matrix);

}  // namespace tollbar::pipeline::circleci
