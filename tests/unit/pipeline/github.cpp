// GitHub workflows and actions read into the model.
#include <doctest/doctest.h>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Kind = CredentialUse::Kind;
using Labels = std::vector<std::string>;

std::string with_job(const std::string& body) {
  return "on: push\njobs:\n  a:\n" + body;
}

TEST_CASE("only files directly in the directory of workflows are live") {
  auto tree = tree_of({{".github/workflows/a.yml", "on: push"},
                       {".github/workflows/b.yaml", "on: push"},
                       {".github/workflows/c.json", "{}"},
                       {".github/workflows/deep/d.yml", "on: push"},
                       {"docs/.github/workflows/e.yml", "on: push"}});
  DocumentCache documents;
  const auto pipelines = read_all(tree, documents);
  REQUIRE(pipelines.size() == 2);
  CHECK(pipelines[0]->path == ".github/workflows/a.yml");
  CHECK(pipelines[1]->path == ".github/workflows/b.yaml");
  const auto& github = readers().front();
  CHECK(github.is_live(".github/workflows/a.yml"));
  CHECK(github.is_live(".forgejo/workflows/a.yml"));
  CHECK(github.is_live(".gitea/workflows/a.yaml"));
  CHECK_FALSE(github.is_live(".github/workflows/deep/d.yml"));
  CHECK_FALSE(github.is_live("x/.github/workflows/a.yml"));
}

TEST_CASE("events in every form") {
  CHECK(read_github("on: push\n").events.size() == 1);
  CHECK(read_github("on: [push, pull_request]\n").events.size() == 2);
  CHECK(read_github("'on': {push: , merge_group: }\n").events.size() == 2);
  CHECK(read_github("true: [push]\n").events.size() == 1);
  const auto pipeline = read_github(R"(
on:
  push:
    branches: [main, 'release/**']
    paths-ignore: '**.md'
  schedule:
    - cron: '0 0 * * *'
  workflow_call:
    inputs:
      version: {type: string, required: true, default: x}
    secrets:
      token: {required: true}
)");
  const auto* push = event(pipeline.events, "push");
  REQUIRE(push);
  CHECK(push->filters.at("branches") == Labels{"main", "release/**"});
  CHECK(push->filters.at("paths-ignore") == Labels{"**.md"});
  CHECK(push->line == 3);
  CHECK(event(pipeline.events, "schedule")->filters.at("cron") == Labels{"0 0 * * *"});
  const auto& parameters = event(pipeline.events, "workflow_call")->parameters;
  CHECK(parameters.at("version").required);
  CHECK(parameters.at("version").default_value == "x");
  CHECK(parameters.at("token").type == "secret");
}

TEST_CASE("pipelines that judge changes") {
  for (const auto* on :
       {"push", "[schedule, pull_request]", "{push: {branches: [x]}}", "{pull_request: {types: [opened, closed]}}",
        "merge_group", "{push: {tags: ['v*'], branches: [main]}}"}) {
    CAPTURE(on);
    CHECK(read_github(std::string("on: ") + on + "\n").judges_changes());
  }
  for (const auto* on : {"schedule", "{}", "[workflow_dispatch, workflow_call]", "{push: {tags: ['v*']}}",
                         "{pull_request: {types: [closed]}}", "{push: {branches-ignore: ['**']}}",
                         "{pull_request: {paths-ignore: ['**']}}", "{push: {branches: ['!main']}}"}) {
    CAPTURE(on);
    CHECK_FALSE(read_github(std::string("on: ") + on + "\n").judges_changes());
  }
}

TEST_CASE("permissions are those effective for the job") {
  const auto pipeline = read_github(R"(
on: push
permissions: {contents: read}
jobs:
  inherits: {runs-on: x}
  all: {runs-on: x, permissions: write-all}
  none: {runs-on: x, permissions: {}}
  own: {runs-on: x, permissions: {id-token: write, packages: read}}
)");
  CHECK(job(pipeline, "inherits").access("contents") == Access::read);
  CHECK(job(pipeline, "inherits").access("issues") == Access::none);
  CHECK(job(pipeline, "all").access("issues") == Access::write);
  CHECK(job(pipeline, "none").access("contents") == Access::none);
  CHECK_FALSE(job(pipeline, "none").permissions_default);
  CHECK(job(pipeline, "own").access("contents") == Access::none);
  CHECK(credential(job(pipeline, "own").credentials, "id-token")->kind == Kind::identity);
  CHECK(read_github(with_job("    runs-on: x\n")).jobs[0].permissions_default);
}

