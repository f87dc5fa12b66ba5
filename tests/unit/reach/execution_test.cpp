// What jobs run, through the files of the tree.
#include <doctest/doctest.h>

#include <algorithm>

#include "fixture.h"
#include "reach/calls.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

/// `path: command` of every command that is not a call of something followed.
std::vector<std::string> commands(const Files& files) {
  std::vector<std::string> result;
  const Run ran = run(files);
  for (const auto* step : steps_of(ran.execution)) {
    for (const auto& executed : step->commands) {
      if (!executed.followed && !executed.command->argv.empty())
        result.push_back(executed.path + ": " + executed.command->text());
    }
  }
  return result;
}

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::vector<std::string> files_of(const Files& files) {
  std::vector<std::string> result;
  const Run ran = run(files);
  for (const auto& file : executed_files(ran.execution))
    result.push_back(file.path + (file.part.empty() ? "" : ": " + file.part));
  return result;
}

}  // namespace

TEST_CASE("paths in normal form") {
  CHECK(join_path("", "./a/b") == "a/b");
  CHECK(join_path("a/b", "../c") == "a/c");
  CHECK(join_path("a", "..") == ".");
  CHECK(join_path("", "../x") == "");
  CHECK(join_path("a", "/etc/passwd") == "");
  CHECK(join_path("a", std::string(1, kTreeRoot) + "/s/x.sh") == "s/x.sh");
}

TEST_CASE("scripts are followed through directories and variables") {
  const Files files{
      {kCi, workflow(steps({"cd sub\n./build.sh", "DIR=tools\nbash $DIR/x.sh", ". lib/env.sh\nlint_all"}))},
      {"sub/build.sh", "#!/bin/sh\nset -e\n\"$(dirname \"$0\")/inner.sh\"\n"},
      {"sub/inner.sh", "#!/bin/bash\nmake -C .. all\n"},
      {"Makefile", "all: prep\n\tgo build ./...\nprep:\n\techo prep\n"},
      {"tools/x.sh", "pytest\n"},
      {"lib/env.sh", "lint_all() {\n  eslint .\n}\n"}};
  const auto seen = commands(files);
  CHECK(has(seen, "Makefile: go build ./..."));
  CHECK(has(seen, "Makefile: echo prep"));
  CHECK(has(seen, "tools/x.sh: pytest"));
  CHECK(has(seen, "lib/env.sh: eslint ."));
}

TEST_CASE("the directory of a step may be told by variables and inputs") {
  const auto there = [](const std::string& extra, const std::string& directory) {
    return commands({{kCi, "on: push\nenv: {DIR: infra}\njobs:\n  a:\n    runs-on: u\n" + extra +
                               "    steps:\n      - run: make send\n        working-directory: " + directory + "\n"},
                     {"infra/Makefile", "send:\n\tcd web && ./a.sh\n"},
                     {"infra/web/Makefile", "send:\n\t./b.sh\n"}});
  };
  CHECK(has(there("", "${{ env.DIR }}"), "infra/Makefile: ./a.sh"));
  CHECK(has(there("    env: {SUB: web}\n", "./${{ env.DIR }}/${{ env.SUB }}"), "infra/web/Makefile: ./b.sh"));
  CHECK(has(there("", "${{ github.workspace }}/infra"), "infra/Makefile: ./a.sh"));
  CHECK(has(there("    strategy: {matrix: {d: [infra/web]}}\n", "${{ matrix.d }}"), "infra/web/Makefile: ./b.sh"));
  CHECK_FALSE(has(there("", "${{ env.OTHER }}"), "infra/Makefile: ./a.sh"));
  const Files composite{
      {kCi, "on: push\njobs:\n  a:\n    runs-on: u\n    steps:\n      - uses: ./act\n        with: {dir: infra}\n"},
      {"act/action.yml",
       "inputs: {dir: {default: other}}\nruns:\n  using: composite\n  steps:\n    - run: make send\n"
       "      shell: bash\n      working-directory: ${{ inputs.dir }}\n"},
      {"infra/Makefile", "send:\n\t./a.sh\n"}};
  CHECK(has(commands(composite), "infra/Makefile: ./a.sh"));
}

