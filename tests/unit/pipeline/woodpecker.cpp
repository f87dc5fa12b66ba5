// Woodpecker workflows read into the model.
#include <doctest/doctest.h>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

Pipeline read_woodpecker(const std::string& text) {
  return read_only({{".woodpecker/check.yml", text}});
}

TEST_CASE("Woodpecker: a file is a job") {
  const auto pipeline = read_woodpecker(R"(when:
  - event: push
    branch: main
  - event: pull_request
labels: {platform: linux/arm64}
depends_on: [build]
matrix: {GO: ["1.21", "1.22"]}
steps:
  test:
    image: golang
    commands: [go test ./...]
  release:
    image: plugins/release
    settings: {api_key: {from_secret: release_key}}
    when: [{event: tag}]
services: {db: {image: postgres, privileged: true}}
)");
  REQUIRE(pipeline.jobs.size() == 1);
  const auto& check = pipeline.jobs[0];
  CHECK(check.id == "check");
  CHECK(check.runner.labels == Texts{"platform=linux/arm64"});
  CHECK(check.needs == Texts{"build"});
  CHECK(check.legs == Texts{"GO=1.21", "GO=1.22"});
  CHECK(check.services == Texts{"postgres", "golang"});
  CHECK(check.container_options == Texts{"--privileged"});
  CHECK(check.steps.at(0).condition.truth == Truth::always);
  CHECK(check.steps.at(1).condition.truth == Truth::never);
  CHECK(credential(check.credentials, "release_key")->source == "woodpecker-secret");
  CHECK(event(pipeline.events, "push")->filters.at("branches") == Texts{"main"});
  CHECK(event(pipeline.events, "pull_request")->filters.empty());
  CHECK(pipeline.judges_changes());
}

TEST_CASE("Woodpecker: steps switched off, odd files") {
  const auto step = [](const std::string& keys) {
    return read_woodpecker("steps: [{name: t, image: x, commands: [make test], " + keys + "}]\n")
        .jobs.at(0)
        .steps.at(0);
  };
  CHECK(step("failure: ignore").may_fail);
  CHECK(step("when: [{evaluate: 'false'}]").condition.truth == Truth::never);
  CHECK(step("when: [{path: 'src/**'}]").condition.truth == Truth::depends);
  CHECK_FALSE(read_woodpecker("when: {event: manual}\nsteps: [{image: x, commands: [a]}]\n").judges_changes());
  CHECK(read_woodpecker("steps: [\n").broken);
  for (const auto* text :
       {"steps: text\n", "steps: {a: 1, b: [x]}\nwhen: text\n", "steps: []\nmatrix: {include: 3}\nwhen: [1, [2]]\n",
        "steps: [[x]]\nlabels: [a]\nservices: [3]\nruns_on: {a: b}\n"}) {
    CAPTURE(text);
    CHECK(read_woodpecker(text).path == ".woodpecker/check.yml");
  }
}

}  // namespace
}  // namespace tollbar::pipeline