TEST_CASE("runner labels") {
  const auto labels = [](const std::string& runs_on) {
    return read_github(with_job("    runs-on: " + runs_on + "\n")).jobs.at(0).runner;
  };
  CHECK(labels("ubuntu-latest").labels == Labels{"ubuntu-latest"});
  CHECK(labels("[self-hosted, linux, linux]").labels == Labels{"linux", "self-hosted"});
  const auto group = labels("{group: large, labels: [x64]}");
  CHECK(group.group == "large");
  CHECK(group.labels == Labels{"x64"});
  CHECK(labels("${{ github.event_name == 'x' && 'a' || 'b' }}").labels == Labels{"b"});
  CHECK(labels("${{ github.ref_protected && 'a' || 'b' }}").labels == Labels{"a", "b"});
  CHECK(labels("${{ fromJSON('[\"self-hosted\", \"gpu\"]') }}").labels == Labels{"gpu", "self-hosted"});
  const auto dynamic = labels("${{inputs.runner}}");
  CHECK(dynamic.labels == Labels{"${{ inputs.runner }}"});
  CHECK(read_github(with_job("    runs-on: x\n")).jobs[0].runner.line == 4);
}

TEST_CASE("runner that is an input") {
  const auto pipeline = read_github(
      "on: {workflow_call: {inputs: {runner: {type: string}}}}\njobs: {a: {runs-on: '${{ inputs.runner }}'}}\n");
  CHECK(pipeline.jobs.at(0).runner.dynamic);
  CHECK(pipeline.jobs.at(0).runner.labels == Labels{"${{ inputs.runner }}"});
}

TEST_CASE("the default of an input is one of the labels") {
  const auto pipeline = read_github(
      "on: {workflow_call: {inputs: {Runner: {default: small}}}}\njobs: {a: {runs-on: '${{ inputs.runner }}'}}\n");
  CHECK(pipeline.jobs.at(0).runner.dynamic);
  CHECK(pipeline.jobs.at(0).runner.labels == Labels{"${{ inputs.runner }}", "small"});
}

TEST_CASE("matrix legs") {
  const auto read = [](const std::string& matrix) {
    return read_github(with_job("    runs-on: ${{ matrix.os }}\n    strategy:\n      fail-fast: false\n      matrix: " +
                                matrix + "\n"))
        .jobs.at(0);
  };
  const auto product = read("{os: [linux, mac], node: [18, 20], exclude: [{os: mac, node: 18}]}");
  CHECK(product.legs == Labels{"node=18,os=linux", "node=20,os=linux", "node=20,os=mac"});
  CHECK(product.runner.labels == Labels{"linux", "mac"});
  CHECK_FALSE(product.runner.dynamic);
  CHECK_FALSE(product.fail_fast);
  const auto included = read("{os: [linux, mac], include: [{os: mac, extra: 1}, {os: windows}, {color: red}]}");
  CHECK(included.legs == Labels{"color=red,os=linux", "color=red,extra=1,os=mac", "os=windows"});
  CHECK(read("{include: [{os: a}, {os: b}]}").runner.labels == Labels{"a", "b"});
  CHECK(read("{os: \"${{ fromJSON('[\\\"a\\\",\\\"b\\\"]') }}\"}").runner.labels == Labels{"a", "b"});
  const auto dynamic = read("{os: '${{ fromJSON(needs.x.outputs.y) }}', v: [1, 2]}");
  CHECK(dynamic.runner.dynamic);
  CHECK(dynamic.legs.size() == 2);
  CHECK(read("${{ fromJSON(needs.x.outputs.y) }}").runner.dynamic);
  const auto lists = read("{os: [[self-hosted, arm], [ubuntu]]}");
  CHECK(lists.runner.labels == Labels{"arm", "self-hosted", "ubuntu"});
}

TEST_CASE("an emptied matrix runs nothing") {
  for (const auto* matrix : {"{os: []}", "{os: [a], exclude: [{os: a}]}", "{include: []}", "{}"}) {
    CAPTURE(matrix);
    const auto pipeline =
        read_github(with_job(std::string("    runs-on: x\n    strategy: {matrix: ") + matrix + "}\n"));
    CHECK(pipeline.jobs.at(0).matrix_emptied);
    CHECK(pipeline.jobs.at(0).condition.truth == Truth::never);
  }
  CHECK_FALSE(read_github(with_job("    runs-on: x\n")).jobs.at(0).matrix_emptied);
}

