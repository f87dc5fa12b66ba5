// One function per family of callers; a table says which program belongs to which.
#include "reach/calls.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "text/words.h"

namespace tollbar::reach {
namespace {

using Words = std::vector<std::string>;
using text::is_one_of;

bool is_flag(std::string_view word) {
  return word.size() > 1 && word.front() == '-';
}

/// The value of a flag that is written `-C dir`, `-Cdir` or `--dir=x`, with the index moved past it; false where `word`
/// is another.
bool takes(const Words& argv, std::size_t& index, std::initializer_list<std::string_view> flags, std::string& value) {
  const std::string& word = argv[index];
  for (const auto flag : flags) {
    if (word == flag) {
      if (index + 1 < argv.size()) value = argv[++index];
      return true;
    }
    if (!word.starts_with(flag)) continue;
    const bool is_long = flag.starts_with("--");
    if (is_long && word.size() > flag.size() && word[flag.size()] == '=') {
      value = word.substr(flag.size() + 1);
      return true;
    }
    if (!is_long && flag.size() == 2) {
      value = word.substr(2);
      return true;
    }
  }
  return false;
}

Call make_call(CallKind kind, Words files) {
  Call call;
  call.kind = kind;
  call.files = std::move(files);
  return call;
}

std::vector<Call> shell_call(const Words& argv) {
  Call call;
  call.kind = CallKind::script;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (is_flag(word) || (word.size() > 1 && word.front() == '+')) {
      if (!word.starts_with("--") && word.find('c') != std::string::npos) return {};
      call.errexit |= !word.starts_with("--") && word.find('e') != std::string::npos;
      if (is_one_of(word, {"-o", "-O", "+o", "-eo", "-euo", "-exo", "--rcfile", "--init-file"})) ++i;
      continue;
    }
    if (word.empty()) return {};
    call.files = {word};
    return {call};
  }
  return {};
}

std::vector<Call> source_call(const Words& argv) {
  if (argv.size() < 2 || argv[1].empty()) return {};
  return {make_call(CallKind::sourced, {argv[1]})};
}

std::vector<Call> interpreter_call(const Words& argv) {
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (is_one_of(word, {"-c", "-e", "-p", "--eval", "-r", "-", "-Command"})) return {};
    if (is_one_of(word, {"-W", "-X", "-I", "--require", "--import", "--loader", "-m"})) {
      ++i;
      continue;
    }
    if (is_flag(word) || is_one_of(word, {"run"})) continue;
    if (word.empty()) return {};
    return {make_call(CallKind::program, {word, word + ".js", word + "/index.js", word + "/__main__.py"})};
  }
  return {};
}

std::vector<Call> make_targets(const Words& argv) {
  Call call = make_call(CallKind::make, {"GNUmakefile", "makefile", "Makefile"});
  bool unknown = false;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    std::string value;
    if (takes(argv, i, {"-C", "--directory"}, value)) {
      call.directory = join_path(call.directory, value);
    } else if (takes(argv, i, {"-f", "--file", "--makefile"}, value)) {
      call.files = {value};
    } else if (is_one_of(word, {"-I", "-o", "-W", "--include-dir", "--old-file", "--what-if"})) {
      ++i;
    } else if (word == "--ignore-errors") {
      call.ignores_errors = true;
    } else if (is_flag(word) && !word.starts_with("--")) {
      call.ignores_errors |= word.find('i') != std::string::npos;
      if (word.find('n') != std::string::npos || word == "-q" || word == "-t") return {};
    } else if (is_one_of(word, {"--dry-run", "--just-print", "--recon", "--question", "--touch"})) {
      return {};
    } else if (word.empty()) {
      unknown = true;  // a variable for make, more often than a target
    } else if (!is_flag(word) && word.find('=') == std::string::npos) {
      call.parts.push_back(word);
    }
  }
  if (unknown && call.parts.empty()) return {};
  return {call};
}

std::vector<Call> recipe_call(const Words& argv, CallKind kind, Words files) {
  Call call = make_call(kind, std::move(files));
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    std::string value;
    if (is_one_of(word, {"--dry-run", "-n", "--dry", "--list", "-l", "--summary"})) return {};
    if (takes(argv, i, {"--working-directory", "--dir", "-d"}, value)) {
      call.directory = value;
    } else if (takes(argv, i, {"--justfile", "--taskfile", "-f", "-t"}, value)) {
      call.files = {value};
    } else if (word == "--") {
      break;
    } else if (!is_flag(word) && word.find('=') == std::string::npos) {
      call.parts.push_back(word);
      if (kind == CallKind::just) break;  // what follows are the recipe's arguments
    }
  }
  return {call};
}

