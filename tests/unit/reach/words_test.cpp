// Calls whose words come from loops, arguments, wrappers and the legs of a job; each with what only looks like one.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "fixture.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

using Texts = std::vector<std::string>;

const char* const kSend = "#!/bin/sh\n./build/report\n";

/// The files that a job executes which runs `script`, each once for every way to it; unknown calls behind them.
Texts executed(const std::string& script, Files files, const std::string& extra = "") {
  files[kCi] = workflow(steps({script}), "test", extra);
  files["tools/send.sh"] = kSend;
  Texts texts;
  const Run ran = run(files);
  for (const auto* step : steps_of(ran.execution)) {
    for (const auto& file : step->files) texts.push_back(file.path);
    for (const auto& call : step->unknown) texts.push_back("unknown: " + call.text);
  }
  return texts;
}

const Texts sent{"tools/send.sh"};

}  // namespace

TEST_CASE("loops over words that are written down, over files of the tree, over computed ones") {
  CHECK(executed("for name in send other; do bash tools/$name.sh; done", {}) == sent);
  CHECK(executed("for file in tools/*.sh; do bash \"$file\"; done", {}) == sent);
  CHECK(executed("names=(send other)\nfor name in \"${names[@]}\"; do ./tools/$name.sh; done", {}) == sent);
  CHECK(executed("for folder in tools src; do cd $folder; ./send.sh; cd ..; done", {}) == sent);
  CHECK(executed("for name in send; do echo tools/$name.sh; basename \"$name\" tools/send.sh; done", {}).empty());
  CHECK(executed("for name in $(ls); do bash tools/$name.sh; done", {}) == Texts{"unknown: bash tools/$name.sh"});
}

TEST_CASE("what a script was called with is known to its own commands, not to its functions") {
  CHECK(executed("tools/start.sh send", {{"tools/start.sh", "bash tools/$1.sh\n"}}) ==
        Texts{"tools/start.sh", "tools/send.sh"});
  CHECK(executed("tools/start.sh tools/send.sh --all", {{"tools/start.sh", "#!/bin/sh\necho +\nexec \"$@\"\n"}}) ==
        Texts{"tools/start.sh", "tools/send.sh"});
  CHECK(executed("tools/start.sh bash tools/send.sh", {{"tools/start.sh", "exec ${@}\n"}}).size() == 2);
  CHECK(executed("tools/start.sh x send", {{"tools/start.sh", "shift\nbash tools/$1.sh\n"}}) ==
        Texts{"tools/start.sh", "unknown: bash tools/$1.sh"});
  CHECK(executed("tools/start.sh send", {{"tools/start.sh", "go() { bash tools/$1.sh; }\ngo \"$X\"\n"}}) ==
        Texts{"tools/start.sh", "unknown: bash tools/$1.sh"});
  CHECK(executed("tools/start.sh", {{"tools/start.sh", "go() { bash tools/$1.sh; }\ngo send\ngo \"$X\"\n"}}) ==
        Texts{"tools/start.sh", "tools/send.sh", "unknown: bash tools/$1.sh"});
  CHECK(
      executed("tools/start.sh send", {{"tools/start.sh", "tools/next.sh\n"}, {"tools/next.sh", "sh tools/$1.sh\n"}}) ==
      Texts{"tools/start.sh", "tools/next.sh", "unknown: sh tools/$1.sh"});
}

TEST_CASE("functions that say what they run and run it") {
  CHECK(executed("run() { echo \"+ $*\"; \"$@\"; }\nrun bash tools/send.sh", {}) == sent);
  CHECK(executed("say() { echo \"$@\"; }\nsay bash tools/send.sh", {}).empty());
}

TEST_CASE("variables that stand for a wrapper, or for nothing") {
  CHECK(executed("$SUDO bash tools/send.sh", {}) == sent);
  CHECK(executed("run=()\nif [ \"$DRY\" ]; then run=(echo); fi\n\"${run[@]}\" bash tools/send.sh", {}) == sent);
  CHECK(executed("RUN=\n[ -n \"$DRY\" ] && RUN=echo\n$RUN bash tools/send.sh", {}) == sent);
  CHECK(executed("$TOOL --now tools", {}) == Texts{"unknown: $TOOL --now tools"});
  CHECK(executed("echo bash tools/send.sh", {}).empty());
}

