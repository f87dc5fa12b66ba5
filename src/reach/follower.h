// Walks from a step's commands through the files of the tree that they execute.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/handed_on.h"
#include "document/scripts.h"
#include "reach/calls.h"
#include "reach/execution.h"
#include "reach/legs.h"
#include "reach/make_rules.h"
#include "reach/noted.h"
#include "reach/ruby_tasks.h"
#include "reach/runs.h"

namespace tollbar::reach {

struct MageFiles;
struct ManifestRunner;
struct MavenBuild;
struct PythonTask;
struct PythonTasks;

class Follower {
 public:
  Follower(model::Tree& tree, pipeline::DocumentCache& documents, ScriptCache& scripts, Runs& runs,
           PipelineExecution& execution);

  /// Forgets another job and what its steps left. `source` is the file whose text holds the job; `inputs` are what the
  /// workflow was called with.
  void begin_job(std::shared_ptr<const pipeline::Pipeline> source, const pipeline::Job& job,
                 const std::map<std::string, std::string>& inputs);

  /// Adds what a step of the job runs.
  void follow(const pipeline::Step& step, StepItems& into);

  /// Names everything that decides what the step runs in its job, but the tree, its lines and script, and the legs.
  std::string step_key(const pipeline::Step& step) const;
  /// The script of a step of the job, which keeps its pipeline alive.
  std::shared_ptr<const document::Script> written(const pipeline::Step& step) const { return {holder_, &step.script}; }
  /// The run may stand for one of this job: its legs say the same, and so many commands may still be followed.
  bool fits(const Run& run) const { return run.counted <= budget_ && legs_.said_to(run.asked) == run.said; }
  /// The job goes on as if it had followed the run.
  void take_over(const Run& run);
  /// Does the work, which follows something, and tells what decided that, apart from what was followed before. False
  /// where the limit of commands decided it too.
  template <typename Work>
  bool record(Run& run, Work work) {
    Dependence before = std::exchange(execution_.dependence, {});
    auto problems = std::exchange(execution_.problems, {});
    const auto asked = legs_.take_asked();
    const std::size_t budget = budget_;
    work();
    run.left = job_;
    run.counted = budget - budget_;
    run.dependence = std::exchange(execution_.dependence, std::move(before));
    execution_.dependence.add(run.dependence);
    run.problems = std::exchange(execution_.problems, std::move(problems));
    for (const auto& problem : run.problems) note(problem);
    run.asked = legs_.asked();
    run.said = legs_.said_to(run.asked);
    legs_.ask(asked);
    return budget_ > 0;
  }

 private:
  /// Where a script stands: what every command in it has in common.
  struct Place {
    std::string path;  ///< of the file that holds the commands
    std::string part;
    Chain chain;
    std::string directory;  ///< where it was started, "" for the root
    util::CopyOnWrite<std::map<std::string, std::string>> env;
    util::CopyOnWrite<Variables> variables;
    bool fatal = true, unreachable = false;
    bool began_fatal = true;                    ///< what the script round the call was, before the call itself
    bool entered = true;                        ///< a file of its own, with its own directory (not a step's script)
    Certainty certainty = Certainty::verified;  ///< of the call that is followed now
    Certainty at_best = Certainty::verified;    ///< what calls from here can be no surer than
    const std::vector<document::Iteration>* loops = nullptr;  ///< of the script that runs
    const document::HandingFunctions* handing = nullptr;      ///< of a script round the one that runs, or of that
    Variables arguments;                                      ///< of the script that runs: `1`, `2`, and `@` for all
    std::string handed_on;  ///< words of the calls on the way: with others a target runs again
  };

