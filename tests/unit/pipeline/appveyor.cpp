// AppVeyor configurations read into the model.
#include <doctest/doctest.h>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

Pipeline read_appveyor(const std::string& text) {
  return read_only({{"appveyor.yml", text}});
}

TEST_CASE("AppVeyor: legs, shells, soft legs, secrets") {
  const auto pipeline = read_appveyor(R"(branches: {only: [main]}
image: [Visual Studio 2019, Visual Studio 2022]
environment:
  global: {A: 1, NPM_TOKEN: {secure: abc}}
  matrix:
    - PY: 38
    - PY: 39
matrix:
  allow_failures: [{PY: 39}]
  exclude: [{image: Visual Studio 2019, PY: 39}]
install:
  - ps: Install-Thing $env:FEED_PASSWORD
  - cmd: C:\Python%PY%\python.exe -m pip install tox
build: off
test_script:
  - tox\run.cmd
  - npm test
  - |
    npm run lint
    npm run last
on_finish:
  - upload.cmd
deploy:
  - provider: NuGet
    api_key: {secure: xyz}
    on: {branch: main}
)");
  REQUIRE(pipeline.jobs.size() == 1);
  const auto& build = pipeline.jobs[0];
  CHECK(build.legs ==
        Texts{"PY=38,image=Visual Studio 2019", "PY=38,image=Visual Studio 2022", "PY=39,image=Visual Studio 2022"});
  CHECK_FALSE(build.may_fail);
  CHECK(build.may_fail_sometimes);
  CHECK(build.runner.labels == Texts{"Visual Studio 2019", "Visual Studio 2022"});
  REQUIRE(build.steps.size() == 6);
  CHECK(build.steps[0].shell == "powershell");
  CHECK(build.steps[0].script.commands.at(0).argv.at(0).text == "Install-Thing");
  CHECK(build.steps[1].script.commands.at(0).argv.at(0).text == "C:/Python${PY}/python.exe");
  CHECK(build.steps[2].script.commands.at(0).context.fatal);
  CHECK(build.steps[2].script.commands.at(1).line == 17);
  CHECK_FALSE(build.steps[3].script.commands.at(0).context.fatal);
  CHECK(build.steps[3].script.commands.at(1).context.fatal);
  CHECK(build.steps[4].uses == "deploy:NuGet");
  CHECK(build.steps[4].condition.truth == Truth::depends);
  CHECK(build.steps[5].is_cleanup);
  CHECK(credential(build.credentials, "NPM_TOKEN")->source == "appveyor-secure");
  CHECK(credential(build.credentials, "api_key"));
  CHECK(credential(build.credentials, "FEED_PASSWORD")->source == "appveyor-variable");
  CHECK(event(pipeline.events, "push")->filters.at("branches") == Texts{"main"});
}

TEST_CASE("AppVeyor: all legs soft, no legs left, tags only, Linux") {
  CHECK(read_appveyor("environment: {matrix: [{A: 1}]}\nmatrix: {allow_failures: [{A: 1}]}\ntest_script: [x]")
            .jobs.at(0)
            .may_fail);
  CHECK(read_appveyor("environment: {matrix: [{A: 1}]}\nmatrix: {exclude: [{A: 1}]}\ntest_script: [x]")
            .jobs.at(0)
            .matrix_emptied);
  CHECK_FALSE(read_appveyor("skip_non_tags: true\ntest_script: [x]").judges_changes());
  CHECK_FALSE(read_appveyor("branches: {except: [/.*/]}\ntest_script: [x]").judges_changes());
  const auto linux = read_appveyor("image: Ubuntu\ntest_script:\n- sh: make test\n- make lint || true\n");
  CHECK(linux.jobs.at(0).steps.at(0).shell == "bash");
  CHECK(linux.jobs.at(0).steps.at(0).script.commands.at(1).context.masked);
}

TEST_CASE("AppVeyor: variants") {
  const auto pipeline = read_appveyor(R"(
image: [Ubuntu, Visual Studio 2022]
for:
  - matrix: {only: [{image: Ubuntu}]}
    test_script: [make test]
  - matrix: {only: [{image: Visual Studio 2022}]}
    test_script: [nmake test]
)");
  REQUIRE(pipeline.jobs.size() == 2);
  CHECK(pipeline.jobs[0].legs == Texts{"image=Ubuntu"});
  CHECK(pipeline.jobs[1].steps.at(0).script.commands.at(0).program() == "nmake");
}

TEST_CASE("AppVeyor: hostile input never crashes") {
  for (const auto* text :
       {"environment: 1", "environment: {matrix: {a: b}}", "test_script: {a: b}", "test_script: [[x], {ps: []}, {a: }]",
        "matrix: []", "matrix: {allow_failures: 1}", "branches: [a]", "deploy: 1", "deploy: [1, []]", "for: {a: b}",
        "for: [1, {matrix: 1}]", "image: {a: b}\nplatform: [[x]]", "test_script: ['%', '%%', '\\', '^&']", "[]"}) {
    CAPTURE(text);
    CHECK_NOTHROW(read_appveyor(text));
  }
}

}  // namespace
}  // namespace tollbar::pipeline
