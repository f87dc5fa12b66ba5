// Bitbucket Pipelines read into the model.
#include <doctest/doctest.h>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

Pipeline read_bitbucket(const std::string& text) {
  return read_only({{"bitbucket-pipelines.yml", text}});
}

TEST_CASE("Bitbucket: sections, anchors, pipes, gates") {
  const auto pipeline = read_bitbucket(R"(image: maven:3.9
definitions:
  steps:
    - step: &verify
        name: Verify
        script:
          - mvn -B verify
          - |
            mvn -B a
            mvn -B b
pipelines:
  default:
    - parallel:
        - step: *verify
        - step: {name: Lint, size: 2x, runs-on: [self.hosted, linux], script: [make lint], after-script: [make report]}
  pull-requests:
    '**':
      - step: *verify
      - step:
          name: Scan
          oidc: true
          script:
            - export A=1
            - pipe: atlassian/git-secrets-scan:3.0.0
              variables: {TOKEN: $SCAN_TOKEN}
            - ./after.sh
  branches:
    main:
      - step: *verify
      - step: {name: Deploy, deployment: production, trigger: manual, script: [./deploy.sh $DEPLOY_KEY]}
      - step: {name: Announce, script: [./announce.sh]}
  custom:
    nightly: [step: {script: [make slow]}]
)");
  CHECK(pipeline.judges_changes());
  CHECK(event(pipeline.events, "push")->filters.empty());
  CHECK(event(pipeline.events, "pull_request")->filters.empty());
  CHECK(event(pipeline.events, "manual"));
  const auto& verify = job(pipeline, "default/Verify");
  CHECK(verify.image == "maven:3.9");
  REQUIRE(verify.steps.size() == 1);
  CHECK(verify.steps[0].script.commands.at(0).context.fatal);
  CHECK(verify.steps[0].script.commands.at(1).line == 9);
  const auto& lint = job(pipeline, "default/Lint");
  CHECK(lint.runner.labels == Texts{"2x", "linux", "self.hosted"});
  CHECK(lint.needs.empty());
  CHECK(lint.steps.at(1).is_cleanup);
  const auto& scan = job(pipeline, "pull-requests/**/Scan");
  CHECK(scan.needs == Texts{"pull-requests/**/Verify"});
  REQUIRE(scan.steps.size() == 3);
  CHECK(scan.steps[1].uses == "atlassian/git-secrets-scan");
  CHECK(scan.steps[1].uses_version == "3.0.0");
  CHECK(credential(scan.credentials, "SCAN_TOKEN")->bound_to == "TOKEN");
  CHECK(credential(scan.credentials, "BITBUCKET_STEP_OIDC_TOKEN")->kind == CredentialUse::Kind::identity);
  const auto& deploy = job(pipeline, "branches/main/Deploy");
  CHECK(deploy.gated);
  CHECK(deploy.environment == "production");
  CHECK(credential(deploy.credentials, "DEPLOY_KEY")->scope == "environment production");
  CHECK(job(pipeline, "branches/main/Announce").gated);
  CHECK_FALSE(job(pipeline, "branches/main/Verify").gated);
  CHECK_FALSE(job(pipeline, "custom/nightly/step").events.at(0).judges_changes());
}

TEST_CASE("Bitbucket: soft failures, conditions, stages, set +e") {
  const auto pipeline = read_bitbucket(R"(
pipelines:
  branches:
    '*':
      - stage:
          name: S
          condition: {changesets: {includePaths: [a/**]}}
          steps:
            - step: {name: a, on-fail: {strategy: ignore}, script: [set +e, make test, make lint]}
            - step: {name: a, script: [make test]}
)");
  const auto& a = job(pipeline, "branches/*/a");
  CHECK(a.may_fail);
  CHECK(a.stage == "S");
  CHECK(a.condition.truth == Truth::depends);
  CHECK_FALSE(a.steps.at(0).script.commands.at(1).context.fatal);
  CHECK(job(pipeline, "branches/*/a-2").needs == Texts{"branches/*/a"});
}

TEST_CASE("Bitbucket: hostile input never crashes") {
  for (const auto* text :
       {"pipelines: 1", "pipelines: {default: 1}", "pipelines: {default: [1, [], {step: }, {step: []}, {parallel: 1}]}",
        "pipelines: {branches: [a]}", "pipelines: {custom: {x: [{variables: 1}, {stage: {steps: [{stage: {}}]}}]}}",
        "pipelines: {default: [{step: {script: {a: b}, image: [], runs-on: {a: b}, on-fail: 1, condition: 1}}]}",
        "pipelines: {default: [{step: {script: [{pipe: []}, {pipe: }, [x]]}}]}", "[]"}) {
    CAPTURE(text);
    CHECK_NOTHROW(read_bitbucket(text));
  }
}

}  // namespace
}  // namespace tollbar::pipeline