TEST_CASE("the chain names every file on the way") {
  const Run ran = run({{kCi, workflow(steps({"make ship"}))},
                       {"Makefile", "ship:\n\tscripts/ship.sh\n"},
                       {"scripts/ship.sh", "npm publish\n"}});
  const auto files = executed_files(ran.execution);
  REQUIRE(files.size() == 2);
  CHECK(files[1].path == "scripts/ship.sh");
  REQUIRE(files[1].chain.size() == 2);
  CHECK(files[1].chain[0].path == "Makefile");
  CHECK(files[1].chain[0].part == "ship");
  CHECK(files[1].step->job->id == "test");
}

TEST_CASE("package scripts with pre, post and install hooks") {
  const Files files{
      {kCi, workflow(steps({"npm ci", "npm test", "yarn --cwd web lint"}))},
      {"package.json",
       R"({"scripts": {"pretest": "tsc", "test": "jest", "postinstall": "node fetch.js", "other": "x"}})"},
      {"web/package.json", R"({"scripts": {"lint": "eslint ."}})"},
      {"fetch.js", ""}};
  const auto seen = commands(files);
  CHECK(has(seen, "package.json: tsc"));
  CHECK(has(seen, "package.json: jest"));
  CHECK(has(seen, "web/package.json: eslint ."));
  CHECK_FALSE(has(seen, "package.json: x"));
  CHECK(has(files_of(files), "fetch.js"));
}

TEST_CASE("tasks, recipes, images and programs") {
  const Files files{
      {kCi, workflow(steps({"task lint", "just check", "docker build -f docker/Dockerfile .", "python tools/gen.py",
                            "go run ./cmd/gen"}))},
      {"Taskfile.yml",
       "tasks:\n  lint:\n    deps: [types]\n    cmds:\n      - ruff check .\n  types:\n    cmds: [mypy .]\n"},
      {"justfile", "check arg='x': deps\n    cargo test\ndeps:\n    echo deps\n"},
      {"docker/Dockerfile", "FROM x\nRUN cargo build\n"},
      {"tools/gen.py", "import os\n"},
      {"cmd/gen/main.go", "package main\n"},
      {"cmd/gen/main_test.go", "package main\n"}};
  const auto seen = commands(files);
  CHECK(has(seen, "Taskfile.yml: ruff check ."));
  CHECK(has(seen, "Taskfile.yml: mypy ."));
  CHECK(has(seen, "justfile: cargo test"));
  CHECK(has(seen, "docker/Dockerfile: cargo build"));
  const auto executed = files_of(files);
  CHECK(has(executed, "tools/gen.py"));
  CHECK(has(executed, "cmd/gen/main.go"));
  CHECK_FALSE(has(executed, "cmd/gen/main_test.go"));
}

TEST_CASE("of an image only the stages run that its target is made from") {
  const std::string dockerfile =
      "FROM alpine:${VERSION:-3} AS base\nRUN apk add git\nFROM base AS lint\nRUN golangci-lint run\nFROM lint AS "
      "unit\nRUN go test "
      "./...\n"
      "FROM scratch AS report\nCOPY --from=unit /out /\nFROM base\nRUN --mount=type=bind,from=lint go build\n";
  const auto built = [&](const std::string& command, const std::string& file) {
    return commands({{kCi, workflow(steps({command}))}, {"Dockerfile", file}});
  };
  auto seen = built("docker build --target Lint .", dockerfile);
  CHECK(has(seen, "Dockerfile: apk add git"));
  CHECK(has(seen, "Dockerfile: golangci-lint run"));
  CHECK_FALSE(has(seen, "Dockerfile: go test ./..."));
  seen = built("docker buildx build . --target=report", dockerfile);
  CHECK(has(seen, "Dockerfile: go test ./..."));
  CHECK_FALSE(has(seen, "Dockerfile: go build"));
  seen = built("docker build --target 4 .", dockerfile);
  CHECK(has(seen, "Dockerfile: golangci-lint run"));
  CHECK_FALSE(has(seen, "Dockerfile: go test ./..."));
  for (const std::string command :
       {"docker build .", "docker build --target $STAGE .", "docker build --target none ."}) {
    CAPTURE(command);
    CHECK(has(built(command, dockerfile), "Dockerfile: go test ./..."));
  }
  CHECK(has(built("docker build --target end .",
                  "FROM a AS unit\nRUN go test ./...\nARG OF=unit\nFROM $OF AS end\nRUN go build\n"),
            "Dockerfile: go test ./..."));
}

