// Drone pipelines read into the model.
#include <doctest/doctest.h>

#include "pipeline/readers/systems.h"
#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

Pipeline read_drone(const std::string& text) {
  return read_only({{".drone.yml", text}});
}

TEST_CASE("Drone: documents, steps and secrets") {
  const auto pipeline = read_drone(R"(---
kind: pipeline
name: default
platform: {os: linux, arch: arm64}
node: {disk: fast}
steps:
  - name: test
    image: golang:1.22
    commands:
      - go vet ./...
      - go test ./...
    environment: {TOKEN: {from_secret: api}, CGO: "0"}
  - name: publish
    image: plugins/docker:20
    settings: {repo: x/y, password: {from_secret: registry}}
    when: {event: [tag]}
trigger: {event: [push, pull_request, tag], branch: {exclude: [wip]}}
---
kind: pipeline
name: after
depends_on: [default]
trigger: {event: promote, target: [production]}
steps: [{name: deploy, image: alpine, privileged: true, commands: [./deploy.sh]}]
---
kind: signature
hmac: abc
)");
  REQUIRE(pipeline.jobs.size() == 2);
  const auto& main = pipeline.jobs[0];
  CHECK(main.runner.labels == Texts{"arm64", "disk=fast", "linux"});
  REQUIRE(main.steps.size() == 2);
  CHECK(main.steps[0].script.commands.at(0).context.fatal);
  CHECK(main.steps[0].script.commands.at(1).line == 11);
  CHECK(main.steps[0].env.at("CGO") == "0");
  CHECK(main.services == Texts{"golang:1.22"});
  CHECK(credential(main.credentials, "api")->bound_to == "TOKEN");
  CHECK(credential(main.credentials, "registry")->bound_to == "password");
  CHECK(main.steps[1].uses == "plugins/docker");
  CHECK(main.steps[1].uses_version == "20");
  CHECK(main.steps[1].condition.truth == Truth::unlikely);
  CHECK(event(main.events, "push")->filters.at("branches-ignore") == Texts{"wip"});
  CHECK(pipeline.jobs[1].needs == Texts{"default"});
  CHECK(pipeline.jobs[1].environment == "production");
  CHECK(pipeline.jobs[1].container_options == Texts{"--privileged"});
  CHECK(event(pipeline.jobs[1].events, "deployment"));
  CHECK(pipeline.judges_changes());
}

TEST_CASE("Drone: what may fail, what never runs") {
  const auto step = [](const std::string& keys) {
    return read_drone(
               "kind: pipeline\ntrigger: {event: [push, pull_request]}\nsteps: [{name: t, image: x, commands: [make "
               "test], " +
               keys + "}]\n")
        .jobs.at(0)
        .steps.at(0);
  };
  CHECK(step("failure: ignore").may_fail);
  CHECK(step("detach: true").may_fail);
  CHECK_FALSE(step("failure: always").may_fail);
  CHECK(step("when: {event: [cron]}").condition.truth == Truth::never);
  CHECK(step("when: {event: [push, pull_request]}").condition.truth == Truth::always);
  CHECK(step("when: {event: push}").condition.truth == Truth::depends);
  CHECK(step("when: {event: {exclude: [pull_request]}}").condition.truth == Truth::depends);
  CHECK(step("when: {branch: main}").condition.truth == Truth::depends);
  CHECK(step("when: {status: [success, failure]}").condition.truth == Truth::always);
  CHECK(step("when: {status: [failure]}").condition.truth == Truth::depends);
  CHECK(read_drone("kind: pipeline\ntrigger: {event: []}\nsteps: []\n").jobs.at(0).condition.truth == Truth::never);
}

TEST_CASE("Drone: the old form and odd files") {
  const auto old = read_drone(
      "pipeline:\n  test: {image: go, commands: [go test], secrets: [a, {source: b, target: C}]}\nbranches: main\n");
  REQUIRE(old.jobs.size() == 1);
  CHECK(old.jobs[0].steps.at(0).name == "test");
  CHECK(credential(old.jobs[0].credentials, "b")->bound_to == "C");
  CHECK(event(old.jobs[0].events, "push")->filters.at("branches") == Texts{"main"});
  CHECK(read_drone("a: [\n").broken);
  for (const auto* text : {"kind: pipeline\nsteps: text\n", "kind: [x]\n",
                           "kind: pipeline\nsteps: [1, [2], {commands: {a: b}, when: 3}]\n",
                           "kind: pipeline\ntrigger: text\nplatform: 3\nnode: [x]\nservices: {a: 3}\nvolumes: {a: b}\n",
                           "pipeline: [1]\n", "kind: pipeline\n---\ntext\n---\n- 1\n"}) {
    CAPTURE(text);
    CHECK(read_drone(text).path == ".drone.yml");
  }
}

TEST_CASE("Drone: a server may be told to read a file of the folder") {
  const std::string text = "kind: pipeline\nname: default\nsteps: [{name: test, commands: [make test]}]\n";
  CHECK(read_only({{".drone/drone.yml", text}}).jobs.size() == 1);
  CHECK(drone::is_live(".drone/drone.yml"));
  CHECK_FALSE(drone::is_live(".drone/drone.jsonnet"));
  CHECK_FALSE(drone::is_live("docs/.drone/drone.yml"));
}

}  // namespace
}  // namespace tollbar::pipeline
