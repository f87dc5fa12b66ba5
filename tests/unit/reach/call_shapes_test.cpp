// The ways in which a step says that a script runs: directories, variables, wrappers, interpreters, task runners.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fixture.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

const std::string kScript = "#!/bin/sh\n./build/report\n";

/// A job with the step `script` executes the file at `path`.
bool executes(const std::string& script, const std::string& path, Files files, const std::string& extra = "") {
  files.try_emplace(path, kScript);
  files[kCi] = workflow(steps({script}), "test", extra);
  const Run ran = run(files);
  for (const auto* step : steps_of(ran.execution)) {
    const auto is_it = [&](const FollowedFile& file) { return file.path == path; };
    if (std::any_of(step->files.begin(), step->files.end(), is_it)) return true;
  }
  return false;
}

void check_all(const std::vector<std::string>& scripts, const std::string& path, const Files& files = {}) {
  for (const auto& script : scripts) {
    CAPTURE(script);
    CHECK(executes(script, path, files));
  }
}

void check_none(const std::vector<std::string>& scripts, const std::string& path, const Files& files = {}) {
  for (const auto& script : scripts) {
    CAPTURE(script);
    CHECK_FALSE(executes(script, path, files));
  }
}

}  // namespace

TEST_CASE("a script by its directory, whatever says where that is") {
  check_all({"cd tools && ./send.sh", "(cd tools; ./send.sh)", "pushd tools\n./send.sh", "$PWD/tools/send.sh",
             "\"$(pwd)/tools/send.sh\"", "ROOT=$(pwd)\ncd src\n$ROOT/tools/send.sh", "D=tools\n$D/send.sh",
             "$(git rev-parse --show-toplevel)/tools/send.sh", "cmd=(./tools/send.sh --all)\n\"${cmd[@]}\"",
             "${SCRIPT:-./tools/send.sh}"},
            "tools/send.sh");
  check_none({"cd src && ./send.sh", "echo ./tools/send.sh", "cat tools/send.sh", "chmod +x ./tools/send.sh",
              "shellcheck ./tools/send.sh", "bash -n tools/send.sh", "gh release upload v1 ./tools/send.sh"},
             "tools/send.sh");
}

TEST_CASE("a script beside the one that calls it, in every spelling of its directory") {
  for (const std::string directory :
       {"$(dirname \"$0\")", "${0%/*}", "$(cd -- \"$(dirname -- \"${BASH_SOURCE[0]}\")\" &> /dev/null && pwd)",
        "$( cd \"$( dirname \"${BASH_SOURCE[0]}\" )\" >/dev/null 2>&1 && pwd )",
        "$(dirname \"$(readlink -f \"${BASH_SOURCE[0]}\")\")", "$(dirname \"$(realpath \"$0\")\")/../tools"}) {
    CAPTURE(directory);
    CHECK(executes("./tools/start.sh", "tools/send.sh",
                   {{"tools/start.sh", "#!/bin/bash\nHERE=\"" + directory + "\"\n\"$HERE/send.sh\"\n"}}));
  }
  CHECK_FALSE(executes("./tools/start.sh", "tools/send.sh",
                       {{"tools/start.sh", "#!/bin/bash\nHERE=\"$(mktemp -d)\"\n\"$HERE/send.sh\"\n"}}));
}

TEST_CASE("a script behind wrappers, in texts and on inputs") {
  check_all({"env A=b ./tools/send.sh", "sudo -E timeout -k 5 60 ./tools/send.sh", "nohup ./tools/send.sh &",
             "flock /tmp/lock ./tools/send.sh", "parallel ./tools/send.sh ::: a b", "ssh-agent ./tools/send.sh",
             "dotenv -- ./tools/send.sh", "chamber exec mill -- ./tools/send.sh", "ls | xargs -n 1 ./tools/send.sh",
             "bash -lc './tools/send.sh --all'", "nix-shell --run './tools/send.sh'",
             "sops exec-env mill.yml './tools/send.sh'", "script -q -c './tools/send.sh' log", "bash < tools/send.sh",
             "bash -s -- a < tools/send.sh", "cat tools/send.sh | sh", "ssh host 'bash -s' < tools/send.sh"},
            "tools/send.sh");
  check_none({"cat tools/send.sh | grep x", "wc -l < tools/send.sh", "bash other.sh < tools/send.sh"}, "tools/send.sh");
}