TEST_CASE("bake files lead to the stages of their targets") {
  const Files files{
      {"docker-bake.hcl",
       "variable \"V\" { default = \"1\" }\ngroup \"default\" { targets = [\"binary\"] }\n"
       "group \"validate\" { targets = [\"lint\", \"unit\"] }\ntarget \"_common\" { context = \"image\" }\n"
       "target \"lint\" {\n  inherits = [\"_common\"]\n  target = \"lint\"\n}\n"
       "target \"unit\" {\n  inherits = [\"lint\"]\n  target = \"unit\"\n}\n"
       "target \"binary\" {\n  inherits = [\"_common\"]\n  target = \"binary\"\n}\n"},
      {"image/Dockerfile",
       "FROM x AS base\nFROM base AS lint\nRUN eslint .\nFROM base AS unit\nRUN go test ./...\nFROM base AS "
       "binary\nRUN go "
       "build\n"},
      {"Makefile",
       "ifneq (, $(BUILDX_BIN))\n  export BUILDX = $(BUILDX_BIN)\nelse ifneq (, $(shell docker buildx version))\n"
       "  export BUILDX = docker buildx\nelse\n  export BUILDX = $(which buildx)\nendif\nlint:\n\t$(BUILDX) bake "
       "lint\n"}};
  const auto baked = [&](const std::string& step) {
    Files all = files;
    all[kCi] = workflow(step);
    return commands(all);
  };
  for (const std::string command :
       {"docker buildx bake lint", "make lint", "docker buildx bake -f docker-bake.hcl --set '*.x=y' lint"}) {
    CAPTURE(command);
    const auto seen = baked(steps({command}));
    CHECK(has(seen, "image/Dockerfile: eslint ."));
    CHECK_FALSE(has(seen, "image/Dockerfile: go test ./..."));
  }
  auto seen = baked("      - uses: docker/bake-action@v2\n        with:\n          targets: |\n            validate\n");
  CHECK(has(seen, "image/Dockerfile: eslint ."));
  CHECK(has(seen, "image/Dockerfile: go test ./..."));
  CHECK_FALSE(has(seen, "image/Dockerfile: go build"));
  seen = baked(steps({"docker buildx bake"}));
  CHECK(has(seen, "image/Dockerfile: go build"));
  CHECK_FALSE(has(seen, "image/Dockerfile: eslint ."));
  CHECK_FALSE(has(baked(steps({"docker buildx bake --print lint"})), "image/Dockerfile: eslint ."));
}

TEST_CASE("compiled and tested files are not executed") {
  const auto executed = files_of(
      {{kCi, workflow(steps({"pytest tests/x.py", "gcc main.c", "shellcheck run.sh", "cat run.sh", "make -n all"}))},
       {"tests/x.py", ""},
       {"main.c", ""},
       {"run.sh", ""},
       {"Makefile", "all:\n\tpytest\n"}});
  CHECK(executed.empty());
}

TEST_CASE("composite actions and reusable workflows") {
  const Files files{{kCi, "on: pull_request\njobs:\n  all:\n    uses: ./.github/workflows/called.yml\n"},
                    {".github/workflows/called.yml",
                     "on: workflow_call\njobs:\n  unit:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: "
                     "./.github/actions/t\n"},
                    {".github/actions/t/action.yml",
                     "name: t\nruns:\n  using: composite\n  steps:\n    - run: pytest\n      shell: bash\n"}};
  const Run ran = run(files);
  const auto steps = steps_of(ran.execution);
  const auto found =
      std::find_if(steps.begin(), steps.end(), [](const auto* one) { return one->pipeline->path == kCi; });
  REQUIRE(found != steps.end());
  const ExecutedStep* step = *found;
  CHECK(step->enforced);
  CHECK(step->context == "all / unit");
  REQUIRE(step->commands.size() == 1);
  CHECK(step->commands[0].command->text() == "pytest");
  CHECK(step->commands[0].path == ".github/actions/t/action.yml");
}