TEST_CASE("conditions and failure") {
  const auto pipeline = read_github(R"(
on: [push]
jobs:
  a:
    runs-on: x
    if: ${{ false }}
    strategy: {matrix: {v: [1, 2], include: [{v: 2, soft: true}]}}
    continue-on-error: ${{ matrix.soft == true }}
    steps:
      - run: a
        if: matrix.v == 1
        continue-on-error: true
      - run: b
        if: matrix.v == 3
        continue-on-error: ${{ 'x' == 'X' }}
      - run: c
        if: "${{ false }} "
        continue-on-error: ${{ github.ref != 'x' }}
)");
  const auto& a = pipeline.jobs.at(0);
  CHECK(a.condition.truth == Truth::never);
  CHECK(a.condition.text == "false");
  CHECK(a.condition.line == 6);
  CHECK_FALSE(a.may_fail);
  CHECK(a.may_fail_sometimes);
  CHECK(a.steps[0].condition.truth == Truth::depends);
  CHECK(a.steps[0].may_fail);
  CHECK(a.steps[1].condition.truth == Truth::never);
  CHECK(a.steps[1].may_fail);
  CHECK(a.steps[2].condition.truth == Truth::always);
  CHECK(a.steps[2].may_fail_sometimes);
}

/// Whether the second step runs, which asks what the first has written.
Truth asked_of(const std::string& script) {
  const auto pipeline = read_github(with_job("    steps:\n      - id: plan\n        run: |\n" + script +
                                             "      - {run: make test, if: \"steps.plan.outputs.run == 'true'\"}\n"));
  return pipeline.jobs.at(0).steps.at(1).condition.truth;
}

TEST_CASE("outputs that a step surely writes") {
  CHECK(asked_of("          echo run=true >> $GITHUB_OUTPUT\n") == Truth::always);
  CHECK(asked_of("          echo \"run=false\" >> \"${GITHUB_OUTPUT}\"\n") == Truth::never);
  CHECK(asked_of("          echo run=false | tee -a \"$GITHUB_OUTPUT\"\n") == Truth::never);
  CHECK(asked_of("          cat <<EOF >> $GITHUB_OUTPUT\n          a=b\n          run=false\n          EOF\n") ==
        Truth::never);
  CHECK(asked_of("          ./find-changes\n          echo run=false >> $GITHUB_OUTPUT\n") == Truth::never);
  CHECK(asked_of("          echo run=true >> $GITHUB_OUTPUT\n          echo run=false >> $GITHUB_OUTPUT\n") ==
        Truth::never);
  // What may be written otherwise is not known.
  CHECK(asked_of("          echo run=$(./find-changes) >> $GITHUB_OUTPUT\n") == Truth::depends);
  CHECK(asked_of("          if ./changed; then echo run=false >> $GITHUB_OUTPUT; fi\n") == Truth::depends);
  CHECK(asked_of("          echo run=false >> $GITHUB_OUTPUT\n          ./find-changes\n") == Truth::depends);
  CHECK(asked_of("          echo other=false >> $GITHUB_OUTPUT\n") == Truth::depends);
  CHECK(asked_of("          echo run=false\n") == Truth::depends);
}

TEST_CASE("outputs that a job surely hands to those that wait for it, wherever it stands") {
  const auto tests_run = [](const std::string& plan) {
    const auto pipeline = read_github(
        "on: push\njobs:\n  test:\n    needs: plan\n    if: needs.plan.outputs.run == 'true'\n"
        "    steps: [{run: make test}]\n  plan:\n" +
        plan);
    return job(pipeline, "test").condition.truth;
  };
  const std::string steps = "    steps: [{id: x, run: echo run=false >> $GITHUB_OUTPUT}]\n";
  CHECK(tests_run("    outputs: {run: \"${{ steps.x.outputs.run }}\"}\n" + steps) == Truth::never);
  CHECK(tests_run("    outputs: {run: 'true'}\n" + steps) == Truth::always);
  CHECK(tests_run("    outputs: {run: \"${{ steps.y.outputs.run }}\"}\n" + steps) == Truth::depends);
  CHECK(tests_run("    if: github.ref == 'x'\n    outputs: {run: 'true'}\n" + steps) == Truth::depends);
}

