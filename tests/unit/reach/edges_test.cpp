// One case for every kind of edge of the action graph, each with a twin: the same file where nothing executes it.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fixture.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

using Texts = std::vector<std::string>;

/// `path: part (certainty)` of everything that a job executes which runs `script`; also `line` of each call.
Texts reached(const std::string& script, Files files, const std::string& extra = "") {
  files[kCi] = workflow(steps({script}), "test", extra);
  Texts texts;
  const Run ran = run(files);
  for (const auto* step : steps_of(ran.execution)) {
    for (const auto& file : step->files) {
      CHECK(file.chain.back().line > 0);
      texts.push_back(file.path + (file.part.empty() ? "" : ": " + file.part) + " (" +
                      std::string(to_string(file.chain.back().certainty)) + ")");
    }
  }
  return texts;
}

/// The commands that stand in `path`, as they are followed from `script`.
Texts commands_in(const std::string& path, const std::string& script, Files files) {
  files[kCi] = workflow(steps({script}));
  Texts texts;
  const Run ran = run(files);
  for (const auto* step : steps_of(ran.execution))
    for (const auto& executed : step->commands)
      if (executed.path == path && !executed.command->argv.empty()) texts.push_back(executed.command->text());
  return texts;
}

}  // namespace

TEST_CASE("a module of the tree; a module from elsewhere") {
  const Files files{{"tools/send/__main__.py", "send()\n"}};
  CHECK(reached("python -m tools.send", files) == Texts{"tools/send/__main__.py (inferred)"});
  CHECK(reached("python -m pip install tools", files).empty());
}

TEST_CASE("go run: a package by path, at the root, by its import path; what is only built") {
  const Files files{{"go.mod", "module example.org/mill\n\ngo 1.22\n"},
                    {"main.go", "package main\n"},
                    {"tools/send/main.go", "package main\n"},
                    {"tools/send/main_test.go", "package main\n"}};
  CHECK(reached("go run ./tools/send --all", files) == Texts{"tools/send/main.go (verified)"});
  CHECK(reached("go run -tags x .", files) == Texts{"main.go (verified)"});
  CHECK(reached("go run example.org/mill/tools/send", files) == Texts{"tools/send/main.go (inferred)"});
  CHECK(reached("go run example.org/other/tools/send@latest", files).empty());
  CHECK(reached("go build ./tools/send\ngo test ./...\ngo vet ./tools/send", files).empty());
}

TEST_CASE("go generate: the tools that a named package runs") {
  const Files files{{"api/gen.go", "package api\n\n//go:generate ../tools/gen.sh all\n"},
                    {"tools/gen.sh", "#!/bin/sh\nstringer\n"}};
  CHECK(reached("go generate ./api", files) ==
        Texts{"api/gen.go: go:generate ../tools/gen.sh all (declared)", "tools/gen.sh (verified)"});
  CHECK(reached("go generate ./...", files).empty());
  CHECK(reached("go build ./api", files).empty());
}

TEST_CASE("cargo run: a package of the workspace, a binary, an alias; what is only compiled") {
  const Files files{{"Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n"},
                    {"crates/tasks/Cargo.toml", "[package]\nname = \"xtask\"\n"},
                    {"crates/tasks/src/main.rs", "fn main() {}\n"},
                    {"crates/tasks/src/bin/send.rs", "fn main() {}\n"},
                    {".cargo/config.toml", "[alias]\nxtask = \"run --quiet --package xtask --\"\n"}};
  CHECK(reached("cargo run -p xtask", files) == Texts{"crates/tasks/src/main.rs (declared)"});
  CHECK(reached("cargo run --package xtask --bin send", files) == Texts{"crates/tasks/src/bin/send.rs (declared)"});
  CHECK(reached("cargo xtask dist", files) ==
        Texts{".cargo/config.toml: alias xtask (verified)", "crates/tasks/src/main.rs (declared)"});
  CHECK(reached("cargo build -p xtask\ncargo test\ncargo clippy", files).empty());
  CHECK(reached("cargo nextest run", files).empty());
}

TEST_CASE("tox: the commands of the environments that run, and of no others") {
  const Files files{
      {"tox.ini",
       "[tox]\nenvlist = py{311,312}, lint\n\n[testenv]\ncommands =\n  pytest {posargs:tests}\n\n"
       "[testenv:lint]\ncommands =\n  # style\n  - flake8 .\n  {[testenv:types]commands}\n\n"
       "[testenv:types]\ncommands = mypy {toxinidir}/src\n\n[testenv:send]\ncommands = ./tools/send.sh\n"},
      {"tools/send.sh", "#!/bin/sh\ntwine upload dist/x\n"}};
  CHECK(commands_in("tox.ini", "tox -e lint", files) == Texts{"flake8 .", "mypy ./src"});
  CHECK(commands_in("tox.ini", "tox -e py312", files) == Texts{"pytest tests"});
  CHECK(commands_in("tox.ini", "python -m tox -e types", files) == Texts{"mypy ./src"});
  CHECK(reached("tox -e send", files) == Texts{"tox.ini: send (declared)", "tools/send.sh (verified)"});
  CHECK(commands_in("tox.ini", "tox", files) == Texts{"pytest tests", "flake8 .", "mypy ./src"});
  for (const char* prepares : {"tox --notest", "tox -n -e lint", "tox -l", "tox --version"}) {
    CAPTURE(prepares);
    CHECK(commands_in("tox.ini", prepares, files).empty());
  }
  CHECK(commands_in("tox.ini", "tox -e lint -- -n auto", files) == Texts{"flake8 .", "mypy ./src"});
}