  /// Adds a problem to those of the execution, once.
  void note(const std::string& problem);
  void follow_step(const pipeline::Step& step, const Place& place);
  void follow_action(const pipeline::Step& step, const Place& place);
  void enter_action(const pipeline::Step& step, const Place& place);
  void follow_tool_action(const pipeline::Step& step, const Place& place);
  static bool builds_images(const pipeline::Step& step);
  void follow_image_action(const pipeline::Step& step, const Place& place);
  /// The commands noted hold the script alive: what many jobs run is kept once.
  void follow_script(const std::shared_ptr<const document::Script>& script, Place place);
  void follow_script(document::Script script, Place place);
  /// The same for a script that caches keep: what other steps did with it under equal circumstances is taken from
  /// there.
  void follow_kept(const std::shared_ptr<const document::Script>& script, Place place);
  /// Everything but the tree, the legs and what was entered before that decides what the script does there.
  std::string run_key(const document::Script& script, const Place& place) const;
  void take(const ScriptRun& run, const Chain& chain);
  bool follow_calls(const document::Command& command, const document::Script& script, const Place& place);
  bool follow_call(const Call& call, const document::Command& command, const document::Script& script,
                   const Place& place);
  /// The file that a shell or an interpreter reads from its input: `bash < x`, `cat x | bash`.
  bool follow_input(const document::Command& command, const document::Command* previous, const document::Script& script,
                    const Place& place);
  /// A script called by a relative name after `cd` to a computed folder: an unknown call, and perhaps the files of the
  /// name in the folders that are looked through.
  void follow_elsewhere(const std::vector<std::string>& argv, const document::Command& command,
                        const document::Script& script, const Place& place);
  /// Tasks that a manifest gives a name: `composer run x`, `mise run x`, `poe x`; `words` are the essential ones.
  bool follow_tasks(const std::vector<document::Word>& words, const document::Command& command, const Place& place);
  bool enter_manifest_task(const ManifestRunner& runner, const std::string& name, std::uint32_t line,
                           const Place& place, int depth);
  /// What a program that is no shell script calls in texts of its own: `subprocess.run(["./x.sh"])`.
  void follow_program(const std::string& path, const Place& place);
  /// Such texts, as called_texts() tells them; `first_line` is the number of the program's first line. Of a program
  /// that has forgotten how they ended their failure is lost.
  void follow_called(const std::string& calls, std::uint32_t first_line, const Place& place, bool forgotten = false);
  /// A name for what runs in the place: the file, or one in the directory of a script that is no file.
  static std::string standing_in(const Place& place);
  /// The words with everything known put in; several times where a word has several values in a loop of the script or
  /// the legs of the job.
  std::vector<std::vector<std::string>> words_of(const std::vector<document::Word>& words, const Place& place);
  std::vector<std::string> open_values(const document::Word& word, const Place& place, const Standpoint& here);
  /// `cd "$package"` where a loop or the legs of the job say what that may be: the word stays in the directory.
  void move_openly(const document::Command& command, const Place& place, std::optional<std::string>& directory);
  /// What a directory with such a word may be, as far as it is in the tree.
  std::vector<std::string> open_directories(const Place& place);
  /// What a script was called with, known to those of its own commands that ask for it.
  static void forget_arguments(Place& place);
  static void set_arguments(const std::vector<std::string>& arguments, Place& place);
  static bool bind_arguments(const document::Command& command, Place& place);
  static void unbind_arguments(Place& place);
  /// A command behind a variable that stands for its wrapper: `$SUDO ./x.sh`, `"${RUN[@]}" make send`.
  bool follow_prefixed(const std::vector<document::Word>& words, const std::vector<std::string>& argv,
                       const document::Command& command, const document::Script& script, const Place& place);
  /// `python -c 'import subprocess; ...'`
  void follow_inline_program(const std::vector<std::string>& argv, const document::Command& command,
                             const Place& place);

