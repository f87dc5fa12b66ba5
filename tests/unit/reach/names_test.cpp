// Other names by which files of the tree run: each with a twin that is none.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fixture.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

using Texts = std::vector<std::string>;

const Files kScripts{{"tools/send.sh", "#!/bin/sh\nreport\n"}, {"bin/send.js", "report()\n"}};

/// `path: part` of everything that a step with these lines executes.
Texts reached(const std::string& script, Files files, const std::string& step_extra = "") {
  std::string lines;
  for (std::size_t at = 0; at <= script.size();) {
    const auto end = std::min(script.find('\n', at), script.size());
    lines += "          " + script.substr(at, end - at) + "\n";
    at = end + 1;
  }
  files.insert(kScripts.begin(), kScripts.end());
  files[kCi] = workflow("      - run: |\n" + lines + step_extra);
  Texts texts;
  const Run ran = run(files);
  for (const auto* step : steps_of(ran.execution))
    for (const auto& file : step->files) texts.push_back(file.path + (file.part.empty() ? "" : ": " + file.part));
  return texts;
}

}  // namespace

TEST_CASE("a file that is copied runs as what it was") {
  const Texts send{"tools/send.sh"};
  CHECK(reached("cp tools/send.sh /tmp/x.sh\nsh /tmp/x.sh", kScripts) == send);
  CHECK(reached("cp tools/send.sh /tmp\nsh /tmp/send.sh", kScripts) == send);
  CHECK(reached("install -m 755 tools/send.sh /usr/local/bin/send\nsend --all", kScripts) == send);
  CHECK(reached("cd tools\ncp send.sh ../other.sh\ncd ..\n./other.sh", kScripts) == send);
  CHECK(reached("cp tools/send.sh \"$RUNNER_TEMP/x.sh\"\nbash \"$RUNNER_TEMP/x.sh\"", kScripts) == send);
  CHECK(reached("cp tools/send.sh /tmp/x.sh\ncat /tmp/x.sh", kScripts).empty());
  CHECK(reached("cp tools/send.sh /srv/send\nsend", kScripts).empty());
}

TEST_CASE("a program that is built from a folder runs its sources") {
  const Files sources{{"cmd/send/main.go", "package main\n"}, {"go.mod", "module example.org/mill\n"}};
  const Texts send{"cmd/send/main.go"};
  CHECK(reached("go build -o bin/send ./cmd/send\n./bin/send --all", sources) == send);
  CHECK(reached("go build ./cmd/send\n./send", sources) == send);
  CHECK(reached("CGO_ENABLED=0 go build -tags x -o bin/ ./cmd/send\nbin/send", sources) == send);
  CHECK(reached("go install -v ./cmd/send\nsend now", sources) == send);
  CHECK(reached("cd cmd\ngo build -o ../send ./send\ncd ..\n./send", sources) == send);
  CHECK(reached("go build -o bin/send ./cmd/send\ntar c bin/send", sources).empty());
  CHECK(reached("go build -o bin/send ./cmd/send\n./bin/other", sources).empty());
  CHECK(reached("go build -o send ./cmd/send\nsend", sources).empty());
  CHECK(reached("go build ./...\n./send", sources).empty());
  CHECK(reached("go install ./cmd/send\necho send", sources).empty());
}

TEST_CASE("an argument of a function is what its callers hand it") {
  const Texts send{"tools/send.sh"};
  CHECK(reached("run() { sh \"tools/$1.sh\"; }\nrun send", kScripts) == send);
  CHECK(reached("run() {\n  local tool=$1\n  sh tools/${tool}.sh\n}\nrun look\nrun send", kScripts) == send);
  CHECK(reached("run() { sh \"tools/$1.sh\"; }\nrun look", kScripts).empty());
  CHECK(reached("run() { sh \"tools/$1.sh\"; }\nrun \"$X\"", kScripts).empty());
  CHECK(reached("run() { sh \"tools/$2.sh\"; }\nrun send", kScripts).empty());
}

TEST_CASE("an alias stands for its words") {
  CHECK(reached("alias send='sh tools/send.sh'\nsend --all", kScripts) == Texts{"tools/send.sh"});
  CHECK(reached("alias ls='ls -l'\nls", kScripts).empty());
}

