// One function per tool whose arguments name a thing of the tree, one table for those that only name tasks.
#include "reach/tool_calls.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "reach/built_program.h"
#include "reach/call_words.h"
#include "reach/container_calls.h"
#include "reach/manifest_calls.h"
#include "reach/rails_calls.h"

namespace tollbar::reach {
namespace {

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
  if (command.ends_with(".rs")) return {make_call(CallKind::program, {command})};  // a script: `cargo -Zscript x.rs`
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

/// `bazel run //tools:send`: the build file says what that is; a script of the name mostly lies beside it.
std::vector<Call> bazel_call(const Words& argv) {
  const auto run = std::find(argv.begin(), argv.end(), "run");
  if (run == argv.end()) return {};
  const auto label = std::find_if(run + 1, argv.end(), [](const auto& word) { return !is_flag(word); });
  if (label == argv.end() || label->empty() || label->starts_with("@")) return {};
  const bool from_root = label->starts_with("//");
  const auto colon = label->find(':');
  const std::string folder =
      label->substr(from_root ? 2 : 0, colon == std::string::npos ? colon : colon - (from_root ? 2 : 0));
  const std::string name = colon == std::string::npos ? folder.substr(folder.rfind('/') + 1) : label->substr(colon + 1);
  const std::string below =
      (from_root ? std::string(1, kTreeRoot) + "/" : std::string()) + folder + (folder.empty() ? "" : "/");
  Call build = make_call(CallKind::program, {below + "BUILD.bazel", below + "BUILD"});
  build.certainty = Certainty::declared;
  build.parts = {name};
  Call script = make_call(CallKind::script, {below + name + ".sh", below + name + ".py", below + name});
  script.certainty = Certainty::inferred;
  return {build, script};
}

/// `earthly --push +release`, `earthly ./api+image`
std::vector<Call> earthly_call(const Words& argv) {
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const auto plus = argv[i].find('+');
    if (is_flag(argv[i]) || plus == std::string::npos || argv[i].find("://") != std::string::npos) continue;
    Call call = make_call(CallKind::program, {argv[i].substr(0, plus) + (plus == 0 ? "" : "/") + "Earthfile"});
    call.parts = {argv[i].substr(plus + 1)};
    return {call};
  }
  return {};
}

/// `gcloud builds submit --config=ci/build.yaml .`, `aws codebuild start-build --buildspec-override x.yml`
std::vector<Call> cloud_build_call(const Words& argv) {
  const bool google = argv[0] == "gcloud";
  const auto verb = std::find(argv.begin(), argv.end(), google ? "submit" : "start-build");
  if (verb == argv.end() || std::find(argv.begin(), argv.end(), google ? "builds" : "codebuild") == argv.end())
    return {};
  Call call = make_call(CallKind::cloud_build, {"cloudbuild.yaml", "cloudbuild.yml", "cloudbuild.json"});
  call.certainty = Certainty::declared;
  if (!google) call.files.clear();
  for (std::size_t i = 1; i < argv.size(); ++i) {
    std::string value;
    if (google && takes(argv, i, {"--tag", "-t"}, value)) {
      call.kind = CallKind::image;
      call.files = {"Dockerfile"};
    } else if (takes(argv, i, {google ? "--config" : "--buildspec-override"}, value)) {
      constexpr std::string_view scheme = "file://";
      call.certainty = Certainty::verified;
      call.files = {value.starts_with(scheme) ? value.substr(scheme.size()) : value};
    }
  }
  if (call.files.empty() || call.files.front().empty()) return {};
  return {call};
}

/// `rush build --to web`, `node common/scripts/install-run-rush.js publish`, `rushx release`
std::vector<Call> rush_call(Words argv) {
  std::string_view program = text::base_name(argv[0]);
  if (program == "node" && argv.size() > 2) {
    argv.erase(argv.begin());
    program = text::base_name(argv[0]);
  }
  const bool in_project = is_one_of(program, {"rushx", "install-run-rushx.js"});
  if (!in_project && !is_one_of(program, {"rush", "install-run-rush.js", "install-run-rush.sh"})) return {};
  Call call = make_call(CallKind::rush, {"rush.json"});
  call.certainty = Certainty::declared;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    std::string value;
    if (takes(argv, i, {"--to", "-t", "--only", "-o", "--from", "-f", "--impacted-by", "-i"}, value))
      call.workspaces.push_back(value);
    else if (!is_flag(argv[i]) && call.parts.empty())
      call.parts = {argv[i]};
  }
  if (call.parts.empty() || call.parts.front().empty()) return {};
  if (!in_project) return {call};
  call.kind = CallKind::package;
  call.files = {"package.json"};
  call.workspaces.clear();
  call.main_part = call.parts.front();
  return {call};
}

