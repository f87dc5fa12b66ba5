// Steps that are printed and handed to the agent of Buildkite, and texts that are handed nowhere.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "fixture.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

using Texts = std::vector<std::string>;

/// What the steps of the pipeline run from the tree, by job: `more / send: tools/send.sh`.
Texts reached(const std::string& command, Files files = {}) {
  files.insert({{"tools/send.sh", "#!/bin/sh\nreport\n"}});
  files[".buildkite/pipeline.yml"] = "steps:\n  - label: more\n    command: |\n" + command;
  Texts texts;
  const Run ran = run(files);
  for (const auto* step : steps_of(ran.execution))
    for (const auto& file : step->files) texts.push_back(step->context + ": " + file.path);
  return texts;
}

const std::string kSteps = "steps:\n  - label: send\n    command: tools/send.sh\n";

}  // namespace

TEST_CASE("steps in a here-document are uploaded") {
  const auto inlined = [&](const std::string& upload) {
    return reached("      cat <<EOF | " + upload +
                   "\n      steps:\n        - label: send\n          command: tools/send.sh\n      EOF\n");
  };
  CHECK(inlined("buildkite-agent pipeline upload") == Texts{"more / send: tools/send.sh"});
  CHECK(inlined("buildkite-agent pipeline upload --replace") == Texts{"more / send: tools/send.sh"});
  CHECK(inlined("tee steps.yml").empty());
  CHECK(reached("      echo hello | buildkite-agent pipeline upload\n").empty());
}

TEST_CASE("steps that a script prints, with what it puts in left as it is written") {
  const Files whole{{"more.sh", "#!/bin/sh\ncat <<EOF\n" + kSteps + "EOF\n"}};
  CHECK(reached("      sh more.sh | buildkite-agent pipeline upload\n", whole) ==
        Texts{"more: more.sh", "more / send: tools/send.sh"});
  CHECK(reached("      sh more.sh\n      buildkite-agent pipeline upload\n", whole) == Texts{"more: more.sh"});
  const Files items{{"more.sh",
                     "#!/bin/sh\nemit() {\n  cat <<EOF\n  - label: send $1\n    command: tools/send.sh\nEOF\n}\n"
                     "echo 'steps:'\nemit fast\n"}};
  CHECK(reached("      sh more.sh | buildkite-agent pipeline upload\n", items) ==
        Texts{"more: more.sh", "more / send $1: tools/send.sh"});
}

TEST_CASE("a file of steps that is uploaded") {
  CHECK(reached("      buildkite-agent pipeline upload ops/more.yml\n", {{"ops/more.yml", kSteps}}) ==
        Texts{"more / send: tools/send.sh"});
  CHECK(reached("      buildkite-agent pipeline upload ops/other.yml\n", {{"ops/more.yml", kSteps}}).empty());
}

TEST_CASE("uploaded steps are no checks, as nobody knows whether they come") {
  const Files files{{".buildkite/pipeline.yml",
                     "steps:\n  - label: more\n    command: |\n      cat <<EOF | buildkite-agent pipeline upload\n"
                     "      steps:\n        - {label: unit, command: pytest}\n      EOF\n"}};
  const Run ran = run(files);
  const auto steps = steps_of(ran.execution);
  REQUIRE(steps.size() == 2);
  CHECK(steps[0]->enforced);
  CHECK_FALSE(steps[1]->enforced);
}
