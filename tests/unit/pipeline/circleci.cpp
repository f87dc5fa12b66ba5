// CircleCI configurations read into the model.
#include <doctest/doctest.h>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

Pipeline read_circleci(const std::string& text) {
  return read_only({{".circleci/config.yml", text}});
}

std::vector<std::string> programs(const Job& job) {
  std::vector<std::string> result;
  for (const auto& step : job.steps) {
    for (const auto& command : step.script.commands) result.push_back(command.text());
  }
  return result;
}

TEST_CASE("CircleCI 1.0: phases, options of commands, deployments") {
  const auto pipeline = read_only({{"circle.yml", R"(machine:
  services: [docker]
  environment: {GOVERSION: "1.7"}
general:
  branches: {ignore: [gh-pages]}
dependencies:
  override: [make bootstrap]
test:
  pre:
    - go env
  override:
    - cd sub && ./ci.sh:
        parallel: true
        pwd: src
        environment: {CI_MODE: full}
    - npm test || true
deployment:
  canary:
    branch: master
    owner: helm
    commands: [./deploy.sh "$AWS_SECRET_ACCESS_KEY"]
  release:
    tag: /v.*/
    commands:
      - make release
)"}});
  CHECK(pipeline.system == System::circleci);
  const auto& build = job(pipeline, "build");
  CHECK(programs(build) == Texts{"make bootstrap", "go env", "cd sub", "./ci.sh", "npm test", "true"});
  CHECK(build.services == Texts{"docker"});
  REQUIRE(build.steps.size() == 4);
  CHECK(build.steps[2].working_directory == "src");
  CHECK(build.steps[2].env.at("CI_MODE") == "full");
  CHECK(build.steps[2].line == 12);
  CHECK(build.steps[2].script.commands[1].context.fatal);
  CHECK_FALSE(build.steps[3].script.commands[0].context.fatal);
  REQUIRE(build.events.size() == 1);
  CHECK(build.events[0].filters.at("branches-ignore") == Texts{"gh-pages"});
  const auto& canary = job(pipeline, "canary");
  CHECK(canary.needs == Texts{"build"});
  CHECK(canary.condition.text == "owner: helm");
  REQUIRE(canary.credentials.size() == 1);
  CHECK(canary.credentials[0].name == "AWS_SECRET_ACCESS_KEY");
  REQUIRE(job(pipeline, "release").events.size() == 1);
  CHECK(job(pipeline, "release").events[0].name == "tag");
  CHECK(pipeline.judges_changes());
}

TEST_CASE("CircleCI: workflows, executors, commands, orbs, contexts, gates") {
  const auto pipeline = read_circleci(R"(version: 2.1
orbs: {node: circleci/node@5.2.0}
executors:
  big: {docker: [{image: "cimg/node:20"}, {image: "postgres:16"}], resource_class: large}
commands:
  install:
    parameters: {manager: {type: string, default: npm}}
    steps:
      - checkout
      - node/install-packages: {pkg-manager: << parameters.manager >>}
jobs:
  unit:
    executor: big
    steps:
      - install: {manager: yarn}
      - run:
          name: Tests
          command: |
            npm test
            npm run lint | tee out
  deploy:
    machine: {image: "ubuntu-2404:current"}
    steps:
      - run: npm publish --token $NPM_TOKEN
      - run: {command: ./notify.sh, when: on_fail}
  forgotten:
    docker: [{image: alpine}]
    steps: [run: make check]
workflows:
  main:
    jobs:
      - unit: {context: [ci]}
      - hold: {type: approval, requires: [unit]}
      - deploy:
          requires: [hold]
          context: npm
          filters: {branches: {only: main}}
)");
  CHECK_FALSE(pipeline.broken);
  CHECK(pipeline.judges_changes());
  const auto& unit = job(pipeline, "unit");
  CHECK(unit.runner.labels == Texts{"large"});
  CHECK(unit.image == "cimg/node:20");
  CHECK(unit.services == Texts{"postgres:16"});
  REQUIRE(unit.steps.size() == 3);
  CHECK(unit.steps[1].uses == "circleci/node/install-packages");
  CHECK(unit.steps[1].uses_version == "5.2.0");
  CHECK(unit.steps[1].with.at("pkg-manager") == "yarn");
  REQUIRE(unit.steps[2].script.commands.size() == 3);
  CHECK(unit.steps[2].script.commands[0].line == 19);
  CHECK(unit.steps[2].script.commands[0].context.fatal);
  CHECK(unit.steps[2].script.commands[1].context.fatal);  // pipefail
  CHECK(credential(unit.credentials, "ci")->kind == CredentialUse::Kind::service);
  CHECK_FALSE(unit.gated);

  CHECK(job(pipeline, "hold").gated);
  const auto& deploy = job(pipeline, "deploy");
  CHECK(deploy.gated);  // it waits for the person that releases `hold`
  CHECK(deploy.needs == Texts{"hold"});
  CHECK(deploy.runner.labels == Texts{"ubuntu-2404:current"});
  CHECK(credential(deploy.credentials, "NPM_TOKEN"));
  CHECK(deploy.events.at(0).filters.at("branches") == Texts{"main"});
  CHECK(deploy.steps.at(1).condition.truth == Truth::depends);
  CHECK_FALSE(deploy.steps.at(1).is_cleanup);
  CHECK(job(pipeline, "forgotten").hidden);
}

TEST_CASE("CircleCI: filters that let nothing through") {
  const auto pipeline = read_circleci(R"(version: 2.1
jobs:
  a: {docker: [{image: x}], steps: [run: make test]}
  b: {docker: [{image: x}], steps: [run: make test]}
  c: {docker: [{image: x}], steps: [run: make test]}
workflows:
  main:
    jobs:
      - a: {filters: {branches: {ignore: /.*/}}}
      - b: {filters: {branches: {ignore: /.*/}, tags: {only: /v.*/}}}
      - c: {filters: {branches: {ignore: [docs]}}}
)");
  CHECK(job(pipeline, "a").condition.truth == Truth::never);
  CHECK(job(pipeline, "b").condition.truth == Truth::always);
  REQUIRE(job(pipeline, "b").events.size() == 1);
  CHECK(job(pipeline, "b").events[0].name == "tag");
  CHECK(job(pipeline, "c").events.at(0).judges_changes());
}

TEST_CASE("CircleCI: conditions of workflows and steps") {
  const auto pipeline = read_circleci(R"(version: 2.1
parameters: {slow: {type: boolean, default: false}}
jobs:
  t:
    parameters: {lint: {type: boolean, default: true}}
    docker: [{image: x}]
    steps:
      - when: {condition: << parameters.lint >>, steps: [run: make lint]}
      - unless: {condition: << parameters.lint >>, steps: [run: make test]}
      - when: {condition: {equal: [main, << pipeline.git.branch >>]}, steps: [run: make doc]}
workflows:
  constant: {when: false, jobs: [t]}
  off: {when: << pipeline.parameters.slow >>, jobs: [t]}
  on: {unless: << pipeline.parameters.slow >>, jobs: [t]}
  nightly: {when: {equal: [scheduled_pipeline, << pipeline.trigger_source >>]}, jobs: [t]}
  old: {triggers: [{schedule: {cron: 0 0 * * *, filters: {branches: {only: main}}}}], jobs: [t]}
)");
  REQUIRE(pipeline.jobs.size() == 5);
  CHECK(job(pipeline, "t").condition.truth == Truth::never);
  CHECK(job(pipeline, "off/t").condition.truth == Truth::unlikely);
  CHECK(job(pipeline, "off/t").events.at(0).name == "api");
  CHECK(job(pipeline, "on/t").events.at(0).name == "push");
  CHECK(job(pipeline, "on/t").condition.truth == Truth::always);
  CHECK(job(pipeline, "nightly/t").events.at(0).name == "schedule");
  CHECK(job(pipeline, "old/t").events.at(0).filters.at("cron") == Texts{"0 0 * * *"});
  const auto& steps = job(pipeline, "on/t").steps;
  REQUIRE(steps.size() == 3);
  CHECK(steps[0].condition.truth == Truth::always);
  CHECK(steps[1].condition.truth == Truth::never);
  CHECK(steps[2].condition.truth == Truth::depends);
}

TEST_CASE("CircleCI: matrix, shells, soft steps, inline orbs") {
  const auto pipeline = read_circleci(R"(version: 2.1
orbs:
  mine:
    commands: {hello: {steps: [run: make hello]}}
jobs:
  t:
    parameters: {os: {type: string}, args: {type: string, default: -v}}
    docker: [{image: "cimg/<< parameters.os >>"}]
    resource_class: << parameters.os >>
    shell: /bin/sh
    steps:
      - mine/hello
      - run: go test << parameters.args >> ./<< parameters.os >>
      - run: {command: make serve, background: true}
      - run: {command: "false | true", shell: /bin/bash -eo pipefail}
workflows:
  main:
    jobs:
      - t:
          matrix: {parameters: {os: [a, b], args: [x]}, exclude: [{os: b, args: y}]}
      - mine/gone
)");
  const auto& t = job(pipeline, "t");
  CHECK(t.legs == Texts{"os=a,args=x", "os=b,args=x"});
  CHECK(t.runner.labels == Texts{"a", "b"});
  REQUIRE(t.steps.size() == 4);
  CHECK(programs(t).at(0) == "make hello");
  CHECK(t.steps[1].script.commands.at(0).redirections.empty());
  CHECK(t.steps[1].shell == "sh");
  CHECK(t.steps[2].may_fail);
  CHECK(t.steps[3].script.commands.at(0).context.fatal);
}

TEST_CASE("CircleCI: hostile input never crashes") {
  for (const auto* text :
       {"workflows: 3", "workflows: {a: {jobs: {b: c}}}", "jobs: [1, 2]", "jobs: {build: {steps: {run: x}}}",
        "workflows: {a: {jobs: [{}, [], {b: }, {b: []}, {c: {requires: {d: e}, filters: [], matrix: 1, context: {x: "
        "y}}}]}}",
        "jobs: {build: {docker: x, machine: [], executor: {name: []}, steps: [[run], {run: }, {run: []}, {when: }]}}",
        "orbs: [a]", "orbs: {a: {orbs: {a: 1}, commands: []}}\njobs: {build: {steps: [a/b, a/]}}", "[]", "x"}) {
    CAPTURE(text);
    CHECK_NOTHROW(read_circleci(text));
  }
  std::string calls;
  for (int i = 0; i < 20; ++i) calls += "loop, ";
  const auto looped =
      read_circleci("commands: {loop: {steps: [" + calls + "{run: x}]}}\njobs: {build: {steps: [loop]}}\n");
  CHECK(looped.jobs.size() == 1);
  CHECK(read_circleci("jobs: {build: {steps: [run: make test]}}").jobs.at(0).hidden == false);
  CHECK(read_circleci("a: [").broken);
}

}  // namespace
TEST_CASE("CircleCI: the job's directory is where the tree is checked out") {
  const auto pipeline = read_only({{".circleci/config.yml", R"(version: 2.1
executors:
  go: {docker: [{image: x}], working_directory: /go/src/example.org/quern}
jobs:
  test:
    executor: go
    steps:
      - checkout
      - run: make test
      - run: {command: make lint, working_directory: web}
      - run: {command: make types, working_directory: /go/src/example.org/quern/api}
workflows: {all: {jobs: [test]}}
)"}});
  std::string directories;
  for (const auto& step : job(pipeline, "test").steps)
    if (!step.run.empty()) directories += step.run + " in '" + step.working_directory + "'; ";
  CHECK(directories == "make test in ''; make lint in 'web'; make types in 'api'; ");
}

}  // namespace tollbar::pipeline
