// The parts of the GitLab reader; internal to readers/gitlab*.cpp.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "document/node.h"
#include "pipeline/model.h"
#include "pipeline/readers/fields.h"

namespace tollbar::pipeline::gitlab {

/// `.gitlab-ci.yml` with its local includes merged in.
struct Configuration {
  document::Node root;                                      ///< a mapping
  std::map<std::string, std::string, std::less<>> path_of;  ///< file that last wrote a top-level key
};
/// Reads the pipeline's file and what it includes locally; fills files, includes, problems and broken of the pipeline.
Configuration load(Pipeline& pipeline, model::Tree& tree, DocumentCache& documents);

/// `over` laid over `base` as GitLab does: mappings are merged key by key, everything else is replaced.
document::Node deep_merge(const document::Node& base, const document::Node& over);

/// Jobs after `extends` and `!reference`.
class Templates {
 public:
  explicit Templates(const document::Node& root) : root_(root) {}
  /// The job with everything it extends merged in, references resolved.
  document::Node job(std::string_view name);
  /// References resolved in any node of the configuration.
  document::Node resolved(const document::Node& node);

 private:
  const document::Node& extended(std::string_view name, int depth);
  document::Node dereferenced(const document::Node& node, int depth);

  const document::Node& root_;
  std::unordered_map<std::string, document::Node> extended_;
  std::set<std::string, std::less<>> in_progress_;
  std::size_t budget_ = 200'000;  ///< nodes that references may still copy
};

/// How surely something comes true; `unlikely` hangs on a variable that nothing here sets.
enum class Grade : std::uint8_t { no, unlikely, maybe, yes };

/// A kind of pipeline run, by which rules are tried out.
struct Scenario {
  std::string_view event;   ///< in the model's vocabulary
  std::string_view source;  ///< CI_PIPELINE_SOURCE
  enum class Ref : std::uint8_t { default_branch, other_branch, tag, merge_request } ref;
};
const std::vector<Scenario>& scenarios();

/// The value of an `if` of a rule, or of an entry of `only: variables`.
Grade evaluate(std::string_view expression, const Scenario& scenario, const StringMap& variables);

/// What `rules`, `only`, `except`, `when` and `allow_failure` amount to.
struct Schedule {
  Condition condition;
  std::vector<Event> events;
  bool gated = false;
  bool may_fail = false, may_fail_sometimes = false;
};
/// `workflow`: the rules of the whole pipeline, null where there are none.
Schedule read_schedule(const document::Node& job, const document::Node* workflow, const StringMap& variables);

/// The job that a known security template or component stands for; empty for other includes.
std::optional<Job> template_job(std::string_view include);

/// Everything the jobs of a configuration share.
struct Shared {
  document::Node defaults;  ///< `default:` with the global keywords of old beneath
  StringMap variables;
  const document::Node* workflow_rules = nullptr;
};
StringMap read_variables(const document::Node* node);
Job read_job(std::string_view id, const document::Node& node, const Shared& shared);

/// Credentials that a job and its steps use, by the names of variables that nothing in the file defines.
void read_credentials(const document::Node& node, const std::set<std::string>& defined, Job& job);

}  // namespace tollbar::pipeline::gitlab