/// Scripts that a package manager runs by itself round one of its own commands.
struct Lifecycle {
  std::string_view command;
  std::array<std::string_view, 7> scripts;
};
constexpr std::array<Lifecycle, 12> kLifecycles{{
    {"install", {"preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"}},
    {"i", {"preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"}},
    {"ci", {"preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"}},
    {"publish", {"prepublishOnly", "prepack", "prepare", "postpack", "publish", "postpublish", "prepublish"}},
    {"pack", {"prepack", "prepare", "postpack"}},
    {"version", {"preversion", "version", "postversion"}},
    {"test", {"pretest", "test", "posttest"}},
    {"t", {"pretest", "test", "posttest"}},
    {"tst", {"pretest", "test", "posttest"}},
    {"start", {"prestart", "start", "poststart"}},
    {"stop", {"prestop", "stop", "poststop"}},
    {"restart", {"prerestart", "restart", "postrestart"}},
}};

void add_lifecycle(Call& call, std::string_view command) {
  for (const auto& lifecycle : kLifecycles) {
    if (lifecycle.command != command) continue;
    for (const auto script : lifecycle.scripts) {
      if (!script.empty()) call.parts.emplace_back(script);
    }
  }
}

void add_script(Call& call, const std::string& name) {
  call.parts.push_back("pre" + name);
  call.parts.push_back(name);
  call.parts.push_back("post" + name);
}

/// Where a workspace of this name may lie: itself a path, or below the usual folders.
std::string workspace_directory(const std::string& name) {
  return name.find('/') != std::string::npos && name.front() != '@' ? name
                                                                    : "packages/" + name.substr(name.rfind('/') + 1);
}

std::vector<Call> package_call(const Words& argv) {
  Call call = make_call(CallKind::package, {"package.json"});
  std::string value;
  std::size_t i = 1;
  const auto skip_flags = [&] {
    for (; i < argv.size() && (is_flag(argv[i]) || argv[i].empty()); ++i) {
      call.recursive |= is_one_of(argv[i], {"-r", "--recursive", "--workspaces", "-ws"});
      if (takes(argv, i, {"--prefix", "-C", "--cwd", "--dir"}, value)) {
        call.directory = value;
      } else if (takes(argv, i, {"-w", "--workspace", "--filter", "-F"}, value)) {
        call.directory = workspace_directory(value);
      }
    }
  };
  skip_flags();
  if (i < argv.size() && argv[i] == "workspace" && i + 1 < argv.size()) {
    call.directory = workspace_directory(argv[i + 1]);
    i += 2;
    skip_flags();
  }
  if (i + 1 < argv.size() && argv[i] == "workspaces" && is_one_of(argv[i + 1], {"run", "foreach"})) {
    call.recursive = true;
    i += argv[i + 1] == "foreach" ? 2U : 1U;
    skip_flags();
  }
  const std::string command = i < argv.size() ? argv[i] : (argv[0] == "yarn" ? "install" : "");
  const bool runs = is_one_of(command, {"run", "run-script", "rum", "urn"});
  if (runs) {
    ++i;
    skip_flags();
    if (i < argv.size()) add_script(call, argv[i]);
  } else if (argv[0] != "npm" && !is_one_of(command, {"test", "t", "install", "i", "publish", "pack", "version", "exec",
                                                      "dlx", "add", "ci"})) {
    if (!command.empty()) add_script(call, command);  // `yarn lint`, `pnpm build`, `bun check`
    call.optional_file = true;
  } else {
    add_lifecycle(call, command);
  }
  if (i < argv.size()) call.main_part = is_one_of(argv[i], {"t", "tst"}) ? "test" : argv[i];
  const bool hands_all_on = argv[0] != "npm";
  for (++i; i < argv.size() && argv[i] != "--"; ++i) {
    const std::size_t first = i;
    call.recursive |= is_one_of(argv[i], {"--workspaces", "-ws"});
    if (takes(argv, i, {"--prefix", "-C", "--cwd"}, value)) {
      call.directory = value;
    } else if (takes(argv, i, {"-w", "--workspace"}, value)) {
      call.directory = workspace_directory(value);
    } else if (hands_all_on) {
      call.arguments.push_back(argv[first]);
    }
  }
  for (++i; i < argv.size(); ++i) call.arguments.push_back(argv[i]);
  if (call.parts.empty()) return {};
  return {call};
}

