// What a job really runs: its commands, followed through the files of the tree that they execute.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/shell.h"
#include "model/tree.h"
#include "pipeline/model.h"
#include "pipeline/readers.h"
#include "reach/chain.h"
#include "reach/knowledge.h"
#include "reach/script_cache.h"
#include "util/copy_on_write.h"
#include "util/shared_list.h"

namespace tollbar::reach {

/// What a file that a tool reads by itself says against it: `<skipTests>true`.
struct SwitchedOff {
  std::string why;  ///< empty: nothing
  std::string path;
  std::uint32_t line = 0;
};

/// A command that runs in a job, directly or at the end of a chain.
struct ExecutedCommand {
  std::shared_ptr<const document::Command> command;  ///< never null; one for all jobs that run the same text
  std::string path;                                  ///< the file whose text holds it
  std::uint32_t line = 0;                            ///< in that file
  Chain chain;        ///< empty for a command of the step's own script; else nearest to the job first
  bool fatal = true;  ///< its failure fails the step: every call of the chain is fatal too
  bool unreachable = false;
  std::string shadowed_by;  ///< file of the tree that stands before the real program in PATH
  SwitchedOff switched_off;
  bool followed = false;          ///< it runs files of this tree, whose commands stand in the same step
  std::string part;               ///< make target, npm script or composite step that holds it; empty for a whole file
  std::string working_directory;  ///< where it runs, relative to the root
  util::CopyOnWrite<std::map<std::string, std::string>>
      env;  ///< pipeline's, job's, step's and its own assignments merged
};

/// A step's `uses` that runs, directly or inside local composite actions and reusable workflows.
struct ExecutedAction {
  std::string uses, version;
  std::map<std::string, std::string> with;
  std::string path;
  std::uint32_t line = 0;
  Chain chain;
  SwitchedOff switched_off = {};
};

/// A hook of `.pre-commit-config.yaml` that a step runs: it judges, but its loss is told by what reads that file.
struct ExecutedHook {
  std::string id;
  document::Script entry;  ///< of a local hook; what another repository's hook runs is known by its id alone
  std::string path;
  std::uint32_t line = 0;
  Chain chain;
  bool fatal = true;
};

/// A file that a step executes, with the way to it: the last link names the file itself.
struct FollowedFile {
  std::string path;
  std::string part;
  Chain chain;
};

/// A call of something whose name is computed when it runs: an edge of the graph that leads nobody knows where.
struct UnknownCall {
  std::string text;  ///< the command as written
  std::string path;  ///< the file that holds it
  std::uint32_t line = 0;
  Chain chain;
};

/// What a tool does because a section of its configuration in the tree says so.
struct ConfiguredAct {
  Effect effect;
  std::string by;    ///< `goreleaser: brews`
  std::string path;  ///< of the configuration
  std::uint32_t line = 0;
  Chain chain;
};

/// What a step runs and does; one and the same for all steps that run alike.
struct StepItems {
  util::SharedList<ExecutedCommand> commands;
  util::SharedList<ExecutedAction> actions;
  util::SharedList<ExecutedHook> hooks;
  util::SharedList<FollowedFile> files;
  util::SharedList<UnknownCall> unknown;
  util::SharedList<ConfiguredAct> configured;
  std::string ends_job;  ///< the command that ends its job as a success: `circleci-agent step halt`; else empty
};

struct StepRun;

struct ExecutedStep : StepItems {
  const pipeline::Pipeline* pipeline = nullptr;  ///< the live pipeline it starts from
  const pipeline::Job* job = nullptr;    ///< the job as its pipeline has it (of the called workflow where reusable)
  const pipeline::Step* step = nullptr;  ///< null for a job that only calls a foreign workflow
  std::vector<Link> calls;               ///< reusable workflows between pipeline and job
  bool enforced = true;  ///< nothing in pipeline, job, step (events, conditions, may_fail, manual, hidden, cleanup)
                         ///< swallows its failure
  std::string unenforced_why;   ///< the first such thing, for people: `continue-on-error: true`, `if: false`
  std::string unenforced_path;  ///< the file that says so
  std::uint32_t unenforced_line = 0;
  bool left_to_callers = false;         ///< without force only because nothing but a call starts its workflow
  std::vector<std::string> narrowing;   ///< conditions that may keep it from running: `if: github.actor != 'bot'`
  std::vector<pipeline::Event> events;  ///< what starts it, as far as it judges changes
  std::string context;                  ///< name under which the platform reports it: `test`, `checks / lint`
  std::shared_ptr<const StepRun> run;   ///< where its items are from; null for a job that only calls
  std::vector<pipeline::CredentialUse> credentials;  ///< in scope here: step's and job's, inherited ones included
};

/// What of a tree decides: where another tree agrees on all of it, the same runs.
struct Dependence {
  std::set<std::string> consulted;  ///< every path that was looked at, present or not
  std::set<std::string> sought;     ///< paths of which only counts whether and as what they are there
  /// What a tool reads by itself, present or not: of those files only the line counts that switches a check off.
  std::set<std::pair<std::string, std::shared_ptr<const ObeyedFile>>> obeyed;
  std::set<std::string> listed;  ///< folders whose entries were looked through; "." is the root

