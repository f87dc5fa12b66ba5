// Cirrus CI configurations read into the model.
#include <doctest/doctest.h>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

Pipeline read_cirrus(const std::string& text) {
  return read_only({{".cirrus.yml", text}});
}

TEST_CASE("Cirrus: tasks, defaults, matrix, gates") {
  const auto pipeline = read_cirrus(R"(env: {A: 1, DEPLOY_TOKEN: "ENCRYPTED[abc]"}
container: {image: "node:20"}
task:
  name: Lint
  lint_script: npm run lint
task:
  name: Tests
  container:
    matrix: [{image: "node:18"}, {image: "node:20"}]
  install_script: npm ci
  test_script:
    - npm test
    - npm run e2e || true
  always:
    report_script: ./report.sh
  on_failure:
    dump_script: ./dump.sh
publish_task:
  depends_on: [Lint, Tests]
  trigger_type: manual
  only_if: $CIRRUS_BRANCH == 'main'
  macos_instance: {image: sonoma}
  publish_script: npm publish --token $DEPLOY_TOKEN $OTHER_SECRET
)");
  CHECK(pipeline.problems.empty());
  REQUIRE(pipeline.jobs.size() == 3);
  CHECK(job(pipeline, "Lint").image == "node:20");
  const auto& tests = job(pipeline, "Tests");
  CHECK(tests.legs.size() == 2);
  REQUIRE(tests.steps.size() == 4);
  CHECK(tests.steps[1].script.commands.at(0).context.fatal);
  CHECK(tests.steps[1].script.commands.at(0).line == 12);
  CHECK(tests.steps[1].script.commands.at(1).context.masked);
  CHECK_FALSE(tests.steps[2].is_cleanup);
  CHECK(tests.steps[3].is_cleanup);
  const auto& publish = job(pipeline, "publish");
  CHECK(publish.gated);
  CHECK(publish.needs == Texts{"Lint", "Tests"});
  CHECK(publish.condition.truth == Truth::depends);
  CHECK(credential(publish.credentials, "DEPLOY_TOKEN")->source == "cirrus-encrypted");
  CHECK(credential(publish.credentials, "OTHER_SECRET")->source == "cirrus-variable");
  CHECK(pipeline.judges_changes());
}

TEST_CASE("Cirrus: conditions and soft failures") {
  const auto pipeline = read_cirrus(R"(
a_task: {only_if: false, x_script: make}
b_task: {skip: true, x_script: make}
c_task: {only_if: "'a' == 'b'", x_script: make}
d_task: {allow_failures: true, x_background_script: make}
e_task: {matrix: [{name: x, allow_failures: true}, {name: y}], x_script: make}
)");
  for (const auto* id : {"a", "b", "c"}) CHECK(job(pipeline, id).condition.truth == Truth::never);
  CHECK(job(pipeline, "d").may_fail);
  CHECK(job(pipeline, "d").steps.at(0).may_fail);
  CHECK_FALSE(job(pipeline, "e").may_fail);
  CHECK(job(pipeline, "e").may_fail_sometimes);
}

TEST_CASE("Cirrus: hostile input never crashes") {
  for (const auto* text :
       {"task: 1", "task: {matrix: 1}", "task: {matrix: []}", "task: {matrix: [1, [], {matrix: [{a: b}]}]}",
        "task: {container: {matrix: [1]}, env: []}", "task: {x_script: [[a], {b: c}], always: 1, depends_on: {a: b}}",
        "task: {only_if: [], allow_failures: {a: b}, x_cache: 1, steps: 1}", "env: []\ntask: {_script: x, script: y}",
        "[]"}) {
    CAPTURE(text);
    CHECK_NOTHROW(read_cirrus(text));
  }
}

}  // namespace
}  // namespace tollbar::pipeline
