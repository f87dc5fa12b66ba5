// GitLab pipelines read into the model.
#include <doctest/doctest.h>

#include <algorithm>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Kind = CredentialUse::Kind;
using Texts = std::vector<std::string>;

TEST_CASE("jobs, sections and defaults") {
  const auto pipeline = read_gitlab(R"(
stages: [build, test]
default:
  image: {name: 'alpine:3', entrypoint: ['']}
  tags: [shared, docker]
  before_script: [setup]
variables: {LEVEL: {value: high, description: x}, PLAIN: 1}
.hidden: {script: a}
test:
  stage: test
  script:
    - make test
    - |
      make lint
      make check
  after_script: [cleanup]
  needs: [build, {job: other}]
  dependencies: [build]
  timeout: 1h
  resource_group: one
bare: {script: b, image: own, inherit: {default: false, variables: [PLAIN]}}
not_a_job: {key: value}
)");
  REQUIRE(pipeline.jobs.size() == 3);
  CHECK(job(pipeline, ".hidden").hidden);
  const auto& test = job(pipeline, "test");
  CHECK(test.image == "alpine:3");
  CHECK(test.runner.labels == Texts{"docker", "shared"});
  CHECK(test.env.at("LEVEL") == "high");
  CHECK(test.needs == Texts{"build", "other"});
  CHECK(test.artifacts_from == Texts{"build"});
  CHECK(test.concurrency == "one");
  REQUIRE(test.steps.size() == 3);
  CHECK(test.steps[0].run == "setup\n");
  CHECK(test.steps[1].run == "make test\nmake lint\nmake check\n");
  CHECK(test.steps[1].script.commands.at(0).line == 12);
  CHECK(test.steps[1].script.commands.at(2).line == 15);
  CHECK(test.steps[1].script.commands.at(0).context.fatal);
  CHECK(test.steps[2].is_cleanup);
  const auto& bare = job(pipeline, "bare");
  CHECK(bare.image == "own");
  CHECK(bare.steps.size() == 1);
  CHECK(bare.env.count("LEVEL") == 0);
  CHECK(bare.env.count("PLAIN") == 1);
}

TEST_CASE("set +e in before_script holds in the script") {
  const auto pipeline = read_gitlab("a: {before_script: ['set +e'], script: [test_it, echo]}\n");
  CHECK_FALSE(pipeline.jobs.at(0).steps.at(1).script.commands.at(0).context.fatal);
}

TEST_CASE("before_script may end the shell that it shares with the script") {
  const auto truth = [](const std::string& before) {
    return read_gitlab("a: {before_script: [" + before + "], script: [test_it]}\n")
        .jobs.at(0)
        .steps.at(1)
        .condition.truth;
  };
  CHECK(truth("setup, exit 0") == Truth::never);
  CHECK(truth("'setup; exit'") == Truth::never);
  CHECK(truth("exit 1") == Truth::always);
  CHECK(truth("'[ -f done ] && exit 0'") == Truth::always);
  CHECK(truth("'setup || exit 0'") == Truth::always);
}

TEST_CASE("extends merges deeply, references are resolved") {
  const auto pipeline = read_gitlab(R"(
.base: {variables: {A: 1, B: 1}, script: [base], tags: [x]}
.more: {extends: .base, variables: {B: 2}}
.setup: {script: [one, two]}
a: {extends: [.more, .absent], script: [!reference [.setup, script], three]}
loop: {extends: loop, script: x}
)");
  const auto& a = job(pipeline, "a");
  CHECK(a.env.at("A") == "1");
  CHECK(a.env.at("B") == "2");
  CHECK(a.runner.labels == Texts{"x"});
  CHECK(a.steps.at(0).run == "one\ntwo\nthree\n");
  CHECK(a.extends == Texts{".more", ".absent"});
  CHECK(job(pipeline, "loop").steps.size() == 1);
  CHECK(pipeline.problems.empty());
}

