// Builds of Google Cloud Build read into the model.
#include <doctest/doctest.h>

#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

Pipeline read_build(const std::string& text) {
  return read_only({{"cloudbuild.yaml", text}});
}

Texts programs(const std::string& steps) {
  Texts found;
  const auto pipeline = read_build("steps:\n" + steps);
  for (const auto& step : pipeline.jobs.at(0).steps)
    for (const auto& command : step.script.commands) found.push_back(command.text());
  return found;
}

TEST_CASE("Cloud Build: one job, with what the build may use") {
  const auto pipeline = read_build(R"(steps:
  - name: gcr.io/cloud-builders/docker
    id: image
    args: [push, gcr.io/mill/app]
  - name: node:22
    entrypoint: bash
    args: ['-c', './send.sh $$TOKEN $_TAG']
    dir: tools
    env: [MODE=full]
    secretEnv: [TOKEN]
    allowFailure: true
  - name: gcr.io/mill/own
availableSecrets:
  secretManager:
    - versionName: projects/p/secrets/upload-token/versions/latest
      env: TOKEN
serviceAccount: builder@mill
substitutions: {_TAG: dev}
options: {machineType: E2_HIGHCPU_8}
images: [gcr.io/mill/app]
artifacts: {objects: {location: gs://mill}}
)");
  REQUIRE(pipeline.jobs.size() == 1);
  const auto& build = pipeline.jobs[0];
  CHECK(pipeline.judges_changes());
  CHECK(build.runner.labels == Texts{"E2_HIGHCPU_8"});
  CHECK(build.env.at("_TAG") == "dev");
  REQUIRE(build.steps.size() == 5);
  CHECK(build.steps[0].name == "image");
  CHECK(build.steps[1].run == "./send.sh $TOKEN $_TAG");
  CHECK(build.steps[1].working_directory == "tools");
  CHECK(build.steps[1].env.at("MODE") == "full");
  CHECK(build.steps[1].may_fail);
  CHECK(build.steps[2].uses == "gcr.io/mill/own");
  CHECK(build.steps[3].uses == "cloud-build:images");
  CHECK(build.steps[3].with.at("images") == "gcr.io/mill/app");
  CHECK(build.steps[4].uses == "cloud-build:artifacts");
  CHECK(credential(build.credentials, "upload-token")->source == "google-secret-manager");
  CHECK(credential(build.credentials, "builder@mill")->kind == CredentialUse::Kind::identity);
}

TEST_CASE("Cloud Build: an image starts its own program or what it is given") {
  CHECK(programs("  - {name: gcr.io/cloud-builders/docker, args: [build, .]}\n") == Texts{"docker build ."});
  CHECK(programs("  - {name: 'hashicorp/terraform:1.9', args: [apply]}\n") == Texts{"terraform apply"});
  CHECK(programs("  - {name: gcr.io/cloud-builders/npm, args: [npm, ci]}\n") == Texts{"npm ci"});
  CHECK(programs("  - {name: golang, args: [go, test, ./...]}\n") == Texts{"go test ./..."});
  CHECK(programs("  - {name: alpine, script: 'make test'}\n") == Texts{"make test"});
  CHECK(programs("  - {name: ubuntu, entrypoint: make, args: [release]}\n") == Texts{"make release"});
}

TEST_CASE("Cloud Build: where builds stand, and odd files") {
  const auto found = [](const std::string& path, const std::string& text) {
    return !read_only({{path, text}}).path.empty();
  };
  const std::string build = "steps: [{name: x, args: [a]}]\n";
  CHECK(found("ci/cloudbuild-release.yml", build));
  CHECK(found("release.cloudbuild.json", "{\"steps\": []}"));
  CHECK(found(".cloudbuild/main.yaml", build));
  CHECK_FALSE(found("docs/cloudbuild.yaml", build));
  CHECK_FALSE(found(".cloudbuild/values.yaml", "replicas: 1\n"));
  CHECK(read_build("steps: [\n").broken);
  for (const auto* text : {"steps: text\n", "steps: [[x], 3]\nimages: {a: b}\n",
                           "steps: [{name: [x], args: {a: b}, env: text}]\noptions: 3\navailableSecrets: [x]\n"}) {
    CAPTURE(text);
    CHECK(read_only({{"cloudbuild.yaml", text}}).path == "cloudbuild.yaml");
  }
}

}  // namespace
}  // namespace tollbar::pipeline
