// The one model that every CI system is read into. Rules written over it hold for all of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "document/shell.h"

namespace tollbar::pipeline {

/// Why a pipeline runs, in one vocabulary: `push`, `pull_request`, `pull_request_target`, `merge_group`, `tag`,
/// `schedule`, `manual`, `api`, `workflow_call`, `workflow_run`, `issue_comment`, ... (GitHub's own words where it has
/// one).
struct Event {
  /// A value that the event hands to the pipeline: an input or secret of `workflow_call`, `workflow_dispatch`, an
  /// action.
  struct Parameter {
    std::string type;           ///< as written; `secret` for the secrets of a called workflow
    std::string default_value;  ///< empty where none was written
    bool required = false;
  };

  std::string name;
  /// Filters as written: `branches`, `branches-ignore`, `paths`, `paths-ignore`, `tags`, `types`, `cron`, ... Absent:
  /// no filter.
  std::map<std::string, std::vector<std::string>> filters;
  std::map<std::string, Parameter> parameters;
  std::uint32_t line = 0;
  /// What it starts waits until a person wants it, and nothing else waits for that: it holds no change back.
  bool voluntary = false;

  /// It happens for a pull or merge request, a merge queue or a push to a branch, and its filters let some of them
  /// through.
  bool judges_changes() const;
};

/// Constant-folded: what can be told about a condition without running it.
enum class Truth : std::uint8_t {
  always,
  never,
  depends,   ///< on something a run can make true
  unlikely,  ///< on something that nothing here makes true (another repository, an unset input or variable, a branch
             ///< that filters exclude)
};

struct Condition {
  Truth truth = Truth::always;
  std::string text;  ///< normalised; empty where none was written
  std::uint32_t line = 0;
  friend bool operator==(const Condition&, const Condition&) = default;
};

/// `none` < `read` < `write`.
enum class Access : std::uint8_t { none, read, write };

struct CredentialUse {
  enum class Kind : std::uint8_t {
    secret,          ///< a named secret or protected variable
    platform_token,  ///< the job's own token (`GITHUB_TOKEN`, `CI_JOB_TOKEN`)
    identity,        ///< workload identity: `id-token: write`, `id_tokens`, `role-to-assume`
    all_secrets,     ///< `toJSON(secrets)`, `secrets: inherit`
    computed,        ///< `secrets[expr]`
    service,         ///< a service connection, context, vault path
  };
  Kind kind = Kind::secret;
  std::string name;      ///< as it is spelled where it is defined, upper-cased where the system folds case
  std::string source;    ///< `github-secrets`, `gitlab-variable`, `oidc`, `vault`, ...
  std::string scope;     ///< the environment or permission that bounds it, where told
  std::string bound_to;  ///< environment variable or action input that receives it
  std::uint32_t line = 0;
  friend bool operator==(const CredentialUse&, const CredentialUse&) = default;
};

struct Runner {
  std::vector<std::string>
      labels;  ///< resolved over the matrix, sorted, unique; a computed one is its normalised `${{ }}` text
  std::string group;
  bool dynamic = false;  ///< some label is computed at run time
  std::uint32_t line = 0;
};

struct Step {
  std::string id, name;
  std::string
      uses;  ///< action, orb, task, pipe, plugin or image without version: `actions/checkout`, `./.github/actions/x`
  std::string uses_version;                 ///< `v4`, 40 hex digits, ...
  std::map<std::string, std::string> with;  ///< inputs of `uses`
  std::map<std::string, std::string> env;
  std::string run;                ///< the script as written, empty for `uses`
  document::Script script;        ///< parsed with the options its shell is started with
  std::string shell;              ///< `bash`, `sh`, `pwsh`, `python`, ...
  std::string working_directory;  ///< relative to the root of the tree, normalised; empty for the root
  Condition condition;
  bool may_fail = false;            ///< its failure does not fail the job
  bool may_fail_sometimes = false;  ///< by an expression that is no constant
  bool is_cleanup = false;          ///< runs after the verdict (`after_script`, `post`): its failure never counts
  std::vector<CredentialUse> credentials;
  std::string timeout;  ///< as written, with the system's unit; empty where none
  std::uint32_t line = 0, run_line = 0;
  friend bool operator==(const Step&, const Step&) = default;
};

struct Job {
  std::string id, name;  ///< name empty where none was written
  Runner runner;
  std::map<std::string, Access>
      permissions;  ///< effective for this job: the workflow's where the job has none; key `*` for write-all/read-all
  bool permissions_default = true;         ///< neither workflow nor job says any: the repository's default
  std::vector<CredentialUse> credentials;  ///< in scope of the whole job, its steps' included
  std::string environment;
  bool gated = false;   ///< a person must act before it runs (manual, approval, input, block)
  bool hidden = false;  ///< never runs by itself (GitLab's leading dot)
  Condition condition;
  bool may_fail = false;
  bool may_fail_sometimes = false;
  std::vector<std::string> needs;
  std::vector<Event> events;  ///< where the job itself says when it runs (GitLab rules); empty: those of the pipeline
  std::vector<std::string> legs;  ///< expanded matrix, one canonical text a leg; empty without matrix
  bool matrix_emptied = false;
  std::string uses;  ///< reusable workflow or template, without version
  std::string uses_version;
  std::map<std::string, std::string> with;
  bool inherits_secrets = false;
  std::map<std::string, std::string> secrets;  ///< handed to `uses`: name there, value as written
  std::string image;                           ///< container
  std::vector<std::string> services;           ///< images
  std::vector<std::string> service_hosts;      ///< names that the job gives its services, by which it reaches them
  std::vector<std::string> container_options;  ///< of the container and its services: `--privileged`
  std::string environment_url;
  std::string concurrency;                ///< group that lets one run at a time (`resource_group`), as written
  std::string timeout;                    ///< as written, with the system's unit; empty where none
  std::string default_shell;              ///< `defaults.run.shell`, the job's or the pipeline's
  std::string default_working_directory;  ///< `defaults.run.working-directory`, as written
  bool fail_fast = true;
  std::vector<std::string> artifacts_from;  ///< jobs whose artifacts it takes (`dependencies`)
  std::vector<std::string> extends;         ///< templates it was merged from, as written
  std::map<std::string, std::string> env;   ///< pipeline's, job's merged
  std::string stage;
  std::vector<Step> steps;
  std::uint32_t line = 0;
  std::string path;  ///< file it stands in where that is not the pipeline's own

