// One function per family of callers; a table says which program belongs to which.
#include "reach/calls.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "reach/call_words.h"
#include "reach/tool_calls.h"

namespace tollbar::reach {
namespace {

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
    call.arguments = words_from(argv, i + 1);
    return {call};
  }
  return {};
}

std::vector<Call> source_call(const Words& argv) {
  if (argv.size() < 2 || argv[1].empty()) return {};
  Call call = make_call(CallKind::sourced, {argv[1]});
  call.arguments = words_from(argv, 2);
  return {call};
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
        call.workspaces.push_back(value);
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
    call.certainty = Certainty::inferred;
    std::vector<Call> calls{call};
    const auto named = argv[0] == "pre_commit" || argv[0] == "pre-commit" ? hooks_call(argv) : tool_calls(argv);
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
  if (program == "composer") return composer_call(argv);
  if (is_one_of(program, {"run-s", "run-p", "npm-run-all", "npm-run-all2", "concurrently"}))
    return script_runner_call(argv);
  if (program == "just") return recipe_call(argv, CallKind::just, {"justfile", "Justfile", ".justfile"});
  if (is_one_of(program, {"task", "go-task"})) {
    return recipe_call(argv, CallKind::task,
                       {"Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml", "Taskfile.dist.yml"});
  }
  if (program == "ansible-playbook") return playbook_call(argv);
  const bool interpreter = is_one_of(program, {"node",    "nodejs",     "ruby",      "perl",       "php",     "deno",
                                               "ts-node", "tsx",        "pwsh",      "powershell", "Rscript", "julia",
                                               "lua",     "groovy",     "osascript", "python",     "python2", "python3",
                                               "esno",    "babel-node", "vite-node", "escript",    "elixir"}) ||
                           program.starts_with("python3.");
  if (interpreter) return interpreter_call(argv);
  auto calls = tool_calls(argv);
  if (program.find('/') != std::string_view::npos) {
    Call call = make_call(CallKind::script, {argv[0]});
    call.arguments = words_from(argv, 1);
    calls.insert(calls.begin(), std::move(call));
  }
  return calls;
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
