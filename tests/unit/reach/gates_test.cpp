// Checks in the forms that CI systems and package managers give them: awaited or not, judged later, kept in other
// files.
#include <doctest/doctest.h>

#include "fixture.h"

using namespace tollbar::reach::test;

namespace {

using Fates = std::vector<std::string>;

const char kGitlab[] = ".gitlab-ci.yml";

Files ci(const std::string& command) {
  return {{kCi, workflow(steps({command}))}};
}

Files with(Files files, const std::string& path, const std::string& bytes) {
  files[path] = bytes;
  return files;
}

}  // namespace

TEST_CASE("what runs only after a failure holds nothing back") {
  const auto under = [](const std::string& condition) {
    return Files{{kCi, workflow("      - run: make\n      - if: " + condition + "\n        run: pytest\n")}};
  };
  CHECK(fates(under("success()"), under("failure()")) == Fates{"neutered pytest"});
  CHECK(fates(under("success()"), under("failure() && github.ref == 'refs/heads/main'")) == Fates{"neutered pytest"});
  CHECK(fates(under("success()"), under("failure() || github.ref == 'refs/heads/main'")) == Fates{"narrowed pytest"});
  const auto when = [](const std::string& value) {
    return Files{{kGitlab, "t:\n  when: " + value + "\n  script: [pytest]\n"}};
  };
  CHECK(fates(when("on_success"), when("on_failure")) == Fates{"neutered pytest"});
  CHECK(fates(when("on_success"), when("always")).empty());
}

TEST_CASE("a failure that a later step looks at still counts") {
  const auto types = [](const std::string& last) {
    return Files{{kCi, workflow("      - id: types\n        continue-on-error: true\n        run: mypy src\n" + last)}};
  };
  const Files strict{{kCi, workflow("      - id: types\n        run: mypy src\n")}};
  CHECK(fates(strict, types("      - if: steps.types.outcome == 'failure'\n        run: exit 1\n")).empty());
  CHECK(fates(strict, types("      - if: steps.types.outcome == 'failure'\n        run: echo no\n")) ==
        Fates{"neutered mypy"});
  CHECK(fates(strict, types("      - if: steps.other.outcome == 'failure'\n        run: exit 1\n")) ==
        Fates{"neutered mypy"});
  CHECK(fates(strict, types("")) == Fates{"neutered mypy"});
}

TEST_CASE("a child pipeline of GitLab judges where its parent waits for it") {
  const Files inline_job{{kGitlab, "scan:\n  script: [gosec ./...]\n"}};
  const auto child = [](const std::string& strategy) {
    return Files{{kGitlab, "scans:\n  trigger:\n    include: ci/scan.yml\n" + strategy},
                 {"ci/scan.yml", "scan:\n  script: [gosec ./...]\n"}};
  };
  CHECK(fates(inline_job, child("    strategy: depend\n")) == Fates{"moved gosec"});
  CHECK(fates(inline_job, child("")) == Fates{"neutered gosec"});
}

TEST_CASE("scripts of Composer are followed") {
  const auto composer = [](const std::string& scripts) {
    return with(ci("composer run stan"), "composer.json", R"({"scripts": )" + scripts + "}");
  };
  const auto before = composer(R"({"stan": "phpstan analyse src"})");
  CHECK(fates(before, composer(R"({"stan": ["@php -v", "phpstan analyse src"]})")).empty());
  CHECK(fates(before, composer(R"({"stan": "@lint", "lint": "phpstan analyse src"})")) == Fates{"moved phpstan"});
  CHECK(fates(before, composer(R"({"stan": "phpstan analyse src || true"})")) == Fates{"neutered phpstan"});
  CHECK(fates(before, composer(R"({"stan": "phpstan --version"})")) == Fates{"neutered phpstan"});
}

TEST_CASE("the command of a service that compose runs is a check") {
  const auto compose = [](const std::string& call, const std::string& command) {
    return with(ci(call), "compose.yaml", "services:\n  e2e:\n    command: " + command + "\n");
  };
  const auto before = compose("docker compose run --rm e2e", "[pytest, e2e]");
  CHECK(fates(before, compose("docker compose run --rm e2e", "pytest e2e")).empty());
  CHECK(fates(before, compose("docker compose run --rm e2e", "['true']")) == Fates{"removed pytest"});
  CHECK(fates(compose("docker compose run e2e ruff check .", "[pytest, e2e]"),
              compose("docker compose run e2e ruff check .", "['true']"))
            .empty());
}