TEST_CASE("a script in a folder that a container sees; one of the image's own") {
  check_all({"docker run --rm -v \"$PWD:/src\" -w /src alpine ./tools/send.sh",
             "docker run -v $(pwd):/w alpine sh /w/tools/send.sh",
             "docker run --mount type=bind,source=.,target=/w -w /w/tools alpine ./send.sh"},
            "tools/send.sh");
  check_none({"docker run alpine ./tools/send.sh", "docker run -v /data:/src -w /src alpine ./tools/send.sh"},
             "tools/send.sh");
}

TEST_CASE("files by interpreters, and texts that are no files") {
  for (const auto& [command, path] :
       std::vector<std::pair<std::string, std::string>>{{"pwsh -ExecutionPolicy Bypass -File x.ps1", "x.ps1"},
                                                        {"node --import tsx x.mjs", "x.mjs"},
                                                        {"npx zx x.mjs", "x.mjs"},
                                                        {"bun run x.ts", "x.ts"},
                                                        {"deno run -A x.ts", "x.ts"},
                                                        {"kotlinc -script x.kts", "x.kts"},
                                                        {"dotnet script x.csx", "x.csx"},
                                                        {"psql -d a -f x.sql", "x.sql"},
                                                        {"awk -f x.awk log", "x.awk"},
                                                        {"conda run -n mill python x.py", "x.py"},
                                                        {"mix run x.exs", "x.exs"}}) {
    const std::string shown = command;
    CAPTURE(shown);
    CHECK(executes(command, path, {{path, "x\n"}}));
  }
  CHECK_FALSE(executes("node -e x.js", "x.js", {{"x.js", "x\n"}}));
  CHECK_FALSE(executes("crystal build x.cr", "x.cr", {{"x.cr", "x\n"}}));
  CHECK_FALSE(executes("ruby -c x.rb", "x.rb", {{"x.rb", "x\n"}}));
}

TEST_CASE("what programs call in texts of their own") {
  for (const auto& [path, text] : std::vector<std::pair<std::string, std::string>>{
           {"x.py", "subprocess.run([\"./tools/send.sh\", \"now\"], cwd=\"a\")\n"},
           {"x.js", "execSync('bash tools/send.sh', {stdio: 'inherit'})\n"},
           {"x.rb", "system \"./tools/send.sh\"\n"}}) {
    const std::string program = path.ends_with("py") ? "python " : path.ends_with("js") ? "node " : "ruby ";
    const std::string shown = path;
    CAPTURE(shown);
    CHECK(executes(program + path, "tools/send.sh", {{path, text}}));
    CHECK_FALSE(executes(program + path, "tools/send.sh", {{path, "print(\"./tools/send.sh\")\n"}}));
  }
}

TEST_CASE("tasks that manifests name") {
  const std::vector<std::pair<std::string, Files>> cases{
      {"composer run send", {{"composer.json", R"({"scripts": {"send": ["@prep", "./tools/send.sh"]}})"}}},
      {"deno task send", {{"deno.json", R"({"tasks": {"send": "./tools/send.sh"}})"}}},
      {"poetry run poe send", {{"pyproject.toml", "[tool.poe.tasks]\nsend = \"./tools/send.sh\"\n"}}},
      {"pdm run send", {{"pyproject.toml", "[tool.pdm.scripts]\nsend = {shell = \"./tools/send.sh\"}\n"}}},
      {"hatch run x:send", {{"pyproject.toml", "[tool.hatch.envs.x.scripts]\nsend = \"./tools/send.sh\"\n"}}},
      {"mise run send", {{"mise.toml", "[tasks.all]\nrun = \"x\"\n[tasks.send]\nrun = [\"./tools/send.sh\"]\n"}}},
      {"cargo make send", {{"Makefile.toml", "[tasks.send]\ncommand = \"./tools/send.sh\"\nargs = [\"a\"]\n"}}},
      {"pixi run send", {{"pixi.toml", "[tasks]\nsend = {cmd = \"./tools/send.sh\"}\n"}}}};
  for (const auto& [command, files] : cases) {
    const std::string shown = command;
    CAPTURE(shown);
    CHECK(executes(command, "tools/send.sh", files));
    CHECK_FALSE(executes(command + "er", "tools/send.sh", files));
  }
}