TEST_CASE("scripts are read with the options of their shell") {
  const auto step = [](const std::string& shell) {
    return read_github(
               with_job("    runs-on: ubuntu\n    steps:\n      - run: |\n          test_it\n          echo done\n" +
                        shell))
        .jobs.at(0)
        .steps.at(0);
  };
  const auto fatal = [](const Step& of) { return of.script.commands.at(0).context.fatal; };
  CHECK(fatal(step("")));
  CHECK(step("").shell == "bash");
  CHECK(step("").script.commands.at(0).line == 7);
  CHECK(fatal(step("        shell: bash\n")));
  CHECK_FALSE(fatal(step("        shell: bash {0}\n")));
  CHECK_FALSE(fatal(step("        shell: sh {0}\n")));
  CHECK(fatal(step("        shell: /bin/bash -euo pipefail {0}\n")));
  CHECK(step("        shell: pwsh\n").script.commands.size() == 2);
  CHECK(step("        shell: pwsh\n").run == "test_it\necho done\n");
  CHECK(step("        shell: python\n").shell == "python");
  CHECK(step("        shell: /bin/true {0}\n").condition.truth == Truth::never);
  CHECK(step("        shell: echo {0}\n").condition.truth == Truth::never);
  CHECK(step("        shell: perl {0}\n").condition.truth == Truth::always);
}

TEST_CASE("a shell that swallows what its script fails by") {
  const auto fatal = [](const std::string& shell) {
    return read_github(with_job("    steps: [{run: make test, shell: '" + shell + "'}]\n"))
        .jobs.at(0)
        .steps.at(0)
        .script.commands.at(0)
        .context.fatal;
  };
  CHECK_FALSE(fatal("bash -c \"bash {0} || true\""));
  CHECK_FALSE(fatal("bash -c \"bash {0}; exit 0\""));
  CHECK(fatal("bash -c \"bash {0}\""));
  CHECK(fatal("bash -ec \"set -x; bash {0}; echo done\""));
}

TEST_CASE("pipefail comes with an explicit bash only") {
  const auto command = [](const std::string& shell) {
    const auto pipeline = read_github(with_job("    runs-on: u\n    steps:\n      - run: test_it | tee log\n" + shell));
    return pipeline.jobs.at(0).steps.at(0).script.commands.at(0);
  };
  CHECK_FALSE(command("").context.fatal);
  CHECK(command("        shell: bash\n").context.fatal);
}

TEST_CASE("Windows runs PowerShell by default, defaults hold for all steps") {
  const auto pipeline = read_github(R"(
on: push
defaults: {run: {shell: bash, working-directory: ./web/}}
jobs:
  a: {runs-on: windows-latest, steps: [{run: x}]}
  b: {runs-on: ubuntu, defaults: {run: {working-directory: api/../lib}}, steps: [{run: x}, {run: x, working-directory: '${{ github.workspace }}/y'}]}
)");
  CHECK(pipeline.jobs.at(0).steps.at(0).shell == "bash");
  CHECK(pipeline.jobs.at(0).steps.at(0).working_directory == "web");
  CHECK(pipeline.jobs.at(1).steps.at(0).working_directory == "lib");
  CHECK(pipeline.jobs.at(1).steps.at(1).working_directory == "y");
  CHECK(read_github(with_job("    runs-on: windows-2022\n    steps: [{run: x}]\n")).jobs.at(0).steps.at(0).shell ==
        "pwsh");
}

TEST_CASE("credentials in every spelling") {
  const auto pipeline = read_github(R"(
on: push
env: {TOP: '${{ secrets.top_token }}'}
jobs:
  a:
    runs-on: x
    environment: {name: production, url: https://example.com}
    env: {DB: "${{ Secrets['db_url'] }}"}
    steps:
      - uses: some/publish@v1
        with: {token: '${{ secrets.NPM_TOKEN }}', gh: '${{ github.token }}'}
      - run: curl -H "${{ secrets.INLINE }}" x
      - run: echo '${{ toJSON( secrets ) }}'
      - run: echo ${{ secrets[matrix.name] }}
        if: secrets.GATE != ''
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: 'arn:aws:iam::1:role/deploy'}
      - run: echo secrets.NOT_ONE ${{ needs.secrets.outputs.x }}
)");
  const auto& a = pipeline.jobs.at(0);
  CHECK(a.environment == "production");
  CHECK(credential(a.credentials, "TOP_TOKEN")->bound_to == "TOP");
  CHECK(credential(a.credentials, "DB_URL")->bound_to == "DB");
  CHECK(credential(a.credentials, "NPM_TOKEN")->bound_to == "token");
  CHECK(credential(a.credentials, "NPM_TOKEN")->scope == "environment production");
  CHECK(credential(a.credentials, "GITHUB_TOKEN")->kind == Kind::platform_token);
  CHECK(credential(a.credentials, "INLINE")->bound_to.empty());
  CHECK(credential(a.credentials, "INLINE")->line == 12);
  CHECK(a.steps.at(2).credentials.at(0).kind == Kind::all_secrets);
  CHECK(a.steps.at(3).credentials.at(0).kind == Kind::computed);
  CHECK(credential(a.steps.at(3).credentials, "GATE"));
  CHECK(credential(a.credentials, "arn:aws:iam::1:role/deploy")->kind == Kind::identity);
  CHECK(a.steps.at(5).credentials.empty());
}