TEST_CASE("a job that stands for others judges by how they ended") {
  const auto gate = [](const std::string& run) {
    return Files{
        {kCi,
         "on: pull_request\njobs:\n  t:\n    runs-on: u\n    steps: [{run: pytest}]\n  all-fine:\n    needs: [t]\n    "
         "if: always()\n    runs-on: u\n    steps:\n      - name: Every job\n        run: " +
             run + "\n"}};
  };
  const auto before = gate("case ${{ join(needs.*.result) }} in *failure*) exit 1 ;; esac");
  CHECK(fates(before, gate("case ${{ join(needs.*.result) }} in *failure*|*cancelled*) exit 1 ;; esac")).empty());
  CHECK(fates(before, gate("exit 0")) == Fates{"removed exit"});
  CHECK(fates(gate("echo ${{ join(needs.*.result) }}"), gate("echo done")).empty());
}

TEST_CASE("programs whose whole point is to succeed are no checks") {
  const auto npm = [](const std::string& script) {
    return with(ci("npm test"), "package.json", R"({"scripts": {"test": ")" + script + R"("}})");
  };
  CHECK(fates(npm("jest"), npm("node -e 'process.exit(0)'")) == Fates{"neutered jest"});
  CHECK(fates(npm("jest"), npm("python -c pass")) == Fates{"neutered jest"});
  CHECK(fates(npm("jest"), npm("node -e 'require(1)'")) == Fates{"moved jest"});
}

TEST_CASE("tests that a tool prints nothing are that tool's") {
  CHECK(fates(ci("test -z \"$(gofmt -l .)\""), ci("test -z \"$(gofmt -l .)\" || echo some")) ==
        Fates{"neutered gofmt"});
  CHECK(fates(ci("test -z \"$VERSION\""), ci("echo")).empty());
}

TEST_CASE("a flag that made a tool judge more harshly is missed") {
  CHECK(fates(ci("clang-tidy -p b -warnings-as-errors='*' x.c"), ci("clang-tidy -p b x.c")) ==
        Fates{"narrowed clang-tidy"});
  CHECK(fates(ci("mypy --strict src"), ci("mypy src")) == Fates{"narrowed mypy"});
  CHECK(fates(ci("mypy src"), ci("mypy --strict src")).empty());
}

TEST_CASE("plain calls in PowerShell are read like those of any shell") {
  const auto windows = [](const std::string& run) {
    return Files{{kCi, "on: push\njobs:\n  t:\n    runs-on: windows-2022\n    steps:\n      - run: |\n" + run},
                 {"package.json", R"({"scripts": {"lint": "eslint ."}})"}};
  };
  const auto before = windows("          npm run lint\n");
  CHECK(fates(before, windows("          npm run lint\n          exit 0\n")) == Fates{"neutered eslint"});
  CHECK(fates(before, windows("          npm ci\n          npm run lint\n")).empty());
  CHECK(fates(before, with(before, "package.json", R"({"scripts": {"lint": "eslint . || exit 0"}})")) ==
        Fates{"neutered eslint"});
}

TEST_CASE("a template's job that the pipeline never runs") {
  const std::string include = "include: [{template: Jobs/Secret-Detection.gitlab-ci.yml}]\n";
  CHECK(fates({{kGitlab, include}}, {{kGitlab, include + "secret_detection:\n  rules: [{when: never}]\n"}}) ==
        Fates{"neutered Secret-Detection.gitlab-ci.yml"});
  CHECK(fates({{kGitlab, include}}, {{kGitlab, include + "secret_detection:\n  variables: {A: b}\n"}}).empty());
}

TEST_CASE("a called workflow works in the folder that its caller names") {
  const auto files = [](const std::string& script) {
    return Files{
        {kCi, "on: pull_request\njobs:\n  web:\n    uses: ./.github/workflows/node.yml\n    with: {dir: web}\n"},
        {".github/workflows/node.yml",
         "on: {workflow_call: {inputs: {dir: {type: string, default: api}}}}\njobs:\n  t:\n    runs-on: u\n    steps:\n"
         "      - run: npm test\n        working-directory: ${{ inputs.dir }}\n"},
        {"web/package.json", R"({"scripts": {"test": ")" + script + R"("}})"},
        {"api/package.json", R"({"scripts": {"test": "mocha"}})"}};
  };
  CHECK(fates(files("jest"), files("jest || true")) == Fates{"neutered jest"});
  CHECK(fates(files("jest"), with(files("jest"), "api/package.json", R"({"scripts": {"test": "true"}})")).empty());
}