TEST_CASE("scripts of the packages of a workspace") {
  const Files files{{"package.json", R"({"workspaces": ["packages/*"]})"},
                    {"packages/web/package.json", R"({"name": "@mill/web", "scripts": {"send": "./send.sh"}})"},
                    {"packages/api/package.json", R"({"name": "@mill/api"})"}};
  check_all({"npx turbo run send", "turbo send --filter=@mill/web", "lerna run send --scope @mill/web",
             "nx run-many -t send,test", "nx run web:send", "yarn workspaces foreach -pt --include @mill/web run send",
             "pnpm -r exec ./send.sh", "npm exec -w @mill/web -- ./send.sh", "lerna exec -- ./send.sh",
             "yarn workspace @mill/web exec ./send.sh", "corepack pnpm -r send", "npm publish ./packages/web"},
            "packages/web/send.sh",
            {{"package.json", files.at("package.json")},
             {"packages/api/package.json", files.at("packages/api/package.json")},
             {"packages/web/package.json",
              R"({"name": "@mill/web", "scripts": {"send": "./send.sh", "prepack": "./send.sh"}})"}});
  check_none({"turbo build", "turbo send --filter=@mill/api", "lerna bootstrap", "npm exec -w @mill/api -- ./send.sh"},
             "packages/web/send.sh", files);
}

TEST_CASE("turbo runs a script of the root where its settings name it") {
  const std::string root = R"({"workspaces": ["packages/*"], "scripts": {"send": "./send.sh"}})";
  const std::string package = R"({"name": "@mill/web", "scripts": {"look": "./look.sh"}})";
  const auto runs = [&](const std::string& call, const std::string& settings) {
    return executes(call, "send.sh",
                    {{"package.json", root}, {"packages/web/package.json", package}, {"turbo.json", settings}});
  };
  CHECK(runs("turbo run send", R"({"tasks": {"//#send": {}}})"));
  CHECK(runs("turbo send", R"({"pipeline": {"//#send": {}}})"));
  CHECK_FALSE(runs("turbo run send", R"({"tasks": {"send": {}}})"));
  CHECK_FALSE(runs("turbo run look", R"({"tasks": {"//#send": {}}})"));
  CHECK_FALSE(runs("turbo run send --filter=@mill/web", R"({"tasks": {"//#send": {}}})"));
}

TEST_CASE("values of legs stand inside words, too") {
  const std::string legs = "    strategy: {matrix: {target: [send, look]}}\n";
  CHECK(executes("./tools/${{ matrix.target }}.sh", "tools/send.sh", {}, legs));
  CHECK_FALSE(executes("./tools/${{ matrix.target }}.sh", "tools/other.sh", {}, legs));
}

TEST_CASE("a module file that a tool of Go reads is no script") {
  CHECK_FALSE(executes("go tool -modfile tools/go.mod goreleaser release", "tools/go.mod",
                       {{"tools/go.mod", "module example.org/tools\n"}}));
}

TEST_CASE("a step that logs in leaves its credentials to those after it, any other keeps them") {
  const auto credentials_after = [](const std::string& first) {
    const Run ran = run({{kCi, workflow(first + "      - run: ./send.sh\n")}, {"send.sh", kScript}});
    return steps_of(ran.execution).back()->credentials.size();
  };
  const std::string secret = "{password: \"${{ secrets.HUB }}\"}\n";
  CHECK(credentials_after("      - uses: docker/login-action@v3\n        with: " + secret) == 1);
  CHECK(credentials_after("      - name: Report\n        uses: codecov/codecov-action@v4\n        with: " + secret) ==
        0);
}
