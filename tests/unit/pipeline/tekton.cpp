// Tekton resources read into the model.
#include <doctest/doctest.h>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

constexpr auto kHead =
    "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  name: pr\n  annotations:\n    "
    "pipelinesascode.tekton.dev/on-event: \"[pull_request]\"\n";

Pipeline read_tekton(const std::string& text) {
  return read_only({{".tekton/pr.yaml", text}});
}

TEST_CASE("Tekton: a run, its tasks and its account") {
  const auto pipeline =
      read_tekton(std::string(kHead) + R"(    pipelinesascode.tekton.dev/on-target-branch: "[main, release]"
spec:
  taskRunTemplate: {serviceAccountName: builder}
  workspaces: [{name: key, secret: {secretName: deploy-key}}]
  pipelineSpec:
    tasks:
      - name: clone
        taskRef: {resolver: hub, params: [{name: name, value: git-clone}, {name: version, value: "0.9"}]}
      - name: test
        runAfter: [clone]
        when: [{input: "no", operator: in, values: ["yes"]}]
        taskSpec:
          steps:
            - name: unit
              image: golang:1.22
              workingDir: $(workspaces.source.path)/app
              onError: continue
              securityContext: {privileged: true}
              env: [{name: T, valueFrom: {secretKeyRef: {name: api, key: token}}}]
              script: |
                go test ./...
                go vet ./...
            - name: lint
              image: lint:1
              command: [sh, -c]
              args: ["make lint; true"]
            - {name: scan, image: "scanner:2@sha256:abc"}
      - name: report
        params: [{name: x, value: $(tasks.test.results.x)}]
        taskRef: {name: elsewhere}
)");
  CHECK_FALSE(pipeline.broken);
  CHECK(event(pipeline.events, "pull_request")->filters.at("branches") == Texts{"main", "release"});
  CHECK_FALSE(event(pipeline.events, "push"));
  REQUIRE(pipeline.jobs.size() == 3);
  CHECK(pipeline.jobs[0].uses == "hub:git-clone");
  CHECK(pipeline.jobs[0].uses_version == "0.9");
  const auto& test = pipeline.jobs[1];
  CHECK(test.needs == Texts{"clone"});
  CHECK(test.condition.truth == Truth::never);
  CHECK(credential(test.credentials, "builder")->kind == CredentialUse::Kind::service);
  CHECK(credential(test.credentials, "deploy-key"));
  CHECK(credential(test.credentials, "api/token")->bound_to == "T");
  CHECK(test.container_options == Texts{"--privileged"});
  REQUIRE(test.steps.size() == 3);
  CHECK(test.steps[0].may_fail);
  CHECK(test.steps[0].working_directory == "app");
  CHECK(test.steps[0].script.commands.at(0).context.fatal);
  CHECK(test.steps[0].script.commands.at(1).line == 28);
  CHECK(test.steps[1].run == "make lint; true");
  CHECK_FALSE(test.steps[1].script.commands.at(0).context.fatal);
  CHECK(test.steps[2].uses == "scanner");
  CHECK(test.steps[2].uses_version == "sha256:abc");
  CHECK(pipeline.jobs[2].needs == Texts{"test"});
}

TEST_CASE("Tekton: scripts with an interpreter of their own have its options") {
  const auto commands = [](const std::string& first_line) {
    return read_tekton(std::string(kHead) +
                       "spec: {pipelineSpec: {tasks: [{name: t, taskSpec: {steps: [{image: x, script: \"" + first_line +
                       "\\nmake test\\nmake lint\"}]}}]}}\n")
        .jobs.at(0)
        .steps.at(0)
        .script.commands;
  };
  CHECK_FALSE(commands("#!/bin/sh").at(0).context.fatal);
  CHECK(commands("#!/bin/bash -e").at(0).context.fatal);
  CHECK(commands("#!/usr/bin/env python3").empty());
}

TEST_CASE("Tekton: tasks and pipelines of other files") {
  auto tree = tree_of({{".tekton/run.yaml", std::string(kHead) + "spec: {pipelineRef: {name: ci}}\n"},
                       {".tekton/ci.yaml",
                        "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: ci}\nspec: {tasks: [{name: t, "
                        "taskRef: {name: unit}}]}\n"},
                       {".tekton/task.yaml",
                        "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: unit}\nspec: {steps: [{image: x, "
                        "script: make test}]}\n"
                        "---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: alone}\nspec: {steps: [{image: "
                        "x, script: make lint}]}\n"}});
  DocumentCache documents;
  const auto pipelines = read_all(tree, documents);
  REQUIRE(pipelines.size() == 3);
  CHECK(pipelines[0]->jobs.empty());
  CHECK(pipelines[1]->files == Texts{".tekton/run.yaml", ".tekton/ci.yaml", ".tekton/task.yaml"});
  CHECK(job(*pipelines[1], "t").steps.at(0).run == "make test");
  CHECK(job(*pipelines[1], "t").path == ".tekton/task.yaml");
  CHECK(pipelines[2]->jobs.size() == 1);
  CHECK(job(*pipelines[2], "alone").steps.size() == 1);
}

TEST_CASE("Tekton: events and odd files") {
  const auto events = [](const std::string& annotations) {
    return read_tekton("apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: x, annotations: {" +
                       annotations + "}}\nspec: {}\n")
        .events;
  };
  CHECK(event(events(""), "manual"));
  CHECK(event(events("pipelinesascode.tekton.dev/on-comment: /go"), "issue_comment"));
  const auto cel = events("pipelinesascode.tekton.dev/on-cel-expression: event == \"push\"");
  CHECK(cel.size() == 1);
  CHECK(event(cel, "push"));
  CHECK(read_tekton("a: [\n").broken);
  for (const auto* text : {"apiVersion: tekton.dev/v1\nkind: PipelineRun\nspec: text\n",
                           "apiVersion: tekton.dev/v1\nkind: Task\nspec: {steps: 3, volumes: x}\n",
                           "apiVersion: tekton.dev/v1\nkind: Pipeline\nspec: {tasks: [1, [2], {taskRef: text, when: 3, "
                           "matrix: {params: 3}, runAfter: {a: b}}]}\n",
                           "apiVersion: [x]\n---\n- 1\n---\ntext\n", "kind: Deployment\n",
                           "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec: {taskSpec: {steps: [{command: [], args: 3, "
                           "script: [x], env: 3, envFrom: [1]}]}}\n",
                           "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec: {taskSpec: {steps: [{command: sh -c, args: "
                           "[-c]}, {command: [bash, -c], args: x}, {command: [sh], args: ['-', '']}]}}\n"}) {
    CAPTURE(text);
    CHECK(read_tekton(text).path == ".tekton/pr.yaml");
  }
}

}  // namespace
}  // namespace tollbar::pipeline