/// `run-s lint test:*`, `concurrently "npm:lint" "npm run test"`.
std::vector<Call> script_runner_call(const Words& argv) {
  Call call = make_call(CallKind::package, {"package.json"});
  for (std::size_t i = 1; i < argv.size(); ++i) {
    std::string name = argv[i];
    if (is_flag(name)) continue;
    for (const std::string_view prefix :
         {"npm:", "yarn:", "pnpm:", "npm run ", "yarn run ", "pnpm run ", "yarn ", "pnpm "}) {
      if (name.starts_with(prefix)) name = name.substr(prefix.size());
    }
    call.parts.push_back(name.substr(0, name.find(' ')));
  }
  if (call.parts.empty()) return {};
  return {call};
}

std::vector<Call> image_call(const Words& argv) {
  const auto build = std::find_if(argv.begin() + 1, argv.end(), [](const auto& word) {
    return is_one_of(word, {"build", "bud"});
  });
  if (build == argv.end()) return {};
  if (std::any_of(argv.begin(), build, [](const auto& word) { return is_one_of(word, {"compose", "run", "exec"}); }))
    return {};
  Call call = make_call(CallKind::image, {});
  std::string context = ".", file;
  for (auto i = static_cast<std::size_t>(build - argv.begin()) + 1; i < argv.size(); ++i) {
    std::string ignored;
    std::string target;
    if (takes(argv, i, {"-f", "--file"}, file)) continue;
    if (takes(argv, i, {"--target"}, target)) {
      call.parts = {target};
      continue;
    }
    if (takes(argv, i,
              {"-t", "--tag", "--build-arg", "--platform", "--label", "--secret", "--ssh", "--cache-from", "--cache-to",
               "--output", "-o", "--network", "--progress", "--iidfile", "--metadata-file", "--builder",
               "--build-context"},
              ignored)) {
      continue;
    }
    if (!is_flag(argv[i]) && !argv[i].empty()) context = argv[i];
  }
  call.files = file.empty() ? Words{context + "/Dockerfile", context + "/Containerfile"} : Words{file};
  return {call};
}

/// `docker buildx bake -f docker-bake.hcl lint test`: further files add to the first.
std::vector<Call> bake_call(const Words& argv, std::size_t first) {
  Call call = make_call(CallKind::bake, {});
  for (std::size_t i = first; i < argv.size(); ++i) {
    std::string value;
    if (is_one_of(argv[i], {"--print", "--list", "--check"}) || argv[i].starts_with("--list=")) return {};
    if (takes(argv, i, {"-f", "--file"}, value)) {
      if (value.ends_with(".hcl") || value.ends_with(".json")) call.files.push_back(value);
    } else if (takes(argv, i, {"--set", "--builder", "--progress", "--metadata-file", "--allow", "--call", "--var"},
                     value)) {
      continue;
    } else if (argv[i].empty() || argv[i].find("://") != std::string::npos) {
      return {};
    } else if (!is_flag(argv[i])) {
      call.parts.push_back(argv[i]);
    }
  }
  if (call.files.empty()) call.files = {"docker-bake.hcl", "docker-bake.json"};
  return {call};
}

std::vector<Call> docker_call(const Words& argv) {
  const auto bake = std::find(argv.begin() + 1, argv.end(), "bake");
  const bool bakes = bake != argv.end() && std::all_of(argv.begin() + 1, bake, [](const auto& word) {
                       return word == "buildx" || is_flag(word);
                     });
  return bakes ? bake_call(argv, static_cast<std::size_t>(bake - argv.begin()) + 1) : image_call(argv);
}

std::vector<Call> go_call(const Words& argv) {
  if (argv.size() < 3 || argv[1] != "run") return {};
  for (std::size_t i = 2; i < argv.size(); ++i) {
    if (is_flag(argv[i])) continue;
    if (argv[i].find('@') != std::string::npos || argv[i].empty()) return {};
    const bool file = argv[i].ends_with(".go");
    return {make_call(file ? CallKind::program : CallKind::sources, {argv[i]})};
  }
  return {};
}

/// Tools that run a file they find by its name.
struct NamedFile {
  std::string_view program;
  std::array<std::string_view, 4> files;
};
constexpr std::array<NamedFile, 10> kNamedFiles{{
    {"tox", {"tox.ini", "tox.toml", "setup.cfg"}},
    {"nox", {"noxfile.py"}},
    {"rake", {"Rakefile", "rakefile", "Rakefile.rb"}},
    {"lefthook", {"lefthook.yml", ".lefthook.yml", "lefthook.yaml"}},
    {"goreleaser", {".goreleaser.yml", ".goreleaser.yaml", "goreleaser.yml", "goreleaser.yaml"}},
    {"fastlane", {"fastlane/Fastfile", "Fastfile"}},
    {"semantic-release", {".releaserc", ".releaserc.json", ".releaserc.yml", "release.config.js"}},
    {"invoke", {"tasks.py"}},
    {"inv", {"tasks.py"}},
    {"fab", {"fabfile.py"}},
}};