TEST_CASE("local includes are merged, others kept by name") {
  const auto pipeline = read_only({{".gitlab-ci.yml", R"(
include:
  - /ci/test.yml
  - local: ci/jobs/*.yml
  - template: Jobs/SAST.gitlab-ci.yml
  - project: group/shared
    ref: v1
    file: [/a.yml]
  - remote: https://example.com/x.yml
  - component: gitlab.com/components/secret-detection/secret-detection@1.0
test: {tags: [own]}
)"},
                                   {"ci/test.yml", "include: /ci/test.yml\ntest: {script: [make], tags: [theirs]}\n"},
                                   {"ci/jobs/lint.yml", "lint: {script: lint}\n"},
                                   {"ci/jobs/deep/not.yml", "deep: {script: x}\n"},
                                   {"ci/jobs/readme.md", "text"}});
  CHECK_FALSE(pipeline.broken);
  CHECK(job(pipeline, "test").runner.labels == Texts{"own"});
  CHECK(job(pipeline, "test").steps.size() == 1);
  CHECK(job(pipeline, "lint").path == "ci/jobs/lint.yml");
  CHECK(job(pipeline, "deep").id.empty());
  CHECK(job(pipeline, "sast").steps.at(0).uses == "template:Jobs/SAST");
  CHECK(job(pipeline, "secret_detection").steps.at(0).uses_version == "1.0");
  CHECK(pipeline.files == Texts{".gitlab-ci.yml", "ci/test.yml", "ci/jobs/lint.yml"});
  CHECK(pipeline.includes.size() == 7);
}

TEST_CASE("a template's job can be overridden and switched off") {
  const auto off =
      read_gitlab("include: [{template: Security/SAST.gitlab-ci.yml}]\nvariables: {SAST_DISABLED: 'true'}\n");
  CHECK(job(off, "sast").condition.truth == Truth::never);
  const auto soft = read_gitlab(
      "include: [{template: Jobs/SAST.gitlab-ci.yml}]\nsast: {allow_failure: true, rules: [{when: never}]}\n");
  CHECK(job(soft, "sast").condition.truth == Truth::never);
  CHECK(job(soft, "sast").steps.at(0).uses == "template:Jobs/SAST");
}

TEST_CASE("rules fold") {
  const auto truth = [](const std::string& keys) {
    return read_gitlab("a: {script: x, " + keys + "}\n").jobs.at(0).condition.truth;
  };
  CHECK(truth("stage: test") == Truth::always);
  CHECK(truth("rules: [{when: on_success}]") == Truth::always);
  CHECK(truth("rules: [{when: never}]") == Truth::never);
  CHECK(truth("rules: []") == Truth::never);
  CHECK(truth("rules: [{if: '$CI_PIPELINE_SOURCE == \"merge_request_event\"'}]") == Truth::depends);
  CHECK(truth("rules: [{if: '$CI_PIPELINE_SOURCE == \"nonsense\"'}]") == Truth::never);
  CHECK(truth("rules: [{if: '\"a\" == \"b\"'}]") == Truth::never);
  CHECK(truth("rules: [{if: '$CI_COMMIT_BRANCH && $CI_COMMIT_TAG'}]") == Truth::never);
  CHECK(truth("rules: [{if: '$NIGHTLY == \"yes\"'}]") == Truth::unlikely);
  CHECK(truth("rules: [{if: $NIGHTLY}]") == Truth::unlikely);
  CHECK(truth("rules: [{if: '$SKIP', when: never}, {when: always}]") == Truth::always);
  CHECK(truth("rules: [{when: never}, {if: $CI_COMMIT_BRANCH}]") == Truth::never);
  CHECK(truth("variables: {X: '1'}, rules: [{if: '$X == \"1\"', when: never}, {when: always}]") == Truth::never);
  CHECK(truth("rules: [{if: '$CI_COMMIT_REF_NAME =~ /^release/'}]") == Truth::depends);
  CHECK(truth("rules: [{if: '(broken'}]") == Truth::depends);
  CHECK(truth("only: [main]") == Truth::depends);
  CHECK(truth("only: []") == Truth::never);
  CHECK(truth("except: [branches, tags, merge_requests]") == Truth::never);
  CHECK(truth("only: {refs: [branches], variables: ['$NIGHTLY']}") == Truth::unlikely);
  CHECK(truth("when: never") == Truth::never);
  CHECK(truth("when: on_failure") == Truth::depends);
}

TEST_CASE("events of a job") {
  const auto events = [](const std::string& keys) {
    return read_gitlab("a: {script: x, " + keys + "}\n").jobs.at(0).events;
  };
  const auto plain = events("stage: test");
  CHECK(event(plain, "push"));
  CHECK(event(plain, "tag"));
  CHECK_FALSE(event(plain, "pull_request"));
  const auto merge = events("rules: [{if: '$CI_PIPELINE_SOURCE == \"merge_request_event\"', changes: [src/**]}]");
  REQUIRE(merge.size() == 1);
  CHECK(merge[0].name == "pull_request");
  CHECK(merge[0].filters.at("paths") == Texts{"src/**"});
  CHECK(merge[0].judges_changes());
  const auto protected_only = events("rules: [{if: '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'}]");
  CHECK(event(protected_only, "push")->filters.at("branches") == Texts{"$CI_DEFAULT_BRANCH"});
  CHECK_FALSE(event(protected_only, "tag"));
  CHECK(event(events("only: [schedules]"), "schedule"));
  CHECK_FALSE(event(events("only: [schedules]"), "push"));
  CHECK(event(events("only: [tags]"), "tag"));
  CHECK(event(events("only: [merge_requests]"), "pull_request"));
}

TEST_CASE("workflow rules hold for every job") {
  const auto never = read_gitlab("workflow: {rules: [{when: never}]}\na: {script: x}\n");
  CHECK(never.condition.truth == Truth::never);
  CHECK(never.jobs.at(0).condition.truth == Truth::never);
  CHECK_FALSE(never.judges_changes());
  const auto merge = read_gitlab("workflow: {rules: [{if: $CI_MERGE_REQUEST_IID}]}\na: {script: x}\n");
  CHECK(merge.events.size() == 1);
  CHECK(merge.events.at(0).name == "pull_request");
  CHECK(merge.judges_changes());
  CHECK(read_gitlab("a: {script: x}\n").judges_changes());
  CHECK_FALSE(read_gitlab("a: {script: x, only: [schedules]}\n").judges_changes());
}

TEST_CASE("gates and failures") {
  const auto read = [](const std::string& keys) { return read_gitlab("a: {script: x, " + keys + "}\n").jobs.at(0); };
  CHECK(read("when: manual").gated);
  CHECK(read("when: manual").may_fail);
  CHECK_FALSE(read("when: manual, allow_failure: false").may_fail);
  CHECK(read("rules: [{when: manual}]").gated);
  CHECK_FALSE(read("rules: [{when: manual}]").may_fail);
  CHECK_FALSE(read("rules: [{if: $CI_COMMIT_TAG}, {when: manual}]").gated);
  const auto on_request = [&](const std::string& keys) {
    const auto job = read("rules: [{if: $CI_MERGE_REQUEST_IID, " + keys + "}, {if: $CI_COMMIT_BRANCH == \"main\"}]");
    const auto asks = [](const Event& event) { return event.name == "pull_request" && event.voluntary; };
    return std::any_of(job.events.begin(), job.events.end(), asks);
  };
  CHECK(on_request("when: manual, allow_failure: true"));
  CHECK_FALSE(on_request("when: manual"));
  CHECK_FALSE(on_request("allow_failure: true"));
  CHECK(read("allow_failure: true").may_fail);
  CHECK(read("rules: [{if: $CI_COMMIT_TAG, allow_failure: true}]").may_fail);
  CHECK(read("rules: [{if: $CI_COMMIT_TAG, allow_failure: true}, {when: always}]").may_fail_sometimes);
  CHECK(read("allow_failure: {exit_codes: 137}").may_fail_sometimes);
  CHECK_FALSE(read("allow_failure: {exit_codes: 137}").may_fail);
  CHECK(read("allow_failure: {exit_codes: [1, 2]}").may_fail);
}

TEST_CASE("credentials") {
  const auto pipeline = read_gitlab(R"(
variables: {OWN_TOKEN: literal, PASS_ON: $OTHER_PASSWORD}
deploy:
  environment: {name: production, url: https://x, action: start}
  id_tokens: {AWS_JWT: {aud: https://aws}}
  secrets: {DB: {vault: prod/db/password@ops}, KEY2: {azure_key_vault: {name: sign}}}
  script:
    - LOCAL_TOKEN=$(make-one)
    - deploy --token ${DEPLOY_TOKEN} $CI_JOB_TOKEN $OWN_TOKEN $LOCAL_TOKEN $AWS_JWT $MONKEY $$ESCAPED_TOKEN
    - echo "$CI_REGISTRY_PASSWORD"
)");
  const auto& deploy = pipeline.jobs.at(0);
  CHECK(deploy.environment == "production");
  REQUIRE(credential(deploy.credentials, "DEPLOY_TOKEN"));
  CHECK(credential(deploy.credentials, "DEPLOY_TOKEN")->source == "gitlab-variable");
  CHECK(credential(deploy.credentials, "DEPLOY_TOKEN")->scope == "environment production");
  CHECK(credential(deploy.credentials, "OTHER_PASSWORD")->bound_to == "PASS_ON");
  CHECK(credential(deploy.credentials, "CI_JOB_TOKEN")->kind == Kind::platform_token);
  CHECK(credential(deploy.credentials, "AWS_JWT")->kind == Kind::identity);
  CHECK(credential(deploy.credentials, "prod/db/password@ops")->bound_to == "DB");
  CHECK(credential(deploy.credentials, "sign")->source == "azure_key_vault");
  for (const auto* name : {"OWN_TOKEN", "LOCAL_TOKEN", "MONKEY", "ESCAPED_TOKEN", "CI_REGISTRY_PASSWORD"}) {
    CAPTURE(name);
    CHECK_FALSE(credential(deploy.credentials, name));
  }
}

TEST_CASE("matrix and triggers") {
  const auto pipeline = read_gitlab(R"(
a: {script: x, parallel: {matrix: [{OS: [linux, mac], V: 1}, {OS: bsd}]}}
b: {script: x, parallel: {matrix: []}}
c: {trigger: {include: [{local: child.yml}], strategy: depend}}
d: {trigger: {project: group/other, branch: main}}
e: {trigger: group/third}
)");
  CHECK(job(pipeline, "a").legs == Texts{"OS=linux,V=1", "OS=mac,V=1", "OS=bsd"});
  CHECK(job(pipeline, "b").matrix_emptied);
  CHECK(job(pipeline, "c").uses == "local:child.yml");
  CHECK(job(pipeline, "d").uses == "group/other");
  CHECK(job(pipeline, "d").uses_version == "main");
  CHECK(job(pipeline, "e").uses == "group/third");
}

TEST_CASE("unreadable configurations are broken") {
  CHECK(read_gitlab("a: [\n").broken);
  CHECK(read_gitlab("text\n").broken);
  CHECK(read_only({{".gitlab-ci.yml", "include: /a.yml\n"}, {"a.yml", "x: [\n"}}).broken);
  const auto missing = read_gitlab("include: /absent.yml\na: {script: x}\n");
  CHECK(missing.problems.size() == 1);
  CHECK(missing.jobs.size() == 1);
}

TEST_CASE("hostile configurations neither crash nor hang") {
  for (const auto* text :
       {"include: {local: [a], template: {b: c}}\na: {script: {x: y}, rules: text, only: 3, except: {refs: {a: b}}}\n",
        "default: text\nvariables: [a]\nworkflow: []\na: {extends: {b: c}, script: x, needs: {a: b}, tags: {x: y}}\n",
        "a: {script: [!reference [a, script]], image: [x], services: text, environment: [y], parallel: {matrix: "
        "text}}\n",
        "a: {trigger: [x], secrets: text, id_tokens: [a], allow_failure: [x], when: [y], inherit: {default: {a: b}}}\n",
        ".a: {x: !reference [.b, x]}\n.b: {x: [!reference [.a, x], !reference [.a, x]]}\nc: {script: [!reference [.a, "
        "x]]}\n",
        "a: {script: x, rules: [text, [], {if: [a]}, {changes: text}, {exists: 3}]}\n"}) {
    CAPTURE(text);
    CHECK(read_gitlab(text).path == ".gitlab-ci.yml");
  }
  std::string chain = "a0: {script: x}\n";
  for (int i = 1; i < 200; ++i) {
    const auto before = "a" + std::to_string(i - 1);
    chain += "a" + std::to_string(i) + ": {extends: [" + before + ", " + before + ", " + before + "]}\n";
  }
  CHECK(read_gitlab(chain).jobs.size() == 200);
  std::string deep = "a: {script: x, rules: [{if: '";
  CHECK(read_gitlab(deep + std::string(3000, '(') + "'}]}\n").jobs.size() == 1);
}

}  // namespace
}  // namespace tollbar::pipeline
