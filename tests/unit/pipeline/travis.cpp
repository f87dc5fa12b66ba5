// Travis CI configurations read into the model.
#include <doctest/doctest.h>

#include <algorithm>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

Pipeline read_travis(const std::string& text) {
  return read_only({{".travis.yml", text}});
}

TEST_CASE("Travis: matrix, phases and soft legs") {
  const auto pipeline = read_travis(R"(
language: python
python: [3.8, 3.9]
branches: {only: [main]}
env: {global: [{secure: abcdefghijklmnopqrstuvwxyz}, A=1]}
install: pip install .
script:
  - make test
  - make lint
after_success: upload $COVERAGE_TOKEN
deploy: {provider: pypi, password: {secure: xyz}, on: {tags: true}}
jobs: {allow_failures: [{python: 3.9}]}
)");
  REQUIRE(pipeline.jobs.size() == 1);
  const auto& test = pipeline.jobs[0];
  CHECK(test.legs == Texts{"python=3.8", "python=3.9"});
  CHECK_FALSE(test.may_fail);
  CHECK(test.may_fail_sometimes);
  CHECK(test.env.at("A") == "1");
  REQUIRE(test.steps.size() == 4);
  CHECK(test.steps[1].script.commands.at(1).line == 9);
  CHECK(test.steps[1].script.commands.at(0).context.fatal);
  CHECK(test.steps[2].is_cleanup);
  CHECK(test.steps[3].uses == "deploy:pypi");
  CHECK(test.steps[3].condition.truth == Truth::depends);
  CHECK(credential(test.credentials, "COVERAGE_TOKEN"));
  CHECK(credential(test.credentials, "secure:abcdefghijklmnop")->source == "travis-secure");
  CHECK(credential(test.credentials, "secure:xyz")->bound_to == "password");
  CHECK(pipeline.events.at(0).name == "push");
  CHECK(pipeline.events.at(0).filters.at("branches") == Texts{"main"});
  CHECK(pipeline.judges_changes());
}

TEST_CASE("Travis: an entry is judged as a whole") {
  const auto pipeline = read_travis(R"(
language: python
script:
  - make test && mv out kept
  - make lint || true
)");
  REQUIRE(pipeline.jobs.size() == 1);
  const auto& commands = pipeline.jobs[0].steps.at(0).script.commands;
  CHECK(commands.at(0).context.fatal);
  CHECK(commands.at(1).context.fatal);
  CHECK(commands.at(1).line == 4);
  const auto lint = std::find_if(commands.begin(), commands.end(),
                                 [](const auto& command) { return command.text().find("lint") != std::string::npos; });
  REQUIRE(lint != commands.end());
  CHECK_FALSE(lint->context.fatal);
}

TEST_CASE("Travis: listed jobs and default scripts") {
  const auto pipeline = read_travis(R"(
language: node_js
matrix:
  include:
    - {name: lint, script: npm run lint}
    - {stage: release, if: 'false', os: osx}
  allow_failures: [{name: lint}]
)");
  REQUIRE(pipeline.jobs.size() == 2);
  CHECK(pipeline.jobs[0].id == "lint");
  CHECK(pipeline.jobs[0].may_fail);
  CHECK(pipeline.jobs[1].condition.truth == Truth::never);
  CHECK(pipeline.jobs[1].runner.labels == Texts{"osx"});
  CHECK(pipeline.jobs[1].steps.at(0).run == "npm test");
  CHECK(read_travis("language: go\n").jobs.at(0).steps.at(0).run == "go test -v ./...");
}

TEST_CASE("Travis: what may fail is named by a value that all jobs have") {
  const std::string head = "language: go\ngo: 1.22\nenv: [A=1]\nscript: make test\njobs: {allow_failures: ";
  CHECK(read_travis(head + "[{go: 1.22}]}\n").jobs.at(0).may_fail);
  CHECK(read_travis(head + "[{language: go, env: A=1}]}\n").jobs.at(0).may_fail);
  const auto other = read_travis(head + "[{go: 1.23}]}\n").jobs.at(0);
  CHECK_FALSE(other.may_fail);
  CHECK_FALSE(other.may_fail_sometimes);
  CHECK(read_travis("go: 1.22\nos: [linux, osx]\nmatrix: {allow_failures: [{go: 1.22, os: osx}]}\n")
            .jobs.at(0)
            .may_fail_sometimes);
}

TEST_CASE("Travis: a listed job is known by what it sets, not by its place in the list") {
  const std::string head = "language: python\njobs:\n  include:\n";
  const std::string old_python = "    - {python: 3.5, env: GROUP=1}\n";
  const std::string rest =
      "    - {python: 3.6, env: GROUP=1}\n    - {env: [GROUP=2, A=b], stage: slow}\n    - {script: pytest}\n"
      "    - {script: mypy}\n";
  const auto ids = [&](const std::string& rows) {
    Texts result;
    for (const auto& job : read_travis(head + rows).jobs) result.push_back(job.id);
    return result;
  };
  Texts all = ids(old_python + rest);
  REQUIRE(all.size() == 5);
  CHECK(all[0] == "test env=GROUP=1,python=3.5");
  CHECK(all[3] == "test");
  CHECK(all[4] == "test-2");
  all.erase(all.begin());
  CHECK(ids(rest) == all);
}

TEST_CASE("Travis: of several commands in an entry the last one counts") {
  const auto counts = [](const std::string& script) {
    std::vector<bool> result;
    const auto pipeline = read_travis("language: python\n" + script);
    for (const auto& step : pipeline.jobs.at(0).steps)
      for (const auto& command : step.script.commands)
        if (command.program() == "make") result.push_back(command.context.fatal);
    return result;
  };
  CHECK(counts("script:\n  - make test; make lint\n  - make docs\n") == std::vector<bool>{false, true, true});
  CHECK(counts("script: make test; echo done;\n") == std::vector<bool>{false});
  CHECK(counts("script: 'cd build && make test'\n") == std::vector<bool>{true});
  CHECK(counts("before_script: set -ev\nscript: make test; make lint\n") == std::vector<bool>{true, true});
  CHECK(counts("script: 'if [ -f a ]; then make test; fi'\n") == std::vector<bool>{true});
}

TEST_CASE("Travis: unreadable and odd files") {
  CHECK(read_travis("a: [\n").broken);
  CHECK(read_travis("text\n").broken);
  for (const auto* text :
       {"jobs: [a]\nenv: 3\nscript: {a: b}\n", "jobs: {include: {a: b}, allow_failures: text}\ndeploy: [x, [y]]\n",
        "branches: text\nenv: {global: {a: [b]}}\nos: {a: b}\nif: [x]\n"}) {
    CAPTURE(text);
    CHECK(read_travis(text).path == ".travis.yml");
  }
}

}  // namespace
}  // namespace tollbar::pipeline