TEST_CASE("fatal through calls") {
  const auto fatal = [](const Files& files) {
    const Run ran = run(files);
    for (const auto* step : steps_of(ran.execution)) {
      for (const auto& executed : step->commands) {
        if (executed.command->program() == "pytest") return executed.fatal;
      }
    }
    FAIL("pytest not found");
    return false;
  };
  CHECK(fatal({{kCi, workflow(steps({"make t"}))}, {"Makefile", "t:\n\tpytest\n"}}));
  CHECK_FALSE(fatal({{kCi, workflow(steps({"make -i t"}))}, {"Makefile", "t:\n\tpytest\n"}}));
  CHECK_FALSE(fatal({{kCi, workflow(steps({"make t"}))}, {"Makefile", "MAKEFLAGS += -i\nt:\n\tpytest\n"}}));
  CHECK_FALSE(fatal({{kCi, workflow(steps({"make t"}))}, {"Makefile", "t:\n\t-pytest\n"}}));
  CHECK_FALSE(fatal({{kCi, workflow(steps({"./t.sh || true"}))}, {"t.sh", "pytest\n"}}));
  CHECK_FALSE(fatal({{kCi, workflow(steps({"./t.sh"}))}, {"t.sh", "pytest\necho done\n"}}));
  CHECK(fatal({{kCi, workflow(steps({"./t.sh"}))}, {"t.sh", "set -e\npytest\necho done\n"}}));
}

TEST_CASE("hostile trees end") {
  Files cycle{{kCi, workflow(steps({"./a.sh"}))}, {"a.sh", "./b.sh\n"}, {"b.sh", "./a.sh\n./b.sh\n"}};
  CHECK(has(run(cycle).execution.pipelines.at(0)->problems, "call cycle"));

  Files deep{{kCi, workflow(steps({"./s0.sh"}))}};
  for (int i = 0; i < 30; ++i) deep["s" + std::to_string(i) + ".sh"] = "./s" + std::to_string(i + 1) + ".sh\n";
  CHECK(has(run(deep).execution.pipelines.at(0)->problems, "depth limit"));

  Files wide{{kCi, workflow(steps({"make t0"}))}};
  std::string makefile;
  for (int i = 0; i < 7; ++i) {
    makefile += "t" + std::to_string(i) + ":\n";
    for (int k = 0; k < 50; ++k) makefile += "\tmake t" + std::to_string(i + 1) + "\n";
  }
  wide["Makefile"] = makefile + "t7:\n\tpytest\n";
  CHECK(run(wide).execution.pipelines.at(0)->steps.at(0).commands.size() < 1000);

  Files broken{{kCi, workflow(steps({"npm test", "task x", "make"}))},
               {"package.json", "{\"scripts\": {"},
               {"Taskfile.yml", "tasks: [\n"},
               {"Makefile", std::string(100, '\t')}};
  CHECK(steps_of(run(broken).execution).size() == 3);

  Files calls{{kCi, "on: pull_request\njobs:\n  a:\n    uses: ./.github/workflows/ci.yml\n"}};
  CHECK(has(run(calls).execution.pipelines.at(0)->problems, "call cycle"));
}

TEST_CASE("a dependence names what decides, absent files too") {
  const Run ran = run({{kCi, workflow(steps({"make test", "./x.sh"}))}});
  const auto& dependence = ran.execution.pipelines.at(0)->dependence;
  CHECK(dependence.consulted.count(kCi) == 1);
  for (const char* path : {"Makefile", "x.sh"}) CHECK(dependence.sought.count(path) == 1);
}

TEST_CASE("a checkout below a folder that only the job knows is this tree") {
  const auto seen = commands({{"Jenkinsfile",
                               "pipeline { agent any\n stages { stage('Test') { steps {\n"
                               "dir(\"${BASE}\") { sh './ci/t.sh' }\n } } } }\n"},
                              {"ci/t.sh", "#!/bin/sh\nset -e\npytest\n"}});
  CHECK(has(seen, "ci/t.sh: pytest"));
}

TEST_CASE("make: pattern rules forward, prerequisites and recipes come from any included file") {
  const auto seen =
      commands({{kCi, workflow(steps({"make test style", "make vet", "make -C sub all"}))},
                {"Makefile", "include mk/*.mk\n.PHONY: style\nstyle: common-style\n"},
                {"mk/common.mk", "include other.mk\n%: common-% ;\ncommon-test: lint\n\tpytest\n"},
                {"other.mk", "common-style:\n\tgofmt -l .\ncommon-vet:\n\tgo vet $@\nlint:\n\truff check $*\n"},
                {"sub/Makefile", "%:\n\tcd ../build && $(MAKE) $@\n"},
                {"build/Makefile", "all:\n\t./run.sh\n"},
                {"build/run.sh", "jest\n"}});
  CHECK(has(seen, "mk/common.mk: pytest"));
  CHECK(has(seen, "other.mk: ruff check $*"));
  CHECK(has(seen, "other.mk: gofmt -l ."));
  CHECK(has(seen, "other.mk: go vet $@"));
  CHECK(has(seen, "build/run.sh: jest"));
}