TEST_CASE("a program that the package brings, called by its name") {
  const Files own{{"package.json", R"({"name": "@acme/mill", "bin": {"send": "./bin/send.js"}})"}};
  CHECK(reached("npx send now", own) == Texts{"bin/send.js"});
  CHECK(reached("npx other", own).empty());
  CHECK(reached("npx mill", {{"package.json", R"({"name": "@acme/mill", "bin": "bin/send.js"})"}}) ==
        Texts{"bin/send.js"});
}

TEST_CASE("a container that something else has started most likely sees the tree") {
  const Texts send{"tools/send.sh"};
  for (const char* call : {"docker exec -i -w /app box ./tools/send.sh", "docker compose exec -T app tools/send.sh",
                           "docker-compose exec app /srv/tools/send.sh --all",
                           "docker compose run --rm app sh /usr/src/app/tools/send.sh"})
    CHECK_MESSAGE(reached(call, kScripts) == send, call);
  CHECK(reached("docker exec box /usr/bin/send.sh", kScripts).empty());
  CHECK(reached("docker exec box send", kScripts).empty());
}

TEST_CASE("targets of an Nx project") {
  Files files{{"nx.json", "{}"},
              {"apps/web/project.json",
               R"({"targets": {"send": {"dependsOn": ["pack"], "options": {"commands": ["sh tools/send.sh"]}},
                               "pack": {"command": "sh ../../tools/send.sh", "options": {"cwd": "{projectRoot}"}}}})"}};
  CHECK(reached("npx nx run web:pack", files) == Texts{"apps/web/project.json: pack", "tools/send.sh"});
  CHECK(reached("npx nx run-many -t send", files) ==
        Texts{"apps/web/project.json: send", "apps/web/project.json: pack", "tools/send.sh", "tools/send.sh"});
  CHECK(reached("npx nx run api:pack", files).empty());
  CHECK(reached("npx nx graph", files).empty());
}

TEST_CASE("a shell of the tree, and a step in another language that calls") {
  CHECK(reached("anything", kScripts, "        shell: ./tools/send.sh {0}\n") == Texts{"tools/send.sh"});
  CHECK(reached("anything", kScripts, "        shell: bash -e {0}\n").empty());
  CHECK(reached("import subprocess\nsubprocess.run(['tools/send.sh', 'a'])", kScripts, "        shell: python\n") ==
        Texts{"tools/send.sh"});
}

TEST_CASE("commands that git runs again and again") {
  CHECK(reached("git rebase -x 'sh tools/send.sh --all' main", kScripts) == Texts{"tools/send.sh"});
  CHECK(reached("git rebase main", kScripts).empty());
}

TEST_CASE("scripts of a package that wireit spells out") {
  const Files files{
      {"package.json", R"({"scripts": {"send": "wireit"}, "wireit": {"send": {"command": "sh tools/send.sh"}}})"}};
  CHECK(reached("npm run send", files) == Texts{"package.json: send", "package.json: wireit send", "tools/send.sh"});
}

TEST_CASE("what a configuration lets a tool do besides, where the tool acts") {
  const auto systems = [](const std::string& script, const std::string& configuration) {
    Texts texts;
    const Run ran = run({{kCi, workflow(steps({script}))}, {".goreleaser.yml", configuration}});
    for (const auto* step : steps_of(ran.execution))
      for (const auto& act : step->configured) texts.push_back(act.by + " -> " + act.effect.system);
    return texts;
  };
  const std::string both = "builds: [{id: a}]\nbrews: [{name: mill}]\nsnapcrafts: [{name: mill, publish: true}]\n";
  CHECK(systems("goreleaser release --clean", both) ==
        Texts{"goreleaser: brews -> homebrew tap", "goreleaser: snapcrafts -> snap store"});
  CHECK(systems("goreleaser release --clean", "brews: []\nsnapcrafts: [{name: mill, publish: false}]\n").empty());
  CHECK(systems("goreleaser release --snapshot", both).empty());
  CHECK(systems("goreleaser build", both).empty());
}
