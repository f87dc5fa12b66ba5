// What an earlier tree ran is taken over exactly where it runs again.
#include "reach/execution_cache.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "fixture.h"
#include "reach/footprint.h"

using namespace tollbar;
using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

/// For each pipeline `same` or `other`, after `first` was asked for and `second` is.
std::string reused(const Files& first, const Files& second) {
  ExecutionCache cache;
  pipeline::DocumentCache documents;
  ScriptCache scripts;
  util::Profile profile;
  auto before = tree_of(first), after = tree_of(second);
  const auto one = cache.of(before, shipped(), documents, scripts, profile);
  const auto two = cache.of(after, shipped(), documents, scripts, profile);
  std::string result;
  for (const auto& pipeline : two->pipelines) {
    bool same = false;
    for (const auto& old : one->pipelines) same = same || old == pipeline;
    result += same ? "same " : "other ";
  }
  const auto deltas = model::diff(before, after);
  CHECK(touched_by(deltas, *one, before, after, scripts) == (result.find("other") != std::string::npos));
  CHECK(touched_by(deltas, *two, before, after, scripts) == (result.find("other") != std::string::npos));
  return result;
}

const std::string package = R"({
  "name": "x",
  "version": "1.0.0",
  "scripts": {
    "test": "jest"
  },
  "dependencies": {
    "a": "1.0.0"
  }
}
)";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("files that nothing looks at change nothing, looked-at ones do") {
  const Files base{{kCi, workflow(steps({"./t.sh"}))}, {"t.sh", "pytest\n"}, {"src/a.py", "1"}};
  const auto with = [&](const std::string& path, const std::string& text) {
    Files files = base;
    files[path] = text;
    return files;
  };
  CHECK(reused(base, with("src/a.py", "2")) == "same ");
  CHECK(reused(base, with("t.sh", "true\n")) == "other ");
  CHECK(reused(base, with(kCi, workflow(steps({"./t.sh", "true"})))) == "other ");
}

TEST_CASE("a pipeline is followed anew only where it is touched itself") {
  const std::string other = ".github/workflows/other.yml";
  const Files base{{kCi, workflow(steps({"pytest"}))}, {other, workflow(steps({"./t.sh"}))}, {"t.sh", "tox\n"}};
  Files script = base;
  script["t.sh"] = "true\n";
  CHECK(reused(base, script) == "same other ");
  // A workflow that others begin to call is looked at with other eyes.
  Files called = base;
  called[kCi] = "on: pull_request\njobs:\n  a:\n    uses: ./.github/workflows/other.yml\n";
  CHECK(reused(base, called) == "other other ");
}

TEST_CASE("of a package.json what scripts cannot run does not count, line numbers do") {
  const auto ci = workflow(steps({"npm test"}));
  const auto compared = [&](const std::string& text) {
    return reused({{kCi, ci}, {"package.json", package}}, {{kCi, ci}, {"package.json", text}});
  };
  CHECK(compared(replaced(package, "\"a\": \"1.0.0\"", "\"a\": \"2.0.0\"")) == "same ");
  CHECK(compared(replaced(package, "\"version\": \"1.0.0\"", "\"version\": \"1.1.0\"")) == "same ");
  CHECK(compared(replaced(package, "jest", "true")) == "other ");
  CHECK(compared(replaced(package, "  \"version\": \"1.0.0\",\n", "")) == "other ");
  CHECK(compared(replaced(package, "\"1.0.0\",\n  \"scripts\": {", "\"1.0.0\", \"scripts\": {")) == "other ");
  CHECK(compared(replaced(package, "{\n  \"name\"", "{ {\n  \"name\"")) == "other ");
}

