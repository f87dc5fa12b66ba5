// One function per tool whose arguments name a thing of the tree, one table for those that only name tasks.
#include "reach/tool_calls.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "reach/call_words.h"

namespace tollbar::reach {
namespace {

std::vector<Call> image_call(const Words& argv) {
  const auto build = std::find_if(argv.begin() + 1, argv.end(), [](const auto& word) {
    return is_one_of(word, {"build", "bud"});
  });
  if (build == argv.end()) return {};
  if (std::any_of(argv.begin(), build, [](const auto& word) { return is_one_of(word, {"run", "exec"}); })) return {};
  Call call = make_call(CallKind::image, {});
  std::string context = ".", file;
  for (auto i = static_cast<std::size_t>(build - argv.begin()) + 1; i < argv.size(); ++i) {
    std::string ignored, target;
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

/// `docker compose -f x.yml build api`, `docker-compose push`: what builds images or runs what was built.
std::vector<Call> compose_call(const Words& argv, std::size_t from) {
  Call call =
      make_call(CallKind::compose, {"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"});
  call.certainty = Certainty::declared;
  bool builds = false, runs = false;
  for (std::size_t i = from; i < argv.size(); ++i) {
    std::string value;
    if (!builds && takes(argv, i, {"-f", "--file"}, value)) {
      call.files = {value};
      call.certainty = Certainty::verified;
    } else if (!builds && takes(argv, i, {"--project-directory"}, value)) {
      call.directory = value;
    } else if (!builds && takes(argv, i, {"-p", "--project-name", "--profile", "--env-file"}, value)) {
      continue;
    } else if (!builds && !is_flag(argv[i])) {
      if (!is_one_of(argv[i], {"build", "push", "up", "run", "create"})) return {};
      builds = true;
      runs = argv[i] == "run";
    } else if (runs && takes(argv, i,
                             {"-e", "--env", "-u", "--user", "-v", "--volume", "-w", "--workdir", "--name", "-p",
                              "--publish", "--entrypoint"},
                             value)) {
      continue;
    } else if (!is_flag(argv[i]) && !argv[i].empty()) {
      call.parts.push_back(argv[i]);
    }
  }
  if (!builds) return {};
  // Without words of its own `run` starts what the service says.
  if (runs && call.parts.size() == 1) call.main_part = call.parts.front();
  return {call};
}

/// `docker buildx bake -f docker-bake.hcl lint test`: further files add to the first.
std::vector<Call> bake_call(const Words& argv, std::size_t from) {
  Call call = make_call(CallKind::bake, {});
  for (std::size_t i = from; i < argv.size(); ++i) {
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
  if (call.files.empty()) {
    call.files = {"docker-bake.hcl", "docker-bake.json"};
    call.certainty = Certainty::declared;
  }
  return {call};
}

std::vector<Call> container_calls(const Words& argv) {
  const auto names = [&](std::string_view word) { return std::find(argv.begin() + 1, argv.end(), word); };
  if (const auto compose = names("compose"); compose != argv.end())
    return compose_call(argv, static_cast<std::size_t>(compose - argv.begin()) + 1);
  const auto bake = names("bake");
  const bool bakes = bake != argv.end() && std::all_of(argv.begin() + 1, bake, [](const auto& word) {
                       return word == "buildx" || is_flag(word);
                     });
  if (bakes) return bake_call(argv, static_cast<std::size_t>(bake - argv.begin()) + 1);
  return image_call(argv);
}

/// `go run ./tools/x`, `go run example.org/mill/cmd/x`, `go generate ./internal/api`
std::vector<Call> go_calls(const Words& argv) {
  if (argv.size() < 2 || !is_one_of(argv[1], {"run", "generate"})) return {};
  const bool generates = argv[1] == "generate";
  std::vector<Call> calls;
  std::string directory;
  for (std::size_t i = 2; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (takes(argv, i, {"-C"}, directory)) continue;
    std::string value;
    if (takes(argv, i, {"-tags", "--tags", "-ldflags", "-mod", "-modfile", "-exec", "-gcflags", "-run", "-skip"},
              value) ||
        is_flag(word))
      continue;
    if (word.empty() || word.find('@') != std::string::npos) return calls;
    const bool local = word.front() == '.' || word.front() == kTreeRoot;
    Call call = make_call(generates ? CallKind::generate : CallKind::sources, {word});
    if (word.ends_with(".go")) {
      call.kind = CallKind::program;
    } else if (!local) {
      call.kind = CallKind::module_sources;
      call.files = {"go.mod"};
      call.parts = {word};
      call.certainty = Certainty::inferred;
    }
    call.directory = directory;
    if (local || !generates) calls.push_back(std::move(call));
    if (!generates) return calls;
  }
  if (generates && calls.empty()) calls.push_back(make_call(CallKind::generate, {"."}));
  return calls;
}

/// `cargo run -p tool --bin x`, and what may be an alias of the repository: `cargo xtask dist`.
std::vector<Call> cargo_call(const Words& argv) {
  std::size_t i = 1;
  while (i < argv.size() && (argv[i].starts_with('+') || is_flag(argv[i]))) ++i;
  if (i == argv.size() || argv[i].empty()) return {};
  const std::string& command = argv[i];
  if (command != "run" && command != "r") {
    if (is_one_of(command, {"build", "b",      "check",   "c",       "test",    "t",      "bench", "doc",      "d",
                            "fmt",   "clippy", "publish", "install", "fetch",   "update", "add",   "remove",   "clean",
                            "new",   "init",   "search",  "login",   "package", "vendor", "tree",  "metadata", "fix"}))
      return {};
    Call call = make_call(CallKind::cargo_alias, {".cargo/config.toml", ".cargo/config"});
    call.parts = {command};
    call.arguments.assign(argv.begin() + static_cast<std::ptrdiff_t>(i) + 1, argv.end());
    call.optional_file = true;
    return {call};
  }
  Call call = make_call(CallKind::cargo, {"Cargo.toml"});
  call.certainty = Certainty::declared;
  std::string package;
  for (++i; i < argv.size() && argv[i] != "--"; ++i) {
    std::string value;
    if (takes(argv, i, {"-p", "--package"}, value)) {
      package = value.substr(0, value.find('@'));
    } else if (takes(argv, i, {"--bin", "--example"}, value)) {
      call.main_part = value;
    } else if (takes(argv, i, {"--manifest-path"}, value)) {
      call.files = {value};
    } else if (takes(argv, i, {"-F", "--features", "--profile", "--target", "--target-dir", "--color", "-j", "--jobs"},
                     value)) {
      continue;
    } else if (!is_flag(argv[i])) {
      break;
    }
  }
  call.parts = {package};
  return {call};
}

/// Tools that run a file they find by its name; the words of the command that are no flags are its tasks.
struct NamedFile {
  std::string_view program;
  CallKind kind;
  std::array<std::string_view, 4> files;
  bool tasks = false;
};
constexpr std::array<NamedFile, 13> kNamedFiles{{
    {"tox", CallKind::tox, {"tox.ini", "tox.toml", "setup.cfg", "pyproject.toml"}},
    {"nox", CallKind::nox, {"noxfile.py"}},
    {"rake", CallKind::program, {"Rakefile", "rakefile", "Rakefile.rb"}, true},
    {"lefthook", CallKind::program, {"lefthook.yml", ".lefthook.yml", "lefthook.yaml"}},
    {"goreleaser", CallKind::program, {".goreleaser.yml", ".goreleaser.yaml", "goreleaser.yml", "goreleaser.yaml"}},
    {"fastlane", CallKind::program, {"fastlane/Fastfile", "Fastfile"}, true},
    {"semantic-release", CallKind::program, {".releaserc", ".releaserc.json", ".releaserc.yml", "release.config.js"}},
    {"invoke", CallKind::program, {"tasks.py"}, true},
    {"inv", CallKind::program, {"tasks.py"}, true},
    {"fab", CallKind::program, {"fabfile.py"}, true},
    {"gradle", CallKind::program, {"build.gradle.kts", "build.gradle"}, true},
    {"mvn", CallKind::program, {"pom.xml"}, true},
    {"ant", CallKind::program, {"build.xml"}, true},
}};

/// Values of flags that say where the file lies, and the flags whose value is no task.
void read_tasks(const Words& argv, const NamedFile& named, Call& call) {
  for (std::size_t i = 1; i < argv.size(); ++i) {
    std::string value;
    const bool maven = named.program == "mvn", gradle = named.program == "gradle";
    if (gradle && takes(argv, i, {"-p", "--project-dir"}, value)) {
      call.directory = value;
    } else if ((maven || named.program == "ant") && takes(argv, i, {"-f", "--file", "-buildfile"}, value)) {
      call.files = {value};
    } else if (gradle && takes(argv, i, {"-x", "--exclude-task", "-I", "--init-script", "--tests"}, value)) {
      continue;
    } else if (maven && takes(argv, i, {"-pl", "--projects", "-P", "-s", "--settings", "-T", "-rf"}, value)) {
      continue;
    } else if (named.program == "rake" && takes(argv, i, {"-f", "--rakefile"}, value)) {
      call.files = {value};
    } else if (!is_flag(argv[i]) && !argv[i].empty() && argv[i].find('=') == std::string::npos && named.tasks) {
      call.parts.push_back(argv[i]);
    }
  }
}

/// `-e lint,py312`, `-s tests`: the environments or sessions that run; false where the call only prepares or lists.
bool read_sessions(const Words& argv, Call& call) {
  for (std::size_t i = 1; i < argv.size() && argv[i] != "--"; ++i) {
    std::string value;
    if (is_one_of(argv[i], {"--notest", "-n", "-l", "--list", "--listenvs", "-a", "--listenvs-all", "--showconfig",
                            "--version", "--help", "-h", "--install-only"}))
      return false;
    if (takes(argv, i, {"-c", "--conf", "--noxfile"}, value)) {
      call.files = {value};
    } else if (takes(argv, i, {"-e", "--env", "-s", "--session", "--sessions"}, value)) {
      for (auto& name : split_at_commas(value)) call.parts.push_back(std::move(name));
      while (call.kind == CallKind::nox && i + 1 < argv.size() && !is_flag(argv[i + 1]))
        call.parts.push_back(argv[++i]);
    }
  }
  return true;
}

std::vector<Call> named_file_call(const Words& argv) {
  std::string_view program = argv[0];
  program = program.substr(program.rfind('/') + 1);
  if (program == "gradlew" || program == "gradlew.bat") program = "gradle";
  if (program == "mvnw" || program == "mvnw.cmd" || program == "mvnd") program = "mvn";
  for (const auto& named : kNamedFiles) {
    if (named.program != program) continue;
    Call call = make_call(named.kind, {});
    for (const auto file : named.files) {
      if (!file.empty()) call.files.emplace_back(file);
    }
    call.optional_file = true;
    call.certainty = Certainty::declared;
    if (named.kind == CallKind::program)
      read_tasks(argv, named, call);
    else if (!read_sessions(argv, call))
      return {};
    return {call};
  }
  return {};
}

}  // namespace

std::vector<Call> tool_calls(const std::vector<std::string>& argv) {
  const std::string_view program = argv[0];
  if (is_one_of(program, {"docker", "podman", "buildah", "nerdctl", "buildx"})) return container_calls(argv);
  if (is_one_of(program, {"docker-compose", "podman-compose"})) return compose_call(argv, 1);
  if (program == "go") return go_calls(argv);
  if (program == "cargo") return cargo_call(argv);
  // `go run example.org/mill/cmd/x` is brought down to the path that names the program.
  const auto host = program.substr(0, program.find('/'));
  if (host.size() < program.size() && host.find('.') != std::string_view::npos && host.front() != '.' &&
      host.front() != kTreeRoot && program.find('@') == std::string_view::npos) {
    Call call = make_call(CallKind::module_sources, {"go.mod"});
    call.parts = {argv[0]};
    call.certainty = Certainty::inferred;
    call.optional_file = true;
    return {call};
  }
  return named_file_call(argv);
}

}  // namespace tollbar::reach
