// Azure Pipelines read into the model.
#include <doctest/doctest.h>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

Pipeline read_azure(const std::string& text) {
  return read_only({{"azure-pipelines.yml", text}});
}

TEST_CASE("Azure: pipelines stand where the build of a repository does, templates beside them") {
  const std::string text = "pr: [main]\njobs:\n- job: Test\n  steps:\n  - script: dotnet test\n";
  for (const std::string folder : {"eng/ci", "eng/pipelines", "build/azure-pipelines", ".ado", ".vsts", ".vsts-ci"}) {
    const auto pipeline = read_only(
        {{folder + "/public.yml", text}, {folder + "/jobs.yml", "jobs:\n- job: Other\n  steps: [{script: a}]\n"}});
    REQUIRE(pipeline.jobs.size() == 1);
    CHECK(pipeline.jobs[0].id == "Test");
  }
  const auto reads = [&](const std::string& path) {
    auto tree = tree_of({{path, text}});
    DocumentCache documents;
    return read_all(tree, documents).size() == 1;
  };
  CHECK(reads("azure_pipeline.yaml"));
  CHECK(reads("Azure-Pipelines.nightly.yml"));
  CHECK(reads(".ci/azure-pipelines.yml"));
  CHECK(reads(".vsts-ci.yml"));
  CHECK(reads(".vsts.release.yaml"));
  CHECK_FALSE(reads(".vsts.template.windows.yml"));
  CHECK_FALSE(reads("src/.vsts.ci.yml"));
  CHECK_FALSE(reads("vsts.yml"));
  CHECK_FALSE(reads("docs/azure-pipelines.yml"));
  CHECK_FALSE(reads("pipeline-azure.json"));
  CHECK_FALSE(reads("azure.yml"));
}

