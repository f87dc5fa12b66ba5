// Argo Workflows read into the model.
#include <doctest/doctest.h>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

constexpr auto kHead = "apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\nmetadata: {name: w}\n";

Pipeline read_argo(const std::string& text) {
  return read_only({{"argo/ci.yaml", text}});
}

TEST_CASE("Argo: what the entrypoint leads to, with its parameters") {
  const auto pipeline = read_argo(std::string(kHead) + R"(spec:
  entrypoint: all
  serviceAccountName: runner
  templates:
    - name: all
      dag:
        tasks:
          - {name: lint, template: run, arguments: {parameters: [{name: cmd, value: make lint}]}}
          - name: test
            template: run
            continueOn: {failed: true}
            arguments: {parameters: [{name: cmd, value: make test}]}
          - name: ship
            depends: lint.Succeeded && test.Succeeded
            when: "false"
            templateRef: {name: shared, template: deploy}
    - name: run
      inputs: {parameters: [{name: cmd}]}
      container:
        image: go:1
        securityContext: {privileged: true}
        command: [sh, -ec]
        args: ["{{inputs.parameters.cmd}}"]
        env: [{name: T, valueFrom: {secretKeyRef: {name: s, key: k}}}]
    - name: unused
      script: {image: x, source: make nothing}
)");
  REQUIRE(pipeline.jobs.size() == 3);
  const auto& test = job(pipeline, "test");
  CHECK(test.may_fail);
  CHECK(test.image == "go:1");
  CHECK(test.container_options == Texts{"--privileged"});
  CHECK(test.steps.at(0).script.commands.at(0).text() == "make test");
  CHECK(credential(test.credentials, "runner")->kind == CredentialUse::Kind::service);
  CHECK(credential(test.credentials, "s/k")->bound_to == "T");
  CHECK_FALSE(job(pipeline, "lint").may_fail);
  const auto& ship = job(pipeline, "ship");
  CHECK(ship.uses == "shared/deploy");
  CHECK(ship.needs == Texts{"lint", "test"});
  CHECK(ship.condition.truth == Truth::never);
}

TEST_CASE("Argo: steps, gates, exit handlers and schedules") {
  const auto pipeline = read_argo(R"(apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
spec:
  schedule: "0 4 * * *"
  workflowSpec:
    entrypoint: main
    onExit: bye
    templates:
      - name: main
        steps:
          - [{name: a, template: go}, {name: b, template: go, when: "x == y"}]
          - [{name: ask, template: wait}]
          - [{name: c, template: go, withItems: [1, 2]}]
      - {name: go, script: {image: x, source: make test}}
      - {name: wait, suspend: {}}
      - {name: bye, container: {image: mail:1}}
)");
  CHECK(event(pipeline.events, "schedule")->filters.at("cron") == Texts{"0 4 * * *"});
  CHECK_FALSE(pipeline.judges_changes());
  CHECK(job(pipeline, "b").condition.truth == Truth::never);
  CHECK(job(pipeline, "ask").gated);
  CHECK(job(pipeline, "ask").needs == Texts{"a", "b"});
  CHECK(job(pipeline, "c").gated);
  CHECK_FALSE(job(pipeline, "a").gated);
  CHECK(job(pipeline, "c").legs == Texts{"1", "2"});
  CHECK(job(pipeline, "bye").steps.at(0).is_cleanup);
  CHECK(job(pipeline, "bye").steps.at(0).uses == "mail");
}

TEST_CASE("Argo: only its own documents, whatever their shape") {
  CHECK(read_argo("kind: Deployment\n").path.empty());
  CHECK(read_argo(std::string(kHead) + "spec: [\n").broken);
  for (const auto* spec :
       {"text", "{entrypoint: [x], templates: 3}",
        "{templates: [1, {name: a, dag: 3}, {name: b, steps: text}, {name: c, steps: [1, [2]]}]}",
        "{entrypoint: a, templates: [{name: a, steps: [[{template: a}, {template: a}, {template: a}]]}]}",
        "{entrypoint: a, templates: [{name: a, container: {args: '{{', command: 3}}], arguments: {parameters: text}}",
        "{entrypoint: a, templates: [{name: a, container: {args: ['{{}}', '{{ }}', '{{inputs.parameters.x}}']}}]}"}) {
    CAPTURE(spec);
    CHECK(read_argo(std::string(kHead) + "spec: " + spec + "\n").system == System::argo);
  }
}

}  // namespace
}  // namespace tollbar::pipeline