TEST_CASE("reusable workflows") {
  const auto pipeline = read_github(R"(
on: push
jobs:
  a: {uses: org/repo/.github/workflows/x.yml@v2, secrets: inherit, with: {n: 1}}
  b: {uses: ./.github/workflows/y.yml, needs: a, secrets: {TOKEN: '${{ secrets.PAT }}'}}
)");
  const auto& a = job(pipeline, "a");
  CHECK(a.uses == "org/repo/.github/workflows/x.yml");
  CHECK(a.uses_version == "v2");
  CHECK(a.inherits_secrets);
  CHECK(a.with.at("n") == "1");
  CHECK(a.credentials.at(0).kind == Kind::all_secrets);
  const auto& b = job(pipeline, "b");
  CHECK(b.uses == "./.github/workflows/y.yml");
  CHECK(b.needs == Labels{"a"});
  CHECK(credential(b.credentials, "PAT")->bound_to == "TOKEN");
  CHECK(b.secrets.at("TOKEN") == "${{ secrets.PAT }}");
}

TEST_CASE("containers, services, concurrency, timeout") {
  const auto pipeline = read_github(R"(
on: push
jobs:
  a:
    runs-on: x
    timeout-minutes: 5
    concurrency: {group: 'deploy-${{github.ref}}', cancel-in-progress: true}
    container: {image: 'node:20', options: --privileged, env: {A: b}}
    services: {db: {image: 'postgres:16'}, cache: {image: redis}}
    steps: [{uses: 'docker://alpine:3.19', timeout-minutes: 2}]
)");
  const auto& a = pipeline.jobs.at(0);
  CHECK(a.image == "node:20");
  CHECK(a.services == Labels{"postgres:16", "redis"});
  CHECK(a.container_options == Labels{"--privileged"});
  CHECK(a.concurrency == "deploy-${{ github.ref }}");
  CHECK(a.timeout == "5");
  CHECK(a.env.at("A") == "b");
  CHECK(a.steps.at(0).uses == "docker://alpine");
  CHECK(a.steps.at(0).uses_version == "3.19");
}

TEST_CASE("composite, JavaScript and Docker actions") {
  auto tree =
      tree_of({{"action.yml",
                "name: x\ninputs: {a: {default: b}}\nruns: {using: node20, main: dist/index.js, post: dist/post.js}\n"},
               {".github/actions/setup/action.yaml",
                "runs:\n  using: composite\n  steps:\n    - run: make test\n      shell: bash\n    - uses: ./other\n"},
               {"tools/image/action.yml", "runs: {using: docker, image: Dockerfile, args: [x]}\n"},
               {"broken/action.yml", "runs: [unclosed\n"}});
  DocumentCache documents;
  const auto composite = read_action(tree, "./.github/actions/setup", documents);
  REQUIRE(composite);
  CHECK(composite->system == System::github_action);
  CHECK(composite->jobs.at(0).id == "runs");
  CHECK(composite->jobs.at(0).steps.at(0).script.commands.at(0).text() == "make test");
  CHECK(composite->jobs.at(0).steps.at(1).uses == "./other");
  const auto node = read_action(tree, "", documents);
  REQUIRE(node);
  CHECK(node->jobs.at(0).steps.at(0).with.at("post") == "dist/post.js");
  CHECK(node->events.at(0).parameters.at("a").default_value == "b");
  CHECK(read_action(tree, "tools/image", documents)->jobs.at(0).steps.at(0).with.at("image") == "Dockerfile");
  CHECK(read_action(tree, "broken", documents)->broken);
  CHECK_FALSE(read_action(tree, "absent", documents));
  CHECK(read_all(tree, documents).size() == 2);
}

