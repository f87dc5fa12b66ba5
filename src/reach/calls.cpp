// One function per family of callers; a table says which program belongs to which.
#include "reach/calls.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "reach/call_words.h"
#include "reach/interpreter_calls.h"
#include "reach/tool_calls.h"

namespace tollbar::reach {
namespace {

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
      call.environment_first |= word == "-e";
      if (word.find('n') != std::string::npos || word == "-q" || word == "-t") return {};
    } else if (is_one_of(word, {"--dry-run", "--just-print", "--recon", "--question", "--touch"})) {
      return {};
    } else if (word.empty()) {
      unknown = true;  // a variable for make, more often than a target
      call.arguments.push_back(word);
    } else if (!is_flag(word)) {
      (word.find('=') == std::string::npos ? call.parts : call.arguments).push_back(word);
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
    } else if (kind == CallKind::just && call.parts.empty() && word.find('/') != std::string::npos && !is_flag(word) &&
               word.find('=') == std::string::npos) {
      call.directory = word.substr(0, word.rfind('/'));  // `just sub/release`
      call.parts.push_back(word.substr(word.rfind('/') + 1));
      call.arguments = words_from(argv, i + 1);
      break;
    } else if (word == "--") {
      break;
    } else if (!is_flag(word)) {
      const bool variable = word.find('=') != std::string::npos;
      (variable ? call.arguments : call.parts).push_back(word);
      if (variable || kind != CallKind::just) continue;
      call.arguments = words_from(argv, i + 1);
      break;  // the recipe's arguments, or a recipe of the module that was named
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

/// The word of `npm publish ./packages/core` that says where; npos where none does.
std::size_t published_folder(const Words& argv) {
  for (std::size_t i = 2; i < argv.size(); ++i) {
    if (is_one_of(argv[i], {"--tag", "--registry", "--access", "--otp", "-w", "--workspace", "--filter"})) {
      ++i;
    } else if (!is_flag(argv[i])) {
      return argv[i].empty() || argv[i].ends_with(".tgz") ? std::string::npos : i;
    }
  }
  return std::string::npos;
}

/// `bun tools/send.ts`, `bun run x.ts`: a file, not a script of the package.
bool is_source(std::string_view word) {
  return word.find('/') != std::string_view::npos || word.ends_with(".ts") || word.ends_with(".js") ||
         word.ends_with(".mjs") || word.ends_with(".tsx");
}

std::vector<Call> package_call(const Words& argv) {
  if (argv[0] == "bun") {
    const auto word =
        std::find_if(argv.begin() + 1, argv.end(), [](const auto& one) { return !is_flag(one) && one != "run"; });
    const bool first = word != argv.end() && ((word - 1)->starts_with("bun") || *(word - 1) == "run");
    if (first && !word->starts_with("@") && is_source(*word)) return {make_call(CallKind::program, {*word})};
  }
  Call call = make_call(CallKind::package, {"package.json"});
  std::string value;
  std::size_t i = 1;
  const auto skip_flags = [&] {
    for (; i < argv.size() && (is_flag(argv[i]) || argv[i].empty()); ++i) {
      call.recursive |= is_one_of(argv[i], {"-r", "--recursive", "--workspaces", "-ws"});
      if (takes(argv, i, {"--prefix", "-C", "--cwd", "--dir"}, value)) {
        call.directory = value;
      } else if (argv[0] == "pnpm" && is_one_of(argv[i], {"-w", "--workspace-root"})) {
        continue;
      } else if (takes(argv, i, {"-w", "--workspace", "--filter", "-F", "--include", "--from"}, value)) {
        call.workspaces.push_back(value);
      } else if (takes(argv, i, {"--exclude", "--reporter", "--workspace-concurrency", "--loglevel"}, value)) {
        continue;
      }
    }
  };
  skip_flags();
  if (argv[0] == "pnpm" && i < argv.size() && is_one_of(argv[i], {"recursive", "multi", "m"})) {
    call.recursive = true;
    ++i;
    skip_flags();
  }
  if (i < argv.size() && argv[i] == "workspace" && i + 1 < argv.size()) {
    call.workspaces.push_back(argv[i + 1]);
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
      call.workspaces.push_back(value);
    } else if (argv[0] == "pnpm" && takes(argv, i, {"--filter", "-F"}, value)) {
      call.workspaces.push_back(value);
      for (std::size_t at = first; at <= i && at < argv.size(); ++at) call.late_words.push_back(argv[at]);
    } else if (hands_all_on) {
      call.arguments.push_back(argv[first]);
    }
  }
  for (++i; i < argv.size(); ++i) call.arguments.push_back(argv[i]);
  if (call.parts.empty()) return {};
  // What is published may lie elsewhere: `npm publish ./packages/core`.
  const bool packs = call.main_part == "publish" || call.main_part == "pack";
  const std::size_t folder = packs ? published_folder(argv) : std::string::npos;
  if (call.directory.empty() && folder != std::string::npos) call.directory = argv[folder];
  return {call};
}

/// `composer run stan`, `composer test`.
std::vector<Call> composer_call(const Words& argv) {
  Call call = make_call(CallKind::package, {"composer.json"});
  std::size_t i = 1;
  for (; i < argv.size() && is_flag(argv[i]); ++i) takes(argv, i, {"-d", "--working-dir"}, call.directory);
  const bool runs = i < argv.size() && is_one_of(argv[i], {"run", "run-script"});
  if (runs) ++i;
  for (; i < argv.size() && is_flag(argv[i]); ++i) takes(argv, i, {"-d", "--working-dir"}, call.directory);
  if (i == argv.size() || argv[i].empty()) return {};
  const bool own =
      is_one_of(argv[i], {"install", "update", "require", "remove", "validate", "audit", "outdated", "show",
                          "dump-autoload", "dumpautoload", "config", "exec", "global", "create-project", "diagnose",
                          "check-platform-reqs", "self-update", "clear-cache", "licenses"});
  if (own && !runs) return {};
  call.parts = {argv[i]};
  call.main_part = argv[i];
  call.optional_file = true;
  for (++i; i < argv.size(); ++i) {
    if (argv[i] != "--") call.arguments.push_back(argv[i]);
  }
  return {call};
}

/// `run-s lint test:*`.
std::vector<Call> script_runner_call(const Words& argv) {
  Call call = make_call(CallKind::package, {"package.json"});
  for (std::size_t i = 1; i < argv.size(); ++i) {
    if (!is_flag(argv[i])) call.parts.push_back(argv[i].substr(0, argv[i].find(' ')));
  }
  if (call.parts.empty()) return {};
  return {call};
}

/// `run-script-os` runs `test:linux`, `test:win32` or `test:default` for the script `test` that holds it.
std::vector<Call> script_of_the_system() {
  Call call = make_call(CallKind::package, {"package.json"});
  call.optional_file = true;
  call.parts.push_back(std::string(kOwnScript) +
                       ":{default,nix,linux,macos,darwin,windows,win32,freebsd,openbsd,sunos,aix}");
  return {call};
}

/// `turbo run build test --filter=web`, `lerna run send --scope web`, `nx run-many -t send`, `nx run web:send`: scripts
/// of the packages of a workspace.
std::vector<Call> workspace_runner_call(const Words& argv) {
  Call call = make_call(CallKind::package, {"package.json"});
  call.recursive = true;
  call.optional_file = true;
  call.certainty = Certainty::inferred;
  const bool nx = argv[0] == "nx";
  bool is_run = false;
  Words names;
  for (std::size_t i = 1; i < argv.size() && argv[i] != "--"; ++i) {
    std::string value;
    if (takes(argv, i, {"--filter", "--scope", "-F", "-p", "--projects", "--project"}, value)) {
      for (auto& selector : split_at_commas(value)) call.workspaces.push_back(std::move(selector));
    } else if (takes(argv, i, {"--exclude", "--ignore"}, value)) {
      for (const auto& selector : split_at_commas(value)) call.workspaces.push_back("!" + selector);
    } else if (nx && takes(argv, i, {"-t", "--target", "--targets"}, value)) {
      for (auto& name : split_at_commas(value)) names.push_back(std::move(name));
    } else if (is_one_of(argv[i], {"run", "run-many", "affected"})) {
      is_run = true;
    } else if (!is_flag(argv[i]) && !argv[i].empty()) {
      names.push_back(argv[i]);
    }
  }
  if (argv[0] == "lerna" && !is_run) return {};
  for (const auto& name : names) {
    const auto mark = name.find_first_of("#:");
    const bool of_nx = nx && mark != std::string::npos;                    // `web:send`
    const bool of_turbo = mark != std::string::npos && name[mark] == '#';  // `web#send`
    if (of_nx || of_turbo) call.workspaces.push_back(name.substr(0, mark));
    add_script(call, of_nx || of_turbo ? name.substr(mark + 1) : name);
  }
  if (call.parts.empty()) return {};
  if (!nx) return {call};
  Call targets = call;
  targets.kind = CallKind::nx;
  targets.files = {"nx.json"};
  targets.recursive = false;
  std::erase_if(targets.workspaces, [](const std::string& selector) { return selector.starts_with('!'); });
  targets.certainty = Certainty::declared;
  return {call, targets};
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

}  // namespace

std::vector<Call> calls_of(const std::vector<std::string>& argv, bool by_module) {
  if (argv.empty() || argv[0].empty()) return {};
  if (by_module) {
    std::string path = argv[0];
    std::replace(path.begin(), path.end(), '.', '/');
    Call call = make_call(CallKind::program,
                          {path + ".py", path + "/__main__.py", "src/" + path + ".py", "src/" + path + "/__main__.py"});
    call.optional_file = true;
    call.certainty = Certainty::inferred;
    std::vector<Call> calls{call};
    const auto named = argv[0] == "pre_commit" || argv[0] == "pre-commit" ? hooks_call(argv) : tool_calls(argv);
    calls.insert(calls.end(), named.begin(), named.end());
    return calls;
  }
  const std::string_view program = argv[0];
  if (is_one_of(program, {"pre-commit", "prek"})) return hooks_call(argv);
  if (is_shell_program(program)) return shell_call(argv);
  if (is_one_of(program, {"source", "."})) return source_call(argv);
  if (is_one_of(program, {"make", "gmake", "mingw32-make", "remake", "$(MAKE)", "${MAKE}", "$MAKE"}))
    return make_targets(argv);
  if (is_one_of(program, {"npm", "pnpm", "yarn", "bun"})) return package_call(argv);
  if (is_one_of(program, {"turbo", "lerna", "nx", "lage"})) return workspace_runner_call(argv);
  if (program == "composer") return composer_call(argv);
  if (is_one_of(program, {"run-script-os", "run-os"})) return script_of_the_system();
  if (is_one_of(program, {"run-s", "run-p", "npm-run-all", "npm-run-all2"})) return script_runner_call(argv);
  if (program == "just") return recipe_call(argv, CallKind::just, {"justfile", "Justfile", ".justfile"});
  if (is_one_of(program, {"task", "go-task"})) {
    return recipe_call(argv, CallKind::task,
                       {"Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml", "Taskfile.dist.yml"});
  }
  if (auto calls = interpreter_call(argv)) {
    const bool starts_tool =
        program == "node" && argv.size() > 1 && text::base_name(argv[1]).starts_with("install-run-");
    const auto more = starts_tool ? tool_calls(argv) : std::vector<Call>();
    calls->insert(calls->end(), more.begin(), more.end());
    return *calls;
  }
  auto calls = tool_calls(argv);
  if (program.find('/') != std::string_view::npos) {
    Call call = make_call(CallKind::script, {argv[0]});
    call.arguments = words_from(argv, 1);
    calls.insert(calls.begin(), std::move(call));
  }
  return calls;
}

std::optional<Call> package_exec(const std::vector<std::string>& argv) {
  if (argv.size() < 3 || !is_one_of(argv[0], {"pnpm", "npm", "yarn", "lerna"})) return std::nullopt;
  Call call = make_call(CallKind::package, {"package.json"});
  bool several = argv[0] == "lerna";
  for (std::size_t i = 1; i < argv.size(); ++i) {
    std::string value;
    if (argv[0] == "pnpm" && argv[i] == "-w") continue;  // in the root
    if (argv[i] == "exec") {
      for (++i; i < argv.size() && (is_flag(argv[i]) || argv[i].empty()); ++i) {
        const bool selects = takes(argv, i, {"-w", "--workspace", "--scope"}, value);
        if (selects) call.workspaces.push_back(value);
        several |= selects || is_one_of(argv[i], {"--workspaces", "-ws"});
      }
      call.arguments = words_from(argv, std::min(i, argv.size()));
      return several && !call.arguments.empty() ? std::optional(std::move(call)) : std::nullopt;
    }
    const bool selects = argv[i] == "workspace"
                             ? takes(argv, i, {"workspace"}, value)
                             : takes(argv, i, {"-w", "--workspace", "--filter", "-F", "--scope"}, value);
    if (selects) call.workspaces.push_back(value);
    several |= selects || is_one_of(argv[i], {"-r", "--recursive", "--workspaces", "-ws", "workspaces"});
    const bool goes_on = selects || is_flag(argv[i]) || is_one_of(argv[i], {"workspaces", "foreach", "recursive"});
    if (!goes_on) return std::nullopt;
  }
  return std::nullopt;
}

std::string handed_on(const Call& call, std::uint32_t line) {
  std::string key;
  bool is_unknown = false;
  for (const auto* words : {&call.arguments, &call.late_words}) {
    for (const auto& word : *words) {
      key.append("\n").append(word);
      is_unknown |= word.empty();
    }
  }
  return is_unknown ? key + std::to_string(line) : key;
}

}  // namespace tollbar::reach