TEST_CASE("of a workspace its packages count, of turbo the tasks of the root") {
  const Files base{{kCi, workflow(steps({"turbo test"}))},
                   {"package.json", R"({"scripts": {"test": "jest", "lint": "eslint"}})"},
                   {"pnpm-workspace.yaml", "packages: [a]\ncatalog: {react: 1}\n"},
                   {"turbo.json", R"({"tasks": {"test": {"cache": true}}})"},
                   {"a/package.json", R"({"scripts": {"test": "jest"}})"},
                   {"b/package.json", R"({"scripts": {"test": "tox"}})"}};
  const auto with = [&](const std::string& path, const std::string& text) {
    Files files = base;
    files[path] = text;
    return reused(base, files);
  };
  CHECK(with("pnpm-workspace.yaml", "packages: [a]\ncatalog: {react: 2}\n") == "same ");
  CHECK(with("pnpm-workspace.yaml", "packages: [a, b]\ncatalog: {react: 1}\n") == "other ");
  CHECK(with("pnpm-workspace.yaml", "catalog: {react: 1}\n") == "other ");
  CHECK(with("turbo.json", R"({"tasks": {"test": {"cache": false}, "lint": {}}})") == "same ");
  CHECK(with("turbo.json", R"({"tasks": {"test": {}, "//#test": {}}})") == "other ");
  CHECK(with("turbo.json", R"({"tasks": {"test": {},)") == "other ");
}

TEST_CASE("what the tables say is asked of the knowledge at hand") {
  auto tree = tree_of({{kCi, workflow(steps({"pytest"}))}});
  ExecutionCache cache;
  pipeline::DocumentCache documents;
  ScriptCache scripts;
  util::Profile profile;
  const auto execution = cache.of(tree, shipped(), documents, scripts, profile);
  Knowledge other = shipped();
  other.required_checks = {"lint"};
  other.check_tools.clear();
  other.index_tools();
  const auto known_tools = [&](const Knowledge& knowledge) {
    const auto checks = cache.inventory(execution, knowledge);
    return std::count_if(checks->begin(), checks->end(), [](const Check& check) { return check.known_tool; });
  };
  CHECK(known_tools(shipped()) == 1);
  CHECK(known_tools(other) == 0);
}

TEST_CASE("a folder that was looked through counts by its entries") {
  const std::string manifest = R"({"workspaces": ["packages/*"], "scripts": {"test": "npm run t --workspaces"}})";
  const Files base{{kCi, workflow(steps({"npm test"}))},
                   {"package.json", manifest},
                   {"packages/a/package.json", R"({"scripts": {"t": "jest"}})"},
                   {"packages/a/index.js", "1"}};
  Files more = base;
  more["packages/a/more.js"] = "2";
  CHECK(reused(base, more) == "same ");
  more["packages/b/package.json"] = R"({"scripts": {"t": "true"}})";
  CHECK(reused(base, more) == "other ");
}

TEST_CASE("files that an include may yet take in count") {
  const Files wildcard{{".gitlab-ci.yml", "include: [{local: '/ci/*.yml'}]\nt:\n  script: [pytest]\n"}};
  Files more = wildcard;
  more["ci/scan.yml"] = "scan:\n  script: [gosec ./...]\n";
  CHECK(reused(wildcard, more) == "other ");
  CHECK(reused(more, wildcard) == "other ");
  Files elsewhere = wildcard;
  elsewhere["docs/scan.yml"] = "scan:\n  script: [gosec ./...]\n";
  CHECK(reused(wildcard, elsewhere) == "same ");
  const Files named{{".gitlab-ci.yml", "include: [{local: ci/scan.yml}]\nt:\n  script: [pytest]\n"}};
  Files there = named;
  there["ci/scan.yml"] = "scan:\n  script: [gosec ./...]\n";
  CHECK(reused(named, there) == "other ");
}

TEST_CASE("files that a Jenkinsfile or a template may yet find count") {
  const Files bare{{"Jenkinsfile", "node { stage('t') { check() } }\n"}};
  Files library = bare;
  library["vars/check.groovy"] = "def call() { sh 'pytest' }\n";
  CHECK(reused(bare, library) == "other ");
  Files others = bare;
  others["vars/other.groovy"] = "def call() { sh 'tox' }\n";
  CHECK(reused(others, library) == "other ");
  CHECK(reused(library, others) == "other ");
  const Files loading{{"Jenkinsfile", "node { def x = load 'ci/x.groovy'\n x.run() }\n"}};
  Files loaded = loading;
  loaded["ci/x.groovy"] = "def run() { sh 'pytest' }\nreturn this\n";
  CHECK(reused(loading, loaded) == "other ");
  const Files uploading{
      {".buildkite/pipeline.yml", "steps:\n- command: buildkite-agent pipeline upload ci/more.yml\n"}};
  Files uploaded = uploading;
  uploaded["ci/more.yml"] = "steps:\n- command: pytest\n";
  CHECK(reused(uploading, uploaded) == "other ");
  Files others_uploaded = uploading;
  others_uploaded["ci/more.yml"] = "steps:\n- command: tox\n";
  CHECK(reused(uploaded, others_uploaded) == "other ");
  const Files azure{{"azure-pipelines.yml", "pr: [main]\nsteps:\n- template: ci/t.yml\n"}};
  Files there = azure;
  there["ci/t.yml"] = "steps:\n- script: pytest\n";
  CHECK(reused(azure, there) == "other ");
}

TEST_CASE("of a build file that is followed further the line counts that its tool obeys") {
  const auto gradle = [](const std::string& more) {
    return Files{{kCi, workflow(steps({"./gradlew check"}))},
                 {"gradlew", ""},
                 {"build.gradle.kts", "plugins { java }\n" + more},
                 {"settings.gradle.kts", "include(\"a\")\n"}};
  };
  CHECK(reused(gradle(""), gradle("tasks.test { ignoreFailures = true }\n")) == "other ");
}

TEST_CASE("of a Cargo.toml its programs count, wherever its tables of dependencies stand") {
  const std::string manifest =
      "[package]\nname = \"x\"\n\n[dependencies]\na = \"1\"\n\n[[bin]]\nname = \"send\"\npath = \"send.rs\"\n";
  const Files base{{kCi, workflow(steps({"cargo run"}))}, {"Cargo.toml", manifest}, {"send.rs", "fn main() {}"}};
  const auto with = [&](const std::string& what, const std::string& by) {
    Files files = base;
    files["Cargo.toml"] = replaced(manifest, what, by);
    return reused(base, files);
  };
  CHECK(with("a = \"1\"", "a = { version = \"2\", features = [\"b\"] }\n\n[dev-dependencies]\nc = \"1\"") == "same ");
  CHECK(with("path = \"send.rs\"", "path = \"other.rs\"") == "other ");
  CHECK(with("name = \"x\"", "name = \"x\"\ndescription = \"\"\"\n[dependencies]\n\"\"\"\ndefault-run = \"y\"") ==
        "other ");
}

TEST_CASE("of a file that a tool obeys the line counts that switches a check off") {
  const Files base{{kCi, workflow(steps({"pytest"}))}, {"pytest.ini", "[pytest]\naddopts = -q\n"}};
  const auto with = [&](const std::string& text) {
    Files files = base;
    files["pytest.ini"] = text;
    return reused(base, files);
  };
  CHECK(with("[pytest]\naddopts = -v\n") == "same ");
  CHECK(with("[pytest]\naddopts = --collect-only\n") == "other ");
  Files without = base;
  without.erase("pytest.ini");
  CHECK(reused(base, without) == "same ");
}