/// `mage -v release`, `mage -d tools pulp:push deb`: what follows a target may be its arguments.
std::vector<Call> mage_call(const Words& argv) {
  Call call = make_call(CallKind::mage, {"magefiles", "."});
  call.optional_file = true;
  call.certainty = Certainty::declared;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    if (is_one_of(argv[i], {"-l", "-h", "-init", "-clean", "-version", "-compile"})) return {};
    if (is_one_of(argv[i], {"-d", "-w", "-t", "-gocmd", "-goarch", "-goos", "-ldflags"})) {
      ++i;
      if (argv[i - 1] == "-d" && i < argv.size()) call.directory = argv[i];
    } else if (!is_flag(argv[i]) && !argv[i].empty()) {
      call.parts.push_back(argv[i]);
    }
  }
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
    {"nox", CallKind::python_tasks, {"noxfile.py"}},
    {"rake", CallKind::ruby_tasks, {"Rakefile", "rakefile", "Rakefile.rb"}, true},
    {"lefthook", CallKind::program, {"lefthook.yml", ".lefthook.yml", "lefthook.yaml"}},
    {"fastlane", CallKind::program, {"fastlane/Fastfile", "Fastfile"}, true},
    {"invoke", CallKind::python_tasks, {"tasks.py", "tasks/__init__.py"}, true},
    {"inv", CallKind::python_tasks, {"tasks.py", "tasks/__init__.py"}, true},
    {"fab", CallKind::python_tasks, {"fabfile.py"}, true},
    {"duty", CallKind::python_tasks, {"duties.py"}, true},
    {"gradle", CallKind::gradle, {"build.gradle.kts", "build.gradle", "settings.gradle.kts", "settings.gradle"}, true},
    {"mvn", CallKind::maven, {"pom.xml"}, true},
    {"ant", CallKind::program, {"build.xml"}, true},
    {"changeset", CallKind::program, {".changeset/config.json"}},
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
      if (maven) call.files.push_back(value + "/pom.xml");
    } else if ((gradle && takes(argv, i, {"-I", "--init-script"}, value)) ||
               (maven && takes(argv, i, {"-s", "--settings", "-gs", "--global-settings"}, value))) {
      if (!value.empty()) call.loaded.push_back(value);
    } else if (gradle && takes(argv, i, {"-x", "--exclude-task", "--tests"}, value)) {
      continue;
    } else if (maven && takes(argv, i, {"-pl", "--projects"}, value)) {
      for (auto& project : split_at_commas(value)) call.workspaces.push_back(std::move(project));
    } else if (maven && takes(argv, i, {"-P", "-T", "-rf"}, value)) {
      continue;
    } else if (maven && is_one_of(argv[i], {"-am", "--also-make", "-amd", "--also-make-dependents"})) {
      call.recursive = true;
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
    const bool nox = call.kind == CallKind::python_tasks;
    // `tox -qe lint`, `nox -rs tests`
    const bool bundled = argv[i].size() > 2 && argv[i][0] == '-' && argv[i][1] != '-' && i + 1 < argv.size() &&
                         argv[i].back() == (nox ? 's' : 'e') && argv[i].find('=') == std::string::npos;
    if (bundled) value = argv[++i];
    if (takes(argv, i, {"-c", "--conf", "--noxfile"}, value) || (nox && takes(argv, i, {"-f"}, value))) {
      call.files = {value};
    } else if (bundled || takes(argv, i, {"-e", "--env", "-s", "--session", "--sessions"}, value)) {
      for (auto& name : split_at_commas(value)) call.parts.push_back(std::move(name));
      while (nox && i + 1 < argv.size() && !is_flag(argv[i + 1])) call.parts.push_back(argv[++i]);
    }
  }
  return true;
}

std::vector<Call> named_file_call(const Words& argv) {
  std::string_view program = argv[0];
  program = program.substr(program.rfind('/') + 1);
  if (program == "gradlew" || program == "gradlew.bat") program = "gradle";
  const bool maven_wrapper = program == "mvnw" || program == "mvnw.cmd";
  if (maven_wrapper || program == "mvnd") program = "mvn";
  for (const auto& named : kNamedFiles) {
    if (named.program != program) continue;
    const auto shows = [](const std::string& word) {
      return is_one_of(word, {"-n", "--dry-run", "-T", "--tasks", "-P", "--prereqs", "-D", "--describe", "-W", "-V",
                              "--version", "-h", "--help"});
    };
    if (named.kind == CallKind::ruby_tasks && std::any_of(argv.begin() + 1, argv.end(), shows)) return {};
    Call call = make_call(named.kind, {});
    for (const auto file : named.files) {
      if (!file.empty()) call.files.emplace_back(file);
    }
    call.optional_file = true;
    call.certainty = Certainty::declared;
    if (maven_wrapper) call.main_part = "mvnw";
    if (named.kind == CallKind::program || named.tasks)
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
  if (const auto folder = folder_of_program(program); !folder.empty())
    return {make_call(CallKind::sources, {std::string(folder)})};
  if (is_one_of(program, {"docker", "podman", "buildah", "nerdctl", "buildx"})) return container_calls(argv);
  if (is_one_of(program, {"docker-compose", "podman-compose"})) return compose_call(argv, 1);
  if (is_one_of(program, {"bazel", "bazelisk"})) return bazel_call(argv);
  if (program == "earthly") return earthly_call(argv);
  if (text::base_name(program) == "rails") return rails_call(argv);
  if (is_one_of(program, {"gcloud", "aws"})) return cloud_build_call(argv);
  if (auto calls = rush_call(argv); !calls.empty()) return calls;
  if (program == "mage") return mage_call(argv);
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
  if (auto calls = manifest_calls(argv); !calls.empty()) return calls;
  return named_file_call(argv);
}

}  // namespace tollbar::reach