TEST_CASE("make: the first target read is the default, be it of an included file") {
  const Files files{{kCi, workflow(steps({"make", "make -C late"}))},
                    {"Makefile", "include common.mk\nclean:\n\trm x\n"},
                    {"common.mk", "all: test\ntest:\n\tpytest\n"},
                    {"late/Makefile", "own:\n\tjest\ninclude ../common.mk\n"},
                    {"late/common.mk", ""}};
  const auto seen = commands(files);
  CHECK(has(seen, "common.mk: pytest"));
  CHECK(!has(seen, "Makefile: rm x"));
  CHECK(has(seen, "late/Makefile: jest"));
}

TEST_CASE("make: a rule for any name serves only what it can make, a phony target is not looked up among patterns") {
  const auto seen = commands({{kCi, workflow(steps({"make nothing phony test-unit"}))},
                              {"Makefile",
                               "%: common-% ;\n.PHONY: phony\nphony:\ncommon-phony:\n\tmypy\n"
                               "test-%:\n\tpytest $*\ntest-u%:\n\tjest\n"}});
  CHECK(!has(seen, "Makefile: mypy"));
  CHECK(has(seen, "Makefile: jest"));
  CHECK(!has(seen, "Makefile: pytest $*"));
}

TEST_CASE("a job behind many that all wait for each other is judged at once") {
  std::string jobs, needs;
  for (int i = 0; i < 64; ++i) {
    const std::string id = "j" + std::to_string(i);
    jobs += "  " + id + ":\n    needs: [" + needs + "]\n" + (i == 0 ? "    if: false\n" : "") +
            "    runs-on: ubuntu-latest\n    steps:\n      - run: pytest\n";
    needs += (needs.empty() ? "" : ", ") + id;
  }
  const Run ran = run({{kCi, "on: [pull_request]\njobs:\n" + jobs}});
  REQUIRE(steps_of(ran.execution).size() == 64);
  CHECK(steps_of(ran.execution).back()->unenforced_why == "needs j0, which never runs");
}

TEST_CASE("what a caller adds to a package script is part of what runs") {
  const auto manifest = [](const std::string& lint) {
    return R"({"scripts": {"lint": ")" + lint + R"(", "es": "eslint ."}})";
  };
  const auto with = [&](const std::string& step, const std::string& lint) {
    return Files{{kCi, workflow(steps({step}))}, {"package.json", manifest(lint)}};
  };
  CHECK(has(commands(with("npm run es -- --max-warnings 0", "")), "package.json: eslint . --max-warnings 0"));
  CHECK(has(commands(with("npm run es --max-warnings 0", "")), "package.json: eslint ."));
  CHECK(has(commands(with("yarn run es --quiet src", "")), "package.json: eslint . --quiet src"));
  CHECK(has(commands(with("pnpm es -- $FLAGS", "")), "package.json: eslint . ${ARGUMENT}"));
  const auto direct = with("npm run lint", "eslint .");
  CHECK(fates(direct, with("npm run lint", "npm run es -- --version")) == std::vector<std::string>{"neutered eslint"});
  CHECK(fates(direct, with("npm run lint", "npm run es")) == std::vector<std::string>{"moved eslint"});
}

TEST_CASE("a variable handed to make names no target") {
  const Files files{{kCi, workflow(steps({"make CC=\"$CC\" test"}))}, {"Makefile", "all:\n\ttrue\ntest:\n\tpytest\n"}};
  CHECK(commands(files) == std::vector<std::string>{"Makefile: pytest"});
}

TEST_CASE("ending the job with a failure swallows none") {
  const auto ci = [](const std::string& text) { return Files{{kCi, workflow(steps({text}))}}; };
  CHECK(fates(ci("cargo test"), ci("cargo test || travis_terminate 1\necho done")).empty());
  CHECK(fates(ci("cargo test"), ci("cargo test || travis_terminate 0\necho done")) ==
        std::vector<std::string>{"neutered cargo test"});
}
