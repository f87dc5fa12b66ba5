// Buildkite pipelines read into the model.
#include <doctest/doctest.h>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

Pipeline read_buildkite(const std::string& text) {
  return read_only({{".buildkite/pipeline.yml", text}});
}

TEST_CASE("Buildkite: commands, order and gates") {
  const auto pipeline = read_buildkite(R"(env: {A: "1"}
agents: {queue: default}
steps:
  - label: lint
    key: lint
    command: [make lint, make fmt]
    env: {B: "2"}
  - label: specs
    command: make test
    agents: {queue: big, os: linux}
    plugins:
      - docker#v5.8.0: {image: "ruby:3", privileged: true}
      - artifacts
  - wait
  - block: Deploy?
    branches: main
  - label: ship
    branches: main
    command: deploy $SHIP_TOKEN
    concurrency_group: prod
  - label: docs
    command: make docs
)");
  CHECK(pipeline.judges_changes());
  const auto& lint = job(pipeline, "lint");
  CHECK(lint.env.at("A") == "1");
  CHECK(lint.env.at("B") == "2");
  CHECK(lint.runner.labels == Texts{"queue=default"});
  REQUIRE(lint.steps.size() == 1);
  CHECK(lint.steps[0].script.commands.size() == 2);
  CHECK(lint.steps[0].script.commands[0].context.fatal);
  CHECK(lint.steps[0].script.commands[0].line == 6);
  const auto& specs = job(pipeline, "specs");
  CHECK(specs.runner.labels == Texts{"os=linux", "queue=big"});
  CHECK(specs.image == "ruby:3");
  CHECK(specs.container_options == Texts{"--privileged"});
  CHECK(specs.steps.at(0).uses == "docker");
  CHECK(specs.steps.at(0).uses_version == "v5.8.0");
  CHECK(specs.needs.empty());
  CHECK(job(pipeline, "Deploy?").gated);
  const auto& ship = job(pipeline, "ship");
  CHECK(ship.gated);
  CHECK(ship.needs == Texts{"lint", "specs", "Deploy?"});
  CHECK(ship.condition.truth == Truth::depends);
  CHECK(ship.concurrency == "prod");
  CHECK(credential(ship.credentials, "SHIP_TOKEN"));
  CHECK_FALSE(job(pipeline, "docs").gated);
}

TEST_CASE("Buildkite: what may fail, what never runs") {
  const auto one = [](const std::string& keys) {
    return read_buildkite("steps:\n  - {command: make test, " + keys + "}\n").jobs.at(0);
  };
  CHECK(one("soft_fail: true").may_fail);
  CHECK_FALSE(one("soft_fail: false").may_fail);
  CHECK(one("soft_fail: [{exit_status: \"*\"}]").may_fail);
  CHECK_FALSE(one("soft_fail: [{exit_status: 42}]").may_fail);
  CHECK(one("soft_fail: [{exit_status: 42}]").may_fail_sometimes);
  CHECK(one("skip: true").condition.truth == Truth::never);
  CHECK(one("skip: later").condition.truth == Truth::never);
  CHECK(one("skip: false").condition.truth == Truth::always);
  CHECK(one("if: false").condition.truth == Truth::never);
  CHECK(one("if: build.branch == 'main'").condition.truth == Truth::depends);
  CHECK(one("matrix: [a, b]").legs == Texts{"a", "b"});
  CHECK(one("matrix: {setup: {x: [1, 2], y: [3]}}").legs == Texts{"x=1,y=3", "x=2,y=3"});
  CHECK(one("matrix: []").matrix_emptied);
  CHECK(one("trigger: other, async: true").uses == "trigger:other");
  CHECK(one("depends_on: [a, {step: b}]").needs == Texts{"a", "b"});
}

TEST_CASE("Buildkite: a bare list, groups, strings and odd files") {
  const auto pipeline = read_buildkite(
      "- command: make test\n- group: g\n  steps: [{command: a}, {command: b}]\n- block\n- command: c\n");
  CHECK_FALSE(pipeline.broken);
  REQUIRE(pipeline.jobs.size() == 5);
  CHECK(pipeline.jobs[1].stage == "g");
  CHECK(pipeline.jobs[4].gated);
  CHECK(read_buildkite("a: [\n").broken);
  CHECK(read_buildkite("text\n").broken);
  for (const auto* text :
       {"steps: text\n", "steps: {a: b}\n",
        "steps: [1, [2], {command: {a: b}}, {plugins: 3}, {plugins: [[x]]}, null]\n",
        "agents: [[a]]\nenv: [x]\nsteps: [{agents: 3, env: 4, matrix: text, soft_fail: {a: b}, depends_on: {x: y}, "
        "secrets: 3, if: [a]}]\n",
        "steps: [{group: {a: b}, steps: 3}, {trigger: [x], build: 3}, {wait: {a: b}}, {block: [x], if: {a: b}}]\n"}) {
    CAPTURE(text);
    CHECK(read_buildkite(text).path == ".buildkite/pipeline.yml");
  }
}

TEST_CASE("Buildkite: a service of docker-compose is what a step without a command runs") {
  const auto runs = [](const std::string& rest) {
    const auto pipeline = read_buildkite("steps:\n  - label: end-to-end tests\n    plugins:\n" + rest);
    Texts texts;
    for (const auto& step : pipeline.jobs.at(0).steps)
      for (const auto& command : step.script.commands) texts.emplace_back(command.program());
    return texts;
  };
  CHECK(runs("      docker-compose#v3.3.0: {run: runner}\n") == Texts{"docker-compose"});
  CHECK(runs("      - docker-compose#v3.3.0: {run: runner, command: [pytest]}\n").empty());
  CHECK(runs("      - docker-compose#v3.3.0: {build: runner}\n").empty());
  CHECK(runs("      - docker-compose#v3.3.0: {run: runner}\n    command: make test\n") == Texts{"make"});
}

}  // namespace
}  // namespace tollbar::pipeline