TEST_CASE("tox: arguments in the old spelling") {
  const Files files{
      {"tox.ini", "[testenv:a]\ncommands = pytest --timeout 300 []\n\n[testenv:b]\ncommands = ./x [] y[]\n"}};
  CHECK(commands_in("tox.ini", "tox -e a", files) == Texts{"pytest --timeout 300"});
  CHECK(commands_in("tox.ini", "tox -e b", files) == Texts{"./x y[]"});
}

TEST_CASE("a script's default leaves alone what its job has set") {
  const std::string tox =
      "[tox]\nenvlist = py, lint\n\n[testenv]\ncommands = pytest tests\n\n[testenv:lint]\ncommands = flake8 .\n";
  for (const char* script : {"if [[ -z \"$TOXENV\" ]]; then export TOXENV=py; fi\ntox\n",
                             "if [ -z ${TOXENV:-} ]; then\n  if true; then TOXENV=py; fi\nfi\nexport TOXENV\ntox\n",
                             "export TOXENV=${TOXENV:-py}\ntox\n", "[ ! \"$TOXENV\" ] && TOXENV=py\ntox\n"}) {
    CAPTURE(script);
    const Files files{{"tox.ini", tox}, {"run.sh", script}};
    CHECK(commands_in("tox.ini", "TOXENV=lint sh run.sh", files) == Texts{"flake8 ."});
    CHECK(commands_in("tox.ini", "sh run.sh", files) == Texts{"pytest tests"});
  }
  for (const char* script : {"if [ \"$CI\" ]; then export TOXENV=py; fi\ntox\n", "export TOXENV=py\ntox\n",
                             "if [ -z \"$OTHER\" ]; then TOXENV=py; fi\ntox\n"}) {
    CAPTURE(script);
    CHECK(commands_in("tox.ini", "TOXENV=lint sh run.sh", {{"tox.ini", tox}, {"run.sh", script}}) ==
          Texts{"pytest tests"});
  }
}

TEST_CASE("tox in TOML") {
  const Files files{{"pyproject.toml",
                     "[tool.tox.env_run_base]\ncommands = [[\"pytest\", \"-q\"]]\n"
                     "[tool.tox.env.lint]\ncommands = [[\"ruff\", \"check\"]]\n"}};
  CHECK(commands_in("pyproject.toml", "tox -e lint", files) == Texts{"ruff check"});
  CHECK(commands_in("pyproject.toml", "tox -e py312", files) == Texts{"pytest -q"});
}

TEST_CASE("nox: the commands of its sessions") {
  const Files files{{"noxfile.py",
                     "import nox\n\n@nox.session(python=[\"3.12\"])\ndef tests(session):\n    session.install(\".\")\n"
                     "    session.run(\"pytest\", \"-q\", *session.posargs)\n\n@nox.session\ndef send(session):\n"
                     "    session.run(\"twine\", \"upload\", \"dist/x\")\n"}};
  CHECK(commands_in("noxfile.py", "nox -s tests-3.12", files) == Texts{"pytest -q"});
  CHECK(commands_in("noxfile.py", "nox -s send", files) == Texts{"twine upload dist/x"});
  CHECK(commands_in("noxfile.py", "nox --list", files).empty());
  CHECK(reached("nox -s send", files) == Texts{"noxfile.py: send (declared)"});
}

TEST_CASE("tasks of gradle, maven, rake and invoke are nodes") {
  CHECK(reached("./gradlew publish -x test --info", {{"build.gradle", ""}, {"gradlew", "#!/bin/sh\n"}}) ==
        Texts{"gradlew (verified)", "build.gradle: publish (declared)"});
  CHECK(reached("mvn -B -s settings.xml clean deploy", {{"pom.xml", ""}, {"settings.xml", ""}}) ==
        Texts{"pom.xml: clean (declared)", "pom.xml: deploy (declared)", "settings.xml (declared)"});
  CHECK(reached("bundle exec rake release", {{"Rakefile", ""}}) == Texts{"Rakefile: release (declared)"});
  CHECK(reached("inv send", {{"tasks.py", ""}}) == Texts{"tasks.py: send (declared)"});
  CHECK(reached("bundle exec rubocop Rakefile\ncat pom.xml build.gradle", {{"Rakefile", ""}, {"pom.xml", ""}}).empty());
}