TEST_CASE("what cannot be read is broken, what GitHub does not support is kept as a problem") {
  CHECK(read_github("on: [push\n").broken);
  CHECK(read_github("just text\n").broken);
  CHECK(read_github("- a\n").broken);
  CHECK(read_github("on: push\njobs: [a]\n").broken);
  CHECK_FALSE(read_github("# all commented out\n").broken);
  const auto merge = read_github("x: &x {runs-on: a}\non: push\njobs:\n  a: {<<: *x, needs: b}\n");
  CHECK_FALSE(merge.broken);
  CHECK(merge.problems.size() == 1);
  CHECK(merge.jobs.at(0).runner.labels == Labels{"a"});
  const auto twice = read_github("on: push\njobs:\n  a: {runs-on: x}\n  a: {runs-on: y}\n");
  CHECK(twice.jobs.size() == 1);
  CHECK(twice.problems.size() == 1);
}

TEST_CASE("hostile documents neither crash nor hang") {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'j'; ++c) {
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 9; ++i) bomb += std::string("*") + static_cast<char>(c - 1) + (i < 8 ? "," : "]\n");
  }
  CHECK(read_github(bomb + "on: push\n").broken);
  for (const auto* text :
       {"on: 3\njobs: {a: 1, b: [], c: null, d: text}\n", "on: [[push], {a: b}]\njobs: {a: {steps: {x: y}}}\n",
        "on: {push: text, schedule: {a: b}, workflow_call: [x]}\njobs:\n",
        "permissions: [a]\nenv: text\ndefaults: [x]\njobs: {a: {runs-on: {labels: {x: y}}, strategy: [], env: [a], "
        "needs: {b: c}}}\n",
        "jobs: {a: {steps: [text, [], {run: [a], uses: {b: c}, with: text, env: 1, if: [x], shell: {a: b}}]}}\n",
        "jobs: {a: {strategy: {matrix: [a, b]}, container: [x], services: [y], environment: [z], if: {a: b}}}\n",
        "jobs: {a: {strategy: {matrix: {a: text, include: text, exclude: {x: y}}}, runs-on: '${{ matrix.a.b.c }}'}}\n",
        "jobs: {a: {steps: [{shell: ' ', run: x}, {shell: '{0}', run: x}, {uses: '@'}, {uses: 'docker://'}]}}\n"}) {
    CAPTURE(text);
    CHECK(read_github(text).path == ".github/workflows/ci.yml");
  }
  std::string huge = "jobs: {a: {strategy: {matrix: {";
  for (char c = 'a'; c < 'h'; ++c) huge += std::string(1, c) + ": [1,2,3,4,5,6,7,8,9], ";
  CHECK(read_github(huge + "z: [1]}}}}\n").jobs.at(0).legs.size() <= 1024);
}

TEST_CASE("a document is parsed once") {
  auto tree = tree_of({{"a", "x: 1"}, {"b", "x: 1"}, {"c", std::string("\0\1\2", 3)}});
  DocumentCache documents;
  CHECK(documents.yaml(tree, *tree.find("a")) == documents.yaml(tree, *tree.find("b")));
  CHECK(documents.yaml(tree, *tree.find("c"))->broken());
}

TEST_CASE("a workflow is read once for all that hand it the same") {
  const std::string path = ".github/workflows/a.yml";
  const auto text = [](const std::string& more) {
    return "on: {workflow_call: {inputs: {go: {type: string}}}}\njobs: {a: {if: inputs.go == 'yes', runs-on: x}}\n" +
           more;
  };
  auto tree = tree_of({{path, text("")}}), other = tree_of({{path, text("# x\n")}});
  DocumentCache documents;
  const auto called = [&](model::Tree& in, const HandedInputs& handed) {
    return read_called(System::github, in, path, documents, handed);
  };
  const auto yes = called(tree, {{"go", "yes"}});
  CHECK(called(tree, {{"go", "yes"}}) == yes);
  const auto no = called(tree, {{"go", "no"}});
  CHECK(no != yes);
  CHECK(no->jobs.at(0).condition.truth != yes->jobs.at(0).condition.truth);
  CHECK(called(other, {{"go", "yes"}}) != yes);
  CHECK(read_one(System::github, tree, path, documents) != yes);
}

}  // namespace
}  // namespace tollbar::pipeline