  bool enter_script(const Call& call, const document::Command& command, const document::Script& from,
                    const std::string& path, const Place& place);
  bool enter_package(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  bool enter_make(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  /// What the files of the rules set, for recipes to use.
  static void set_make_variables(const MakeRules& rules, Place& place);
  /// `place` is where make was called, with what it sets; false where no rule makes `name`.
  bool enter_target(const MakeRules& rules, const std::string& name, std::uint32_t line, const Place& place,
                    std::size_t depth);
  /// The Makefile at `path`, run in `directory`, with what it includes.
  const MakeRules& make_rules(const std::string& path, const model::FileEntry& entry, const std::string& directory,
                              const document::GivenVariables& given);
  MakeRules read_make_rules(const std::string& path, const model::FileEntry& entry, const std::string& directory,
                            const document::GivenVariables& given);
  /// Assignments of the call or of its environment that matter: those by which recipes run nothing
  /// (`make test GO=true`), and those that conditions of the Makefile ask for.
  document::GivenVariables given_variables(const Call& call, const model::FileEntry& makefile, const Place& place);
  /// The Makefile leaves the variable to the environment.
  bool asks_environment(const model::FileEntry& makefile, const std::string& name);
  /// The paths that an `include` in `script` names, a Makefile run in `directory`.
  std::vector<std::string> included_paths(const std::string& directory, const std::string& written,
                                          const std::string& script = "");
  bool enter_task(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  void enter_task_named(const document::Node& file, const std::string& name, const Place& place, std::size_t depth);
  /// The variables that a Taskfile or one of its tasks sets to plain values.
  void set_task_variables(const document::Node* variables, Place& place) const;
  /// A task of a file that the Taskfile at `path` includes under a name: `docs:build`; false where there is none.
  bool enter_included_task(const document::Node& file, const std::string& name, std::uint32_t line,
                           const std::string& path, const Place& place);
  /// The justfile at `path` with what it imports.
  MakeRules just_rules(const std::string& path, const model::FileEntry& entry);
  /// The justfile of a module that the one at `path` declares; empty where it declares none of the name.
  std::string just_module(const std::string& path, const model::FileEntry& entry, const std::string& name);
  /// The hooks that pre-commit runs; `selected` names them where not all run.
  void enter_hooks(const std::vector<std::string>& selected, std::uint32_t line, const std::string& path,
                   const Place& place);
  /// Builds the stage `target`; empty where it is not told.
  void enter_image(const std::string& path, const std::string& target, std::uint32_t line, const Place& place);
  /// The script that an image of an action starts with, as far as it lies in `directory` under the same name.
  void enter_entrypoint(const std::string& path, const std::string& directory, std::uint32_t line, const Place& place);
  bool enter_bake(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  void enter_sources(const std::string& path, std::uint32_t line, const Place& place);
  /// Programs that are built and run at once, told by the names that Go and Cargo have for them.
  void enter_module_sources(const Call& call, std::uint32_t line, const std::string& go_mod, const Place& place);
  void enter_cargo(const Call& call, std::uint32_t line, const std::string& manifest, const Place& place);
  /// The sources beside the one in which a program of Cargo begins.
  void enter_modules(const std::string& path, std::uint32_t line, const Place& place);
  bool enter_cargo_alias(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  /// The folder of a package of the workspace whose root is `root`; no value where there is none of the name.
  std::optional<std::string> cargo_package(const std::string& root, const std::string& name);
  void enter_generated(const std::string& path, std::uint32_t line, const Place& place);
  /// Images that the services of a compose file build.
  void enter_compose(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  void enter_build(const document::Node& build, const std::string& directory, const Place& place);
  /// Environments of tox, sessions of nox and tasks of invoke: their commands.
  void enter_tox(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  void enter_python_tasks(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  bool enter_python_task(const PythonTasks& file, const PythonTask& task, std::uint32_t line, const std::string& path,
                         const Place& place);
  bool enter_ruby_tasks(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  /// A task that stands in a file which the Rakefile at `path` loads; false where none holds it.
  bool enter_ruby_file(const std::string& name, std::uint32_t line, const std::string& path, const Place& place);
  /// Targets of Mage: what their functions start, and the functions that they call.
  bool enter_mage(const Call& call, std::uint32_t line, const std::string& folder, const Place& place);
  void enter_mage_function(const MageFiles& files, const std::string& name, std::uint32_t line, const Place& place);
  void enter_ruby_task(const RubyTasks& file, const std::string& name, const std::string& from, std::uint32_t line,
                       const std::string& path, const Place& place);
  /// A command of Rush, with the scripts of the projects that it runs.
  bool enter_rush(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  /// Tasks of Gradle: the build files of their projects and what those apply. `root` is the folder of the build.
  void enter_gradle(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  void enter_gradle_script(const std::string& path, const std::string& part, std::uint32_t line,
                           const std::string& root, const Place& place, int depth);
  /// What the build at `path` runs before its tasks: settings, build files of projects, plugins of its own.
  void enter_gradle_build(const std::string& path, std::uint32_t line, const Place& place);
  /// Where the settings lie: in the folder, or above a project that is called alone.
  std::string gradle_root(const std::string& folder);
  void enter_gradle_projects(const std::string& root, std::uint32_t line, const Place& place, int depth);
  bool brings_plugins(const std::string& build_file);
  void enter_plugin_sources(const std::string& folder, std::uint32_t line, const Place& place, std::size_t& left);
  /// Goals of Maven: the pom, and where they do more than build, what `.mvn` says, the poms of modules and parents in
  /// the tree and what their plugins run. `root` is the folder of the whole build.
  void enter_maven(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  std::string maven_root(const std::string& folder);
  void follow_pom(const std::string& path, std::uint32_t line, const MavenBuild& build, const Place& place,
                  std::set<std::string>& seen);
  /// The step is known to run the file.
  bool runs(const std::string& path) { return visited_.holds(path); }
  /// The first of the names that is a file of the folder; empty where none is.
  std::string first_file(const std::string& folder, const std::vector<std::string>& names);
  /// The manifest of a tool, or those of a folder, and the commands in it.
  void enter_configuration(const std::string& path, std::uint32_t line, const Place& place);
  void enter_configurations(const std::string& folder, std::uint32_t line, const Place& place);
  void follow_configured(const std::string& path, const Place& place);
  void enter_cloud_build(std::uint32_t line, const std::string& path, const Place& place);
  /// Targets that the project.json of Nx projects spell out.
  bool enter_nx(const Call& call, std::uint32_t line, const std::string& path, const Place& place);
  bool enter_nx_target(const std::string& path, const std::string& target, std::uint32_t line, const Place& place,
                       int depth);
  /// Paths of the project.json that the selectors name; all in the usual folders where there are none.
  std::vector<std::string> nx_projects(const std::string& root, const std::vector<std::string>& selectors);
  /// Tasks of a build file that is followed no further, each a node.
  void enter_tasks(const Call& call, std::uint32_t line, const std::string& path, const Place& place);

  static std::string step_directory(const pipeline::Step& step, const Place& place);
  std::vector<std::string> left_to_sourced(const document::Script& script, const Place& place);
  /// Paths of the package.json of every workspace that the manifest at `root` names.
  const std::vector<std::string>& workspace_packages(const std::string& root);
  std::vector<std::string> find_workspace_packages(const std::string& root);
  /// Those of `names` that turbo runs in the root of a workspace as well: `//#lint` in its turbo.json.
  std::vector<std::string> root_tasks(const std::string& root, const std::vector<std::string>& names);
  /// Those of them that the selectors of a package manager name; `directory` is where it runs.
  std::vector<std::string> selected_packages(const std::string& directory, const std::vector<std::string>& selectors);
  /// A command that a package manager runs in each of several packages: `pnpm -r exec ./x.sh`.
  bool follow_in_packages(const document::Command& command, const document::Script& script, const Place& place);
  /// The manifest at `path` selects by its name, or by its folder below `directory`.
  bool is_selected(const std::string& path, const std::string& directory, const std::string& selector);
  void follow_inputs(const pipeline::Step& step, const Place& place);
  /// The text is a script that calls something of the tree.
  bool calls_tree(const std::string& text, const Place& place);
  /// The shell of a step, where it is one of the tree's own (`shell: ./tools/in-container.sh {0}`), and what a step in
  /// another language calls.
  void follow_shell(const pipeline::Step& step, const Place& place);
  /// Files that a step of github-script loads: `require('./tools/x.js')`.
  void follow_modules(const pipeline::Step& step, const Place& place);
  /// What the step hands its action, as far as it is known here.
  static pipeline::HandedInputs handed_inputs(const pipeline::Step& step, const Place& place);
  /// What a composite action knows of its own place and inputs.
  static void set_inputs(const pipeline::HandedInputs& handed, const pipeline::Pipeline& action,
                         const std::string& directory, Place& place);
  /// `echo "NAME=value" >> $GITHUB_ENV`: later steps of the job have the variable.
  void keep_for_job(const document::Command& command, const Standpoint& here);

  /// `cp tools/send.sh /tmp/x`, `alias send=./tools/send.sh`: other names for files of the tree.
  void note_names(const document::Command& command, const Standpoint& here);
  /// The file of the tree that the word names by what it was copied to; else `text`, the word's known value.
  std::string original(const document::Word& word, const std::string& text, const std::string& directory) const;
  bool follow_alias(const std::vector<std::string>& argv, const document::Command& command, const Place& place);
  /// A program that the package brings itself: `npx send` beside `"bin": {"send": "bin/send.js"}`.
  std::vector<Call> own_program(const std::vector<std::string>& argv, const document::Command& command,
                                const Place& place);

  std::optional<model::FileEntry> find(const std::string& path);
  /// The same, where only counts whether and as what it is there.
  std::optional<model::FileEntry> seek(const std::string& path);
  /// The path inside the tree, where the job checks it out below the workspace.
  std::string in_tree(const std::string& path) const;
  /// The first of the call's files that exists, looked for where the script is and where its job started.
  std::string locate(const Call& call, const Place& place);
  /// `place` one link further; false where depth, budget or a cycle forbids it.
  bool descend(Place& place, std::string path, std::string part, std::uint32_t line, const std::string& directory);

  model::Tree& tree_;
  pipeline::DocumentCache& documents_;
  ScriptCache& scripts_;
  Runs& runs_;
  PipelineExecution& execution_;
  StepItems* step_ = nullptr;
  Noted<std::string, MakeRules> make_rules_;                   ///< by path, directory and what is given
  Noted<std::string, std::vector<std::string>> packages_;      ///< of workspaces, by the manifest at their root
  Visited visited_;                                            ///< of this step: what was entered, from where and how
  std::shared_ptr<const pipeline::Pipeline> holder_;           ///< of the step that is followed: its job's, its action
  std::string source_;                                         ///< the file that holds the job
  util::CopyOnWrite<std::map<std::string, std::string>> env_;  ///< pipeline's and job's
  std::vector<std::string>
      checkouts_;      ///< where the job checks the tree out, if not at the workspace's root: `source/`
  std::string start_;  ///< the step's working directory
  Legs legs_;          ///< of the job
  JobState job_;
  std::size_t budget_;
};

}  // namespace tollbar::reach