TEST_CASE("images that compose and bake build; those that are only pulled or named") {
  const Files files{{"compose.yaml",
                     "services:\n  api: {build: ./api}\n  web: {build: {context: ., dockerfile: web/Dockerfile}}\n"
                     "  cache: {image: redis}\n"},
                    {"api/Dockerfile", "FROM scratch\nRUN make api\n"},
                    {"web/Dockerfile", "FROM scratch\n"},
                    {"docker-bake.hcl", "target \"app\" {\n  context = \"api\"\n}\n"}};
  CHECK(reached("docker compose build api", files) ==
        Texts{"compose.yaml: api (declared)", "api/Dockerfile (declared)"});
  CHECK(reached("docker-compose -f compose.yaml build --push", files).size() == 4);
  CHECK(reached("docker buildx bake app", files) ==
        Texts{"docker-bake.hcl: app (declared)", "api/Dockerfile (declared)"});
  CHECK(reached("files=(\"--file=docker-bake.hcl\")\ndocker buildx bake \"${files[@]}\" \"${others[@]}\" \"$TARGET\"",
                files) == Texts{"docker-bake.hcl: * (inferred)", "api/Dockerfile (declared)"});
  CHECK(reached("files=(\"--file=docker-bake.hcl\")\ndocker buildx bake \"${files[@]}\" --print \"$TARGET\"", files)
            .empty());
  CHECK(reached("docker compose pull\ndocker compose logs api\ndocker pull api", files).empty());
}

TEST_CASE("tasks of Task: dependencies and included files") {
  const Files files{{"Taskfile.yml",
                     "version: 3\nincludes:\n  docs: ./docs\n  rel: {taskfile: ./tools/Release.yml}\n"
                     "tasks:\n  all: {deps: [prep], cmds: [{task: 'rel:send'}]}\n  prep: echo prep\n"},
                    {"docs/Taskfile.yml", "tasks:\n  build: {cmds: [./build.sh]}\n"},
                    {"docs/build.sh", "#!/bin/sh\nmake html\n"},
                    {"tools/Release.yml", "tasks:\n  send: npm publish\n  other: rm -rf x\n"}};
  CHECK(reached("task all", files) ==
        Texts{"Taskfile.yml: all (verified)", "Taskfile.yml: prep (verified)", "tools/Release.yml: send (verified)"});
  CHECK(reached("task docs:build", files) == Texts{"docs/Taskfile.yml: build (verified)", "docs/build.sh (verified)"});
  CHECK(reached("task --list", files).empty());
}

TEST_CASE("recipes of just: dependencies, imported files and modules") {
  const Files files{{"justfile", "import 'tools/send.just'\nmod docs\n\nall: prep send\n\nprep:\n  echo prep\n"},
                    {"tools/send.just", "send:\n  npm publish\n"},
                    {"docs.just", "build:\n  make html\n"}};
  CHECK(reached("just all", files) ==
        Texts{"justfile: all (verified)", "justfile: prep (verified)", "tools/send.just: send (verified)"});
  CHECK(reached("just docs build", files) == Texts{"docs.just: build (verified)"});
  CHECK(reached("just docs::build", files) == Texts{"docs.just: build (verified)"});
  CHECK(reached("just --list", files).empty());
}

TEST_CASE("a command in an image is as sure as the way to the image") {
  const Files files{{"Dockerfile", "FROM scratch\nCOPY . .\nRUN ./tools/make.sh\n"}, {"tools/make.sh", "make\n"}};
  CHECK(reached("docker build --push -t mill .", files) == Texts{"Dockerfile (declared)", "tools/make.sh (inferred)"});
}

TEST_CASE(
    "a template that a job makes a child pipeline from is read as that pipeline, and none of its jobs is a check") {
  const std::string job =
      "run:\n  stage: test\n  trigger: {include: [{artifact: out/x.yml, job: make}], strategy: depend}\n";
  const std::string body = "\n{{ range .names }}\ncheck-{{ . }}:\n  script: [pytest, ./tools/x.sh]\n{{ end }}\n";
  const auto steps_made_by = [&](const std::string& command, const std::string& text) {
    const Run ran = run({{".gitlab-ci.yml", "make:\n  script: ['" + command + "']\n" + job},
                         {"x.yml.tpl", text},
                         {"tools/x.sh", "true\n"}});
    std::vector<std::string> made;
    for (const auto* step : steps_of(ran.execution))
      if (!step->calls.empty())
        made.push_back(step->job->id + " " + step->calls.back().path + (step->enforced ? " enforced" : "") +
                       (step->calls.back().certainty == Certainty::inferred ? "" : " sure") + " " +
                       std::to_string(step->files.size()));
    return made;
  };
  const std::vector<std::string> one{"check-x x.yml.tpl 1"};
  CHECK(steps_made_by("envsubst < x.yml.tpl > out/x.yml", body) == one);
  CHECK(steps_made_by("render --in=x.yml.tpl --out=./out/x.yml", body) == one);
  CHECK(steps_made_by("cp x.yml.tpl out/other.yml", body).empty());
  CHECK(steps_made_by("envsubst < x.yml.tpl > out/x.yml", "a: [b\n").empty());
  CHECK(steps_made_by("envsubst < /x.yml.tpl.tpl > out/x.yml", body).empty());
}