TEST_CASE("what a caller hands to a workflow may switch its checks off") {
  const auto files = [](const std::string& with, const std::string& type = "boolean",
                        const std::string& soft = "false") {
    return Files{
        {kCi, "on: pull_request\njobs:\n  all:\n    uses: ./.github/workflows/checks.yml\n    with: {" + with + "}\n"},
        {".github/workflows/checks.yml",
         "on:\n  workflow_dispatch: {inputs: {tests: {type: boolean, default: false}}}\n"
         "  workflow_call: {inputs: {tests: {type: " +
             type + ", default: true}, soft: {type: boolean, default: " + soft +
             "}}}\njobs:\n  t:\n    if: inputs.tests\n    runs-on: u\n    steps:\n      - run: npx jest\n"
             "        continue-on-error: ${{ inputs.soft }}\n"}};
  };
  CHECK(fates(files("tests: true"), files("tests: false")) == Fates{"neutered jest"});
  CHECK(fates(files(""), files("tests: false")) == Fates{"neutered jest"});
  CHECK(fates(files("tests: true"), files("TESTS: false")) == Fates{"neutered jest"});
  CHECK(fates(files("soft: false"), files("soft: true")) == Fates{"neutered jest"});
  CHECK(fates(files(""), files("", "boolean", "true")) == Fates{"neutered jest"});
  CHECK(fates(files("tests: true"), files("")).empty());
  CHECK(fates(files("tests: true"), files("tests: 'true'")).empty());
  CHECK(fates(files("", "string"), files("tests: 'false'", "string")).empty());  // a text that is not empty holds
}

TEST_CASE("what a step hands to a composite action may switch its checks off") {
  const auto files = [](const std::string& with, const std::string& condition = "inputs.tests == 'true'",
                        const std::string& above = "") {
    return Files{{kCi, "on: pull_request\njobs:\n  all:\n    runs-on: u\n" + above +
                           "    steps:\n      - uses: ./act\n        with: {" + with + "}\n"},
                 {"act/action.yml",
                  "inputs: {tests: {default: 'true'}, soft: {default: 'false'}}\nruns:\n  using: composite\n  steps:\n"
                  "    - run: npx jest\n      shell: bash\n      if: " +
                      condition + "\n      continue-on-error: ${{ inputs.soft == 'true' }}\n"}};
  };
  CHECK(fates(files(""), files("tests: false")) == Fates{"neutered jest"});
  CHECK(fates(files(""), files("soft: true")) == Fates{"neutered jest"});
  CHECK(fates(files("tests: true"), files("tests: '${{ env.T }}'", "inputs.tests == 'true'", "    env: {T: no}\n")) ==
        Fates{"neutered jest"});
  CHECK(fates(files("tests: true"), files("")).empty());
  CHECK(fates(files("", "inputs.tests"), files("tests: false", "inputs.tests")).empty());
}

TEST_CASE("a command that only the legs of a matrix spell out") {
  const auto matrix = [](const std::string& last, const std::string& env = "{}") {
    return Files{{kCi, "on: push\njobs:\n  check:\n    runs-on: u\n    env: " + env +
                           "\n    strategy: {matrix: {cmd: [fmt --check, " + last +
                           "]}}\n    steps:\n      - run: cargo ${{ matrix.cmd }}\n"}};
  };
  CHECK(fates(matrix("test --locked"), matrix("test --locked --no-run")) == Fates{"neutered cargo"});
  CHECK(fates(matrix("test --locked"), matrix("test --locked", "{SKIP_TESTS: 'true'}")) == Fates{"neutered cargo"});
  CHECK(fates(matrix("test --locked"), matrix("test --locked --all-features")).empty());
}

TEST_CASE("the recipe of an included Makefile knows the variables of the one that includes it") {
  const auto makefile = [](const std::string& text) { return with(ci("make vet"), "Makefile", "GO := go\n\n" + text); };
  const auto before = makefile("vet:\n\t$(GO) vet ./...\n");
  const auto after = with(makefile("include mk/vet.mk\n"), "mk/vet.mk", "vet:\n\t$(GO) vet ./...\n");
  CHECK(fates(before, after) == Fates{"moved go vet"});
}