TEST_CASE("texts that are put together and evaluated") {
  CHECK(executed("eval \"$(echo ./tools/send.sh --all)\"", {}) == sent);
  CHECK(executed("line='./tools/send.sh --all'\neval \"$(echo $line)\"", {}) == sent);
  CHECK(executed("eval \"$(ssh-agent -s)\"", {}).empty());
  CHECK(executed("python3 -c 'import subprocess; subprocess.run([\"./tools/send.sh\"])'", {}) == sent);
  CHECK(executed("python3 -c 'print(\"./tools/send.sh\")'", {}).empty());
}

TEST_CASE("legs that name a script, a command, a part of a map, a folder") {
  const auto legs = [](const std::string& matrix) { return "    strategy: {matrix: " + matrix + "}\n"; };
  CHECK(executed("./tools/${{ matrix.web.script }}.sh", {}, legs("{web: [{script: send, n: 1}]}")) == sent);
  CHECK(executed("./tools/${{ matrix['script'] }}.sh", {}, legs("{script: [send]}")) == sent);
  CHECK(executed("./${{ matrix.d }}/${{ matrix.s }}.sh", {}, legs("{d: [tools], s: [send, x]}")) == sent);
  CHECK(executed("${{ matrix.run }}", {}, legs("{run: ['bash tools/send.sh --all', 'make y']}")) == sent);
  CHECK(executed("${{ matrix.run }}", {}, legs("{run: ['npm ci && bash tools/send.sh']}")) == sent);
  CHECK(executed("cd ${{ matrix.d }}\n./send.sh", {}, legs("{d: [tools, src]}")) == sent);
  CHECK(executed("$RUN", {}, "    env: {RUN: '${{ matrix.run }}'}\n" + legs("{run: ['sh tools/send.sh']}")) == sent);
  CHECK(executed("./tools/${{ matrix.s }}.sh", {}, legs("{s: [send, x], exclude: [{s: send}]}")).empty());
  CHECK(executed("echo ${{ matrix.run }}", {}, legs("{run: ['bash tools/send.sh']}")).empty());
}

TEST_CASE("arrays that conditions add to reach the command they end in") {
  Files files{{kCi, workflow(steps({"options=(-f x.hcl)\nif [ \"$P\" ]; then\n  options+=(--push)\nfi\n"
                                    "docker buildx bake \"${options[@]}\" web"}))}};
  const Run ran = run(files);
  bool pushes = false;
  for (const auto* step : steps_of(ran.execution))
    for (const auto& executed : step->commands)
      pushes = pushes || shipped().effect(*executed.command, *executed.env) != nullptr;
  CHECK(pushes);
}

TEST_CASE("a called workflow holds what it is handed") {
  const auto held = [](const std::string& secrets, const std::string& middle = "") {
    const std::string called =
        "on: workflow_call\njobs:\n  run:\n    runs-on: u\n    steps:\n      - {run: ./x, env: {T: '${{ secrets.T "
        "}}'}}\n";
    const std::string call = "on: push\njobs:\n  call:\n    uses: ./.github/workflows/";
    Files files{{".github/workflows/called.yml", called},
                {kCi, call + (middle.empty() ? "called" : "middle") + ".yml\n" + secrets},
                {".github/workflows/middle.yml",
                 "on: workflow_call\njobs:\n  call:\n    uses: ./.github/workflows/called.yml\n" + middle}};
    const Run ran = run(files);
    Texts names;
    for (const auto* step : steps_of(ran.execution))
      if (step->pipeline->path == kCi)
        for (const auto& use : step->credentials) names.push_back(use.name);
    return names;
  };
  CHECK(held("").empty());
  CHECK(held("    secrets: inherit\n") == Texts{"T"});
  CHECK(held("    secrets: {t: '${{ secrets.X }}'}\n") == Texts{"T"});
  CHECK(held("    secrets: {U: '${{ secrets.U }}'}\n").empty());
  CHECK(held("    secrets: inherit\n", "    secrets: inherit\n") == Texts{"T"});
  CHECK(held("    secrets: inherit\n", "    with: {}\n").empty());
  CHECK(held("    with: {}\n", "    secrets: inherit\n").empty());
}
