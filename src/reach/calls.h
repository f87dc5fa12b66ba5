// Which files a command runs, told from its words alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/shell.h"
#include "reach/certainty.h"

namespace tollbar::reach {

enum class CallKind : std::uint8_t {
  script,          ///< a file run by a shell or by itself
  sourced,         ///< a file read into the running shell
  program,         ///< a file run by another interpreter: followed no further
  package,         ///< scripts of a package.json or composer.json
  make,            ///< targets of a Makefile
  just,            ///< recipes of a justfile
  task,            ///< tasks of a Taskfile
  hooks,           ///< a configuration of pre-commit; parts are the hooks that run, none for all
  image,           ///< a Dockerfile; the part is the stage that is built
  sources,         ///< a directory that is compiled and run at once (`go run ./tools/x`)
  module_sources,  ///< the same, named by its import path; the file is the go.mod
  generate,       ///< a directory whose `//go:generate` lines run; whole trees (`./...`) are not looked through, as any
                  ///< source in them may have one
  cargo,          ///< a program of a Cargo workspace: parts[0] is the package, main_part the binary; both may be empty
  cargo_alias,    ///< a command of Cargo that `.cargo/config.toml` may spell out
  compose,        ///< images that a compose file builds; parts are the services, none for all
  bake,           ///< a bake file of docker buildx; parts are its targets and groups
  tox,            ///< environments of tox
  ruby_tasks,     ///< tasks of Rake
  python_tasks,   ///< sessions of nox, tasks of invoke; the parts are their names
  configuration,  ///< a manifest that a tool does what it says: commands in it run
  configuration_folder,  ///< the same, a folder of them
  rush,                  ///< a command of Rush; the file is its rush.json, workspaces are the projects it is meant for
  gradle,                ///< tasks of Gradle
  maven,                 ///< goals of Maven; main_part is `mvnw` where its wrapper runs
  cloud_build,           ///< a build that a cloud runs: cloudbuild.yaml, buildspec.yml
  mage,                  ///< targets of Mage; the file is the folder of its files
  nx,                    ///< targets of projects of an Nx workspace; the file is its nx.json
};

struct Call {
  CallKind kind = CallKind::script;
  std::string directory;                ///< relative to where the command runs; empty for that place
  std::vector<std::string> files;       ///< the first that exists is meant; relative to `directory`
  std::vector<std::string> parts;       ///< targets or script names; a glob (`test:*`) stands for several
  std::string main_part;                ///< of a package: the script that `arguments` are appended to
  std::vector<std::string> arguments;   ///< what the caller hands on: words for a script, variables for make; empty
                                        ///< ones are unknown
  std::vector<std::string> workspaces;  ///< of a package: selectors of those that run it (names, globs, `./paths`)
  std::vector<std::string> loaded;      ///< of Maven and Gradle: settings and scripts that options name
  std::vector<std::string> late_words;  ///< selectors as written behind the script's name: some versions hand them on
  bool optional_file = false;           ///< no problem where the file is absent, as it surely is no file of the tree
  bool ignores_errors = false;          ///< `make -i`
  bool environment_first = false;       ///< `make -e`
  bool recursive = false;               ///< in every package of the workspace: `pnpm -r run test`
  bool errexit = false;                 ///< `bash -e x`
  bool if_executable = false;           ///< only a file with the mode of a program is meant
  Certainty certainty = Certainty::verified;
};

/// Values of variables that are constant where the command stands.
using Variables = std::map<std::string, std::string>;

/// The names of what make itself sets for a recipe: the target, its first prerequisite, the stem.
inline constexpr std::string_view kMakeVariables = "@<*";

/// Marks a path that starts at the root of the tree in what literal() gives.
inline constexpr char kTreeRoot = '\x01';

/// What is known where a word stands.
struct Standpoint {
  const Variables& variables;
  std::string script;     ///< the file that runs; for what is no file of its own, any name in its directory
  std::string directory;  ///< where the command runs; "" for the root
};

/// The word with known variables, places of the script, the directory and the workspace put in. Empty where something
/// stays unknown.
std::string literal(const document::Word& word, const Standpoint& here, int depth = 0);

/// `directory` and `path` as one path in normal form, relative to the root; `.` for the root itself, empty where it
/// leads out of the tree.
std::string join_path(const std::string& directory, const std::string& path);

/// The same for directories: the root is the empty text; no value where the path leads out of the tree.
std::optional<std::string> join_directory(const std::string& directory, const std::string& path);

/// Every call that the essential words `argv` make (they are literal() already; an empty word is unknown).
/// `by_module` says that the first word was `python -m NAME`.
std::vector<Call> calls_of(const std::vector<std::string>& argv, bool by_module);

/// `pnpm -r exec ./x.sh`, `npm exec -w web -- ./x.sh`, `lerna exec -- ./x.sh`: the packages as `workspaces` (none for
/// all) and the command as `arguments`; no value where the command runs in one place.
std::optional<Call> package_exec(const std::vector<std::string>& argv);

/// What tells a call from others of the same target: its arguments, where one is unknown with the line it stands on.
std::string handed_on(const Call& call, std::uint32_t line);

}  // namespace tollbar::reach