  void add(const Dependence& other) {
    consulted.insert(other.consulted.begin(), other.consulted.end());
    sought.insert(other.sought.begin(), other.sought.end());
    obeyed.insert(other.obeyed.begin(), other.obeyed.end());
    listed.insert(other.listed.begin(), other.listed.end());
  }
};

/// What one live pipeline runs. Its steps point into what it owns.
struct PipelineExecution {
  std::shared_ptr<const pipeline::Pipeline> pipeline;
  std::vector<std::shared_ptr<const pipeline::Pipeline>> called;  ///< composite actions and reusable workflows
  std::vector<ExecutedStep> steps;
  Dependence dependence;
  std::vector<std::string> problems;  ///< `call cycle`, `depth limit`: what was not followed
};

/// Everything the pipelines of a tree run.
struct Execution {
  std::vector<std::shared_ptr<const PipelineExecution>> pipelines;  ///< by system and path; none is null
};

/// How the rest of a tree uses a pipeline: some job of its pipelines calls it as a workflow.
enum class Called : std::uint8_t { here, not_here };

/// The job starts a pipeline that another job writes: a child pipeline of GitLab from an artifact.
bool is_made_at_run_time(const pipeline::Job& job);

/// Adds the paths of the workflows that jobs of the pipeline call.
void add_called_workflows(const pipeline::Pipeline& pipeline, std::set<std::string>& paths);

class CommandLookup;
struct Runs;

/// Follows: shell scripts (`./x`, `sh x`, `bash x`, `source x`, `. x`, through working directories and variables of
/// constant value), make targets with prerequisites and -C/-f, npm/pnpm/yarn/bun scripts with pre and post, just/task
/// targets, composite actions, reusable workflows, `python x.py`/`node x.js`/`ruby`/ `perl` files (as a file without
/// commands: only the Link), Dockerfiles of `docker build`, tox/nox as files. Depth at most 8, cycles cut.
std::shared_ptr<const PipelineExecution> execute(std::shared_ptr<const pipeline::Pipeline> pipeline, Called called,
                                                 model::Tree& tree, pipeline::DocumentCache& documents,
                                                 ScriptCache& scripts, Runs& runs, CommandLookup& commands);
/// All live pipelines of a tree.
Execution execute(model::Tree& tree, const Knowledge& knowledge, pipeline::DocumentCache& documents);

/// A file that a job executes, with the way to it.
struct ExecutedFile {
  std::string path;
  std::string part;
  const ExecutedStep* step = nullptr;
  Chain chain;
};
/// Every file that some step executes (not those it merely compiles, tests or lints).
std::vector<ExecutedFile> executed_files(const Execution& execution);
/// Those of them at the paths given.
std::vector<ExecutedFile> executed_files(const Execution& execution, const std::set<std::string_view>& paths);

}  // namespace tollbar::reach