TEST_CASE("Azure: stages, deployments, templates, connections") {
  const auto pipeline = read_only({{"azure-pipelines.yml", R"(trigger:
  branches: {include: [main], exclude: [old/*]}
pr: [main]
variables:
- {name: config, value: Release}
- group: prod-secrets
stages:
- stage: Validate
  jobs:
  - job: Test
    displayName: Unit tests
    pool: {vmImage: ubuntu-22.04, demands: [java]}
    steps:
    - checkout: self
      persistCredentials: true
    - script: |
        dotnet build -c $(config)
        echo $(Build.SourceBranch) $(pwd) $(npmToken)
      displayName: Build
    - task: DotNetCoreCLI@2
      inputs: {command: test, projects: tests/x.csproj}
    - template: build/scan.yml
      parameters: {level: high}
- stage: Deploy
  condition: and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))
  jobs:
  - deployment: Production
    environment: {name: prod}
    pool: Private
    strategy:
      runOnce:
        deploy: {steps: [{task: AzureWebApp@1, inputs: {azureSubscription: peat-prod}}]}
        on: {failure: {steps: [{script: ./rollback.sh}]}}
)"},
                                   {"build/scan.yml", R"(parameters:
- {name: level, default: low}
steps:
- script: ./scan.sh ${{ parameters.level }}
- ${{ if eq(parameters.level, 'low') }}:
  - script: ./skipped.sh
)"}});
  REQUIRE(pipeline.events.size() == 2);
  CHECK(pipeline.events[0].filters.at("branches") == Texts{"main"});
  CHECK(pipeline.events[0].filters.at("branches-ignore") == Texts{"old/*"});
  CHECK(pipeline.events[1].name == "pull_request");
  CHECK(pipeline.files == Texts{"azure-pipelines.yml", "build/scan.yml"});
  const auto& test = job(pipeline, "Test");
  CHECK(test.name == "Unit tests");
  CHECK(test.runner.labels == Texts{"demand java", "ubuntu-22.04"});
  REQUIRE(test.steps.size() == 4);
  const auto& commands = test.steps[1].script.commands;
  CHECK(commands.at(0).text() == "dotnet build -c Release");
  CHECK(commands.at(0).line == 17);
  CHECK_FALSE(commands.at(0).context.fatal);  // without -e only the last one counts
  CHECK(test.steps[2].script.commands.at(0).text() == "dotnet test tests/x.csproj");
  CHECK(test.steps[2].uses_version == "2");
  CHECK(test.steps[3].script.commands.at(0).text() == "./scan.sh high");
  CHECK(credential(test.credentials, "prod-secrets")->source == "azure-variable-group");
  CHECK(credential(test.credentials, "npmToken"));
  CHECK(credential(test.credentials, "System.AccessToken"));
  const auto& deploy = job(pipeline, "Production");
  CHECK(deploy.environment == "prod");
  CHECK(deploy.runner.group == "Private");
  CHECK(deploy.needs == Texts{"Test"});
  CHECK(deploy.condition.truth == Truth::depends);
  CHECK(credential(deploy.credentials, "peat-prod")->kind == CredentialUse::Kind::service);
  REQUIRE(deploy.steps.size() == 2);
  CHECK(deploy.steps[1].is_cleanup);
}

TEST_CASE("Azure: conditions fold") {
  const auto truth = [](const std::string& condition) {
    return read_azure("variables: {run: 'no'}\njobs:\n- job: a\n  condition: " + condition + "\n  steps: [script: x]\n")
        .jobs.at(0)
        .condition.truth;
  };
  CHECK(truth("false") == Truth::never);
  CHECK(truth("succeeded()") == Truth::always);
  CHECK(truth("always()") == Truth::always);
  CHECK(truth("eq('run', 'skip')") == Truth::never);
  CHECK(truth("eq(1, 2)") == Truth::never);
  CHECK(truth("and(false, eq(variables['Build.Reason'], 'x'))") == Truth::never);
  CHECK(truth("and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))") == Truth::depends);
  CHECK(truth("eq(variables.run, 'yes')") == Truth::never);
  CHECK(truth("eq(variables['RUN'], 'NO')") == Truth::always);
  CHECK(truth("eq(variables.nobody, 'yes')") == Truth::unlikely);
  CHECK(truth("or(failed(), eq('it''s', 'x'))") == Truth::depends);
  CHECK(truth("not(in('a', 'b', 'A'))") == Truth::never);
  CHECK(truth("\"eq('a'\"") == Truth::depends);
}

TEST_CASE("Azure: what takes a check out of force") {
  const auto pipeline = read_azure(R"(
trigger: none
pr: none
jobs:
- job: a
  continueOnError: true
  strategy: {matrix: {linux: {image: ubuntu-22.04}, mac: {image: macos-14}}}
  pool: {vmImage: $(image)}
  steps:
  - script: make test
    enabled: false
  - bash: make lint
    continueOnError: true
  - pwsh: ./x.ps1
    condition: eq(variables['later'], 'yes')
- job: b
  dependsOn: a
  pool: server
  steps: [task: ManualValidation@0]
- job: c
  dependsOn: [b]
  steps: [bash: 'echo "##vso[task.setvariable variable=later]yes"']
)");
  CHECK(pipeline.events.empty());
  CHECK_FALSE(pipeline.judges_changes());
  const auto& a = job(pipeline, "a");
  CHECK(a.may_fail);
  CHECK(a.legs == Texts{"linux,image=ubuntu-22.04", "mac,image=macos-14"});
  CHECK(a.runner.labels == Texts{"macos-14", "ubuntu-22.04"});
  CHECK(a.steps.at(0).condition.truth == Truth::never);
  CHECK(a.steps.at(1).may_fail);
  CHECK(a.steps.at(2).condition.truth == Truth::depends);  // a script sets it
  CHECK(job(pipeline, "b").gated);
  CHECK(job(pipeline, "c").gated);
}

TEST_CASE("Azure: triggers") {
  CHECK(read_azure("steps: [script: make]").events.size() == 2);
  CHECK(read_azure("trigger: {branches: {exclude: ['*']}}\npr: none\nsteps: [script: make]").judges_changes() == false);
  CHECK(read_azure("trigger: [refs/heads/*]\npr: none\nsteps: [script: make]").events.at(0).filters.empty());
  CHECK(read_azure("trigger: none\npr: none\nschedules: [{cron: x}]").events.at(0).name == "schedule");
}

TEST_CASE("Azure: job templates, loops, foreign templates, extends") {
  auto tree = tree_of({{"azure-pipelines/nightly.yml", R"(trigger: none
resources: {repositories: [{repository: shared, name: org/shared, ref: refs/tags/v1}]}
jobs:
- template: /azure-pipelines/jobs.yml
  parameters: {names: [x, y]}
- template: deploy.yml@shared
)"},
                       {"azure-pipelines/jobs.yml", R"(parameters: {names: []}
jobs:
- ${{ each n in parameters.names }}:
  - job: test_${{ n }}
    steps:
    - script: make ${{ n }}
)"},
                       {".azure-pipelines/main.yml", "trigger: [main]\nextends: {template: base.yml}\n"},
                       {".azure-pipelines/base.yml", "steps: [script: make]\n"}});
  DocumentCache documents;
  const auto pipelines = read_all(tree, documents);
  REQUIRE(pipelines.size() == 2);
  const auto& nightly = *pipelines[0];
  CHECK(nightly.includes == Texts{"org/shared@refs/tags/v1", "deploy.yml@shared"});
  CHECK(job(nightly, "test_x").path == "azure-pipelines/jobs.yml");
  CHECK(job(nightly, "test_y").steps.at(0).script.commands.at(0).text() == "make y");
  CHECK(nightly.jobs.back().uses == "template:deploy.yml");
  CHECK(nightly.jobs.back().uses_version == "shared");
  CHECK(pipelines[1]->jobs.at(0).steps.size() == 1);
}

TEST_CASE("Azure: a template of another repository is handed what runs") {
  auto tree = tree_of({{"common/config/azure-pipelines/publish.yml", R"(trigger: [main]
resources: {repositories: [{repository: shared, name: org/shared}]}
extends:
  template: v1/Official.yml@shared
  parameters:
    pool: {vmImage: ubuntu-24.04}
    settings: {jobs: 3}
    stages:
    - template: /common/config/azure-pipelines/stages.yml@self
      parameters: {branch: bump}
)"},
                       {"common/config/azure-pipelines/stages.yml", R"(parameters: {branch: ''}
stages:
- stage: Bump
  jobs:
  - job: Push
    steps:
    - bash: git push origin ${{ parameters.branch }}
)"}});
  DocumentCache documents;
  const auto pipelines = read_all(tree, documents);
  REQUIRE(pipelines.size() == 1);
  REQUIRE(pipelines[0]->jobs.size() == 1);
  CHECK(pipelines[0]->jobs[0].steps.at(0).script.commands.at(0).text() == "git push origin bump");
  CHECK(pipelines[0]->jobs[0].runner.labels == Texts{"ubuntu-24.04"});
  const auto own = read_azure(
      "trigger: [main]\nextends: {template: x.yml@y, parameters: {stages: [{stage: A, jobs: [{job: Its}]}]}}\n"
      "stages: [{stage: B, jobs: [{job: Own, steps: [{script: make}]}]}]\n");
  REQUIRE(own.jobs.size() == 1);
  CHECK(own.jobs[0].id == "Own");
}

TEST_CASE("Azure: a broken or looping template, and hostile input") {
  CHECK(read_only({{"azure-pipelines.yml", "steps: [{template: t.yml}]"}, {"t.yml", "steps: ["}}).broken);
  CHECK_NOTHROW(read_only(
      {{"azure-pipelines.yml", "steps: [{template: azure-pipelines.yml}, {template: azure-pipelines.yml}]"}}));
  for (const auto* text :
       {"stages: 1", "stages: [1, [], {jobs: 1}, {stage: [], jobs: [1, {}, {job: []}]}]", "jobs: {a: b}", "steps: {}",
        "steps: [1, [], {script: []}, {task: {}}, {task: Bash@3, inputs: []}, {checkout: []}, {template: []}]",
        "trigger: {branches: 1, paths: []}\npr: [[]]\nschedules: {a: b}", "resources: []\nvariables: [1, {name: []}]",
        "jobs: [{deployment: x, strategy: {runOnce: 1}, environment: [], pool: [], container: [], dependsOn: {a: b}}]",
        "parameters: [1]\nsteps: [script: '${{ parameters }} ${{ }} ${{ if }} $[ $( ${{']", "${{ each x in y }}: 1",
        "[]", "steps: [{'${{ if and(' : [script: x]}]", "variables: {a: $(a)}\nsteps: [script: $(a)]"}) {
    CAPTURE(text);
    CHECK_NOTHROW(read_azure(text));
  }
  std::string deep = "condition";
  for (int i = 0; i < 2000; ++i) deep = "not(" + deep;
  CHECK_NOTHROW(read_azure("jobs: [{job: a, condition: \"" + deep + "\"}]"));
}

TEST_CASE("Azure: a template that is extended may extend one of another repository") {
  const auto pipeline = read_only({{"azure-pipelines.yml", R"(pr: [main]
extends:
  template: /ci/base.yml@self
  parameters: {config: Release}
)"},
                                   {"ci/base.yml", R"(parameters:
- {name: config, type: string, default: Debug}
extends:
  template: v1/official.yml@shared
  parameters:
    stages:
    - stage: build
      jobs:
      - job: test
        steps: [{script: "dotnet test -c ${{ parameters.config }}"}]
)"}});
  REQUIRE(pipeline.jobs.size() == 1);
  CHECK(pipeline.jobs[0].id == "test");
  CHECK(pipeline.jobs[0].steps.at(0).run == "dotnet test -c Release");
}

TEST_CASE("Azure: a template that extends itself comes to an end") {
  CHECK(read_azure("pr: [main]\nextends: {template: azure-pipelines.yml}\njobs: [{job: a, steps: [{script: b}]}]\n")
            .jobs.size() == 1);
}

}  // namespace
}  // namespace tollbar::pipeline