  /// What the job's token may do with `scope` (`contents`, `id-token`): the scope's own entry, else that of `*`, else
  /// none. Says nothing where permissions_default is set.
  Access access(std::string_view scope) const;
};

enum class System : std::uint8_t {
  github,
  github_action,
  gitlab,
  circleci,
  azure,
  jenkins,
  travis,
  buildkite,
  bitbucket,
  drone,
  woodpecker,
  tekton,
  argo,
  cirrus,
  appveyor,
  cloud_build,
};

/// One piece of a program that counts: a name, a string, a symbol; white space and comments are none.
struct Lexeme {
  std::string text;  ///< strings begin with the kind of their quote
  std::uint32_t line = 0;
};

struct Pipeline {
  System system = System::github;
  std::string path;
  std::string name;
  std::vector<Event> events;
  std::vector<Job> jobs;
  std::map<std::string, std::string> env;
  Condition condition;  ///< of the whole pipeline (`workflow: rules`)
  std::string concurrency;
  std::vector<std::string> includes;  ///< as written; local ones are resolved into jobs
  std::vector<std::string> files;     ///< every file that was read for it or looked for in vain, `path` first
  std::vector<Lexeme> lexemes;        ///< of systems whose pipelines are programs (Jenkins): all that their text means
  std::vector<document::Problem> problems;
  bool broken = false;  ///< could not be read: nothing about it may be concluded

  /// It runs for pull or merge requests, merge queues or pushes to branches: its checks can hold a change back.
  bool judges_changes() const;
};

std::string_view to_string(System);

/// The version of an action or image names one content for good: a full commit id or a digest.
bool is_pinned(std::string_view version);

}  // namespace tollbar::pipeline