std::vector<Call> named_file_call(std::string_view program) {
  for (const auto& named : kNamedFiles) {
    if (named.program != program) continue;
    Call call = make_call(CallKind::program, {});
    for (const auto file : named.files) {
      if (!file.empty()) call.files.emplace_back(file);
    }
    call.optional_file = true;
    return {call};
  }
  return {};
}

/// `pre-commit run ruff --all-files`
std::vector<Call> hooks_call(const Words& argv) {
  Call call = make_call(CallKind::hooks, {".pre-commit-config.yaml", ".pre-commit-config.yml"});
  call.optional_file = true;
  if (argv.size() < 2 || argv[1] != "run") {
    call.kind = CallKind::program;
    return {call};
  }
  for (std::size_t i = 2; i < argv.size(); ++i) {
    std::string value;
    if (takes(argv, i, {"-c", "--config"}, value)) {
      call.files = {value};
    } else if (is_one_of(argv[i], {"--files", "--from-ref", "--to-ref", "--hook-stage", "--color", "-s", "-o"})) {
      ++i;
    } else if (!is_flag(argv[i]) && !argv[i].empty()) {
      call.parts.push_back(argv[i]);
    }
  }
  return {call};
}

std::vector<Call> playbook_call(const Words& argv) {
  std::vector<Call> calls;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    if (argv[i].ends_with(".yml") || argv[i].ends_with(".yaml"))
      calls.push_back(make_call(CallKind::program, {argv[i]}));
  }
  return calls;
}

}  // namespace

std::vector<Call> calls_of(const std::vector<std::string>& argv, bool by_module) {
  if (argv.empty() || argv[0].empty()) return {};
  if (by_module) {
    std::string path = argv[0];
    std::replace(path.begin(), path.end(), '.', '/');
    Call call = make_call(CallKind::program,
                          {path + ".py", path + "/__main__.py", "src/" + path + ".py", "src/" + path + "/__main__.py"});
    call.optional_file = true;
    std::vector<Call> calls{call};
    const auto named = argv[0] == "pre_commit" || argv[0] == "pre-commit" ? hooks_call(argv) : named_file_call(argv[0]);
    calls.insert(calls.end(), named.begin(), named.end());
    return calls;
  }
  const std::string_view program = argv[0];
  if (is_one_of(program, {"pre-commit", "prek"})) return hooks_call(argv);
  if (is_one_of(program,
                {"sh", "bash", "dash", "ksh", "zsh", "ash", "/bin/sh", "/bin/bash", "/usr/bin/bash", "/usr/bin/env"}))
    return shell_call(argv);
  if (is_one_of(program, {"source", "."})) return source_call(argv);
  if (is_one_of(program, {"make", "gmake", "mingw32-make", "remake", "$(MAKE)", "${MAKE}", "$MAKE"}))
    return make_targets(argv);
  if (is_one_of(program, {"npm", "pnpm", "yarn", "bun"})) return package_call(argv);
  if (is_one_of(program, {"run-s", "run-p", "npm-run-all", "npm-run-all2", "concurrently"}))
    return script_runner_call(argv);
  if (program == "just") return recipe_call(argv, CallKind::just, {"justfile", "Justfile", ".justfile"});
  if (is_one_of(program, {"task", "go-task"})) {
    return recipe_call(argv, CallKind::task,
                       {"Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml", "Taskfile.dist.yml"});
  }
  if (is_one_of(program, {"docker", "podman", "buildah", "nerdctl", "buildx"})) return docker_call(argv);
  if (program == "go") return go_call(argv);
  if (program == "ansible-playbook") return playbook_call(argv);
  const bool interpreter = is_one_of(program, {"node",    "nodejs",     "ruby",      "perl",       "php",     "deno",
                                               "ts-node", "tsx",        "pwsh",      "powershell", "Rscript", "julia",
                                               "lua",     "groovy",     "osascript", "python",     "python2", "python3",
                                               "esno",    "babel-node", "vite-node", "escript",    "elixir"}) ||
                           program.starts_with("python3.");
  if (interpreter) return interpreter_call(argv);
  if (program.find('/') != std::string_view::npos) return {make_call(CallKind::script, {argv[0]})};
  return named_file_call(program);
}

}  // namespace tollbar::reach
