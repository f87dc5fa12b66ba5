// What a change does to the checks of a tree, and what it does not.
#include <doctest/doctest.h>

#include "fixture.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

using Fates = std::vector<std::string>;

struct Case {
  const char* name;
  Files before, after;
  Fates wanted;
};

Files ci(const std::vector<std::string>& commands) {
  return {{kCi, workflow(steps(commands))}};
}

Files with(Files files, const std::string& path, const std::string& bytes) {
  files[path] = bytes;
  return files;
}

std::string step(const std::string& name, const std::string& run, const std::string& extra = "") {
  return "      - name: " + name + "\n" + extra + "        run: " + run + "\n";
}

std::string joined(const Fates& fates) {
  std::string result;
  for (const auto& fate : fates) result += fate + "; ";
  return result;
}

const std::string kPytest = steps({"pytest"});

const std::string kCover = R"({"scripts": {"cover": "jest"}})";
const std::string kHooks = ".pre-commit-config.yaml";
const std::string kBlack = "repos:\n  - repo: https://github.com/psf/black\n    hooks: [{id: black}]\n";
const std::string kShared =
    "on: workflow_call\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest";
const std::string kGate =
    "on: pull_request\njobs:\n"
    "  t: {runs-on: u, steps: [{run: pytest}]}\n"
    "  u: {runs-on: u, steps: [{run: jest}]}\n"
    "  all:\n    if: always()\n    needs: [t, u]\n    runs-on: u\n    steps:\n"
    "      - uses: re-actors/alls-green@release/v1\n        with:\n          jobs: ${{ toJSON(needs) }}\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.rfind(from), from.size(), to);
}

std::string pom(const std::string& plugin, const std::string& settings) {
  return "<project>\n<plugin>\n<artifactId>" + plugin + "</artifactId>\n<configuration>\n" + settings +
         "\n</configuration>\n</plugin>\n</project>\n";
}

const std::string kReleaseCalls = "on: workflow_dispatch\njobs:\n  t:\n    uses: ./.github/workflows/t.yml\n";

}  // namespace

TEST_CASE("fates of checks") {
  const Files npm = with(ci({"npm test"}), "package.json", R"({"scripts": {"test": "jest"}})");
  const Files make = with(ci({"make test"}), "Makefile", "test:\n\tpytest\n");
  const std::vector<Case> cases{
      {"same", ci({"pytest"}), ci({"pytest"}), {}},
      {"quoting differs", ci({"pytest -k 'a'"}), ci({"pytest -k a"}), {}},
      {"programs that a script of tests starts one after the other",
       with(ci({"./tests/run.sh"}), "tests/run.sh", "set -e\nfor t in tests/t-*; do \"$t\"; done\n"),
       with(ci({"./tests/run.sh"}), "tests/run.sh", "set -e\nfor t in tests/t-*; do \"$t\" || echo failed; done\n"),
       {"neutered $t"}},
      {"what a script called run compares says its folder",
       with(ci({"./tests/run.sh a"}), "tests/run.sh", "set -e\n./quern \"$1\" > out\ndiff out expected\n"),
       with(ci({"./tests/run.sh a || true"}), "tests/run.sh", "set -e\n./quern \"$1\" > out\ndiff out expected\n"),
       {"neutered diff", "neutered quern"}},
      {"a target called check leaves no doubt",
       with(ci({"make check"}), "Makefile", "check:\n\t./compare a b\n"),
       with(ci({"make check"}), "Makefile", "check:\n\t@true\n"),
       {"neutered compare"}},
      {"a package's tests that a runner of workspaces leaves out",
       with(with(with(ci({"npx nx run-many -t test"}), "package.json", R"({"workspaces": ["packages/*"]})"),
                 "packages/mill/package.json", R"({"name": "mill", "scripts": {"test": "jest"}})"),
            "packages/quern/package.json", R"({"name": "quern", "scripts": {"test": "pytest"}})"),
       with(with(with(ci({"npx nx run-many -t test --exclude quern"}), "package.json",
                      R"({"workspaces": ["packages/*"]})"),
                 "packages/mill/package.json", R"({"name": "mill", "scripts": {"test": "jest"}})"),
            "packages/quern/package.json", R"({"name": "quern", "scripts": {"test": "pytest"}})"),
       {"removed pytest"}},
      {"an unnamed call of a package's tests takes the place of a runner",
       {{kCi, workflow(steps({"nox -s wasm"}), "wasm")}, {"noxfile.py", "import nox\n"}, {"tests/run.js", ""}},
       {{kCi, workflow(steps({"npm run test"}), "wasm")},
        {"package.json", R"({"scripts": {"test": "node tests/run.js"}})"},
        {"tests/run.js", ""}},
       {"moved nox"}},
      {"and a call that builds does not",
       {{kCi, workflow(steps({"nox -s wasm"}), "wasm")}, {"noxfile.py", "import nox\n"}},
       {{kCi, workflow(steps({"npm run bundle"}), "wasm")},
        {"package.json", R"({"scripts": {"bundle": "node tools/run.js"}})"}},
       {"removed nox"}},
      {"one more beside others that run at once",
       with(ci({"npm test"}), "package.json",
            R"({"scripts": {"test": "concurrently \"pytest one\" \"jest two\"", "more": "mypy ."}})"),
       with(ci({"npm test"}), "package.json",
            R"({"scripts": {"test": "concurrently \"pytest one\" \"jest two\" \"npm run more\"", "more": "mypy ."}})"),
       {"added mypy"}},
      {"of those that run at once only the first counts",
       with(ci({"npm test"}), "package.json", R"({"scripts": {"test": "concurrently \"pytest one\" \"jest two\""}})"),
       with(ci({"npm test"}), "package.json",
            R"({"scripts": {"test": "concurrently --success last \"pytest one\" \"jest two\""}})"),
       {"neutered jest", "neutered pytest"}},
      {"of those that run at once a named one counts",
       with(ci({"npm test"}), "package.json",
            R"({"scripts": {"test": "concurrently -n a,b npm:a npm:b", "a": "pytest one", "b": "jest two"}})"),
       with(
           ci({"npm test"}), "package.json",
           R"({"scripts": {"test": "concurrently -n a,b -s command-b npm:a npm:b", "a": "pytest one", "b": "jest two"}})"),
       {"neutered pytest"}},
      {"a job that waits for all others lets each of them fail",
       {{kCi, kGate}},
       {{kCi, replaced(kGate, "jobs:", "allowed-failures: t, u\n          jobs:")}},
       {"neutered re-actors/alls-green"}},
      {"a job that waits for all others lets one of them fail",
       {{kCi, kGate}},
       {{kCi, replaced(kGate, "jobs:", "allowed-failures: '[\"u\"]'\n          jobs:")}},
       {"narrowed re-actors/alls-green"}},
      {"a pom that lets pass what one of its plugins finds",
       with(ci({"mvn verify"}), "pom.xml", pom("spotbugs-maven-plugin", "")),
       with(ci({"mvn verify"}), "pom.xml", pom("spotbugs-maven-plugin", "<failOnError>false</failOnError>")),
       {"neutered maven"}},
      {"a pom whose documentation may fail",
       with(ci({"mvn verify"}), "pom.xml", pom("maven-javadoc-plugin", "")),
       with(ci({"mvn verify"}), "pom.xml", pom("maven-javadoc-plugin", "<failOnError>false</failOnError>")),
       {}},
      {"a script for each system",
       with(npm, "package.json", R"({"scripts": {"test": "jest --ci"}})"),
       with(npm, "package.json",
            R"({"scripts": {"test": "run-script-os", "test:default": "jest --ci", "test:win32": "jest --ci a"}})"),
       {"added jest", "moved jest"}},
      {"a script for each system, of which none tests",
       with(npm, "package.json", R"({"scripts": {"test": "jest --ci"}})"),
       with(npm, "package.json", R"({"scripts": {"test": "run-script-os", "test:default": "true"}})"),
       {"neutered jest"}},
      {"a failure that a later step of the same action judges",
       with({{kCi, workflow("      - uses: ./tests/run\n")}}, "tests/run/action.yml",
            "runs:\n  using: composite\n  steps:\n  - {id: t, run: pytest, shell: bash}\n"),
       with({{kCi, workflow("      - uses: ./tests/run\n")}}, "tests/run/action.yml",
            "runs:\n  using: composite\n  steps:\n  - {id: t, run: pytest, shell: bash, continue-on-error: true}\n"
            "  - {run: exit 1, shell: bash, if: \"${{ steps.t.outcome == 'failure' }}\"}\n"),
       {}},
      {"a failure that no later step of the action judges",
       with({{kCi, workflow("      - uses: ./tests/run\n")}}, "tests/run/action.yml",
            "runs:\n  using: composite\n  steps:\n  - {id: t, run: pytest, shell: bash}\n"),
       with({{kCi, workflow("      - uses: ./tests/run\n")}}, "tests/run/action.yml",
            "runs:\n  using: composite\n  steps:\n  - {id: t, run: pytest, shell: bash, continue-on-error: true}\n"
            "  - {run: exit 0, shell: bash, if: \"${{ steps.t.outcome == 'failure' }}\"}\n"),
       {"neutered pytest"}},
      {"what package managers take away or show is no check",
       {{kCi, workflow(step("Tear down test plugin", "pdm remove ./tests/plugin") +
                       step("Show test tools", "pip uninstall -y quern; pip list"))}},
       ci({"pytest"}),
       {"added pytest"}},
      // removed
      {"step removed", ci({"ruff check .", "pytest"}), ci({"ruff check ."}), {"removed pytest"}},
      {"file removed", ci({"pytest"}), {}, {"removed pytest"}},
      {"one of two paths lost", ci({"pytest tests/a", "pytest tests/b"}), ci({"pytest tests/b"}), {"removed pytest"}},
      {"a path under a parent that stays",
       ci({"pytest tests", "pytest tests/b"}),
       ci({"pytest tests"}),
       {"moved pytest"}},
      {"call replaced by a build",
       ci({"go test ./..."}),
       ci({"go build ./..."}),
       {"added go build", "removed go test"}},
      {"tests of a build tag are no part of the others",
       ci({"go test ./...", "go test -tags integration ./..."}),
       ci({"go test ./..."}),
       {"removed go test"}},
      {"features of Cargo are variants of the same tests",
       ci({"cargo test", "cargo test --features sqlite"}),
       ci({"cargo test"}),
       {"moved cargo test"}},
      {"a profile of Maven is asked for by nobody else",
       ci({"mvn verify", "mvn verify -Pintegration"}),
       ci({"mvn verify"}),
       {"removed maven"}},
      {"a linter that stood there does not scan",
       ci({"ruff check .", "bandit -r src"}),
       ci({"ruff check ."}),
       {"removed bandit"}},
      {"a linter that comes may scan",
       ci({"bandit -r src"}),
       ci({"ruff check ."}),
       {"added ruff check", "moved bandit"}},
      {"spare build dropped", ci({"go build ./...", "go test ./..."}), ci({"go test ./..."}), {}},
      {"the rest of a path list in another order", ci({"pytest a b b"}), ci({"pytest b a"}), {}},
      {"number of workers", ci({"pytest -n 4 tests"}), ci({"pytest tests"}), {}},
      {"a wrapper that measures", ci({"npx jest"}), ci({"npx nyc jest"}), {}},
      {"another runner of the same tests", ci({"cargo test"}), ci({"cargo llvm-cov"}), {}},
      {"an action for the tool",
       ci({"cargo test"}),
       {{kCi, workflow("      - uses: actions-rs/tarpaulin@v0.1\n")}},
       {}},
      {"a target of an included Makefile",
       with(with(ci({"make lint"}), "Makefile", "lint:\n\tshellcheck x.sh\n"), "common.mk", "\n"),
       with(with(ci({"make lint"}), "Makefile", "include common.mk\n"), "common.mk", "lint:\n\tshellcheck x.sh\n"),
       {"moved shellcheck"}},
      {"a skeleton that calls back",
       with(ci({"./t.sh"}), "t.sh", "set -e\nshellcheck x.sh\n"),
       with(with(ci({"./t.sh"}), "t.sh", "set -e\nrun_lint() { shellcheck x.sh; }\n. \"$D/common.sh\"\n"), "common.sh",
            "run_lint\n"),
       {}},
      {"a function nobody calls",
       with(ci({"./t.sh"}), "t.sh", "set -e\nshellcheck x.sh\n"),
       with(ci({"./t.sh"}), "t.sh", "set -e\nrun_lint() { shellcheck x.sh; }\n"),
       {"neutered shellcheck"}},
      {"configuration that the tool obeys",
       with(ci({"mvn -B verify"}), "pom.xml", "<project></project>\n"),
       with(ci({"mvn -B verify"}), "pom.xml", "<project><skipTests>true</skipTests></project>\n"),
       {"neutered maven"}},
      {"configuration in a comment or a profile",
       with(ci({"mvn -B verify"}), "pom.xml", "<project></project>\n"),
       with(
           ci({"mvn -B verify"}), "pom.xml",
           "<project><!-- <skipTests>true</skipTests> --><profiles><skipTests>true</skipTests></profiles></project>\n"),
       {}},
      {"a formatter that rewrites, and fails on what changed",
       ci({"prettier --check ."}),
       ci({"prettier --write . && git diff --exit-code"}),
       {"added git diff"}},
      {"the same in a later step",
       ci({"test -z \"$(gofmt -l .)\""}),
       ci({"gofmt -w .", "test -z \"$(git status --porcelain)\""}),
       {"added git diff"}},
      {"a list that nothing looks at", ci({"test -z \"$(gofmt -l .)\""}), ci({"gofmt -l ."}), {"neutered gofmt"}},
      {"the same with an error of its own",
       ci({"black --check ."}),
       ci({"black .", "if [ -n \"$(git status -s)\" ]; then\n  echo unformatted\n  exit 1\nfi"}),
       {}},
      {"a formatter that rewrites and is not compared",
       ci({"prettier --check ."}),
       ci({"prettier --write ."}),
       {"added prettier", "removed prettier"}},
      {"compared without force",
       ci({"prettier --check ."}),
       ci({"prettier --write . && git diff --exit-code || true"}),
       {"added git diff", "removed prettier"}},
      {"compared before it rewrites",
       ci({"prettier --check ."}),
       ci({"git diff --exit-code", "prettier --write ."}),
       {"added git diff", "added prettier", "removed prettier"}},
      {"behind a program of the same name",
       ci({"api-extractor run", "tsc"}),
       ci({"tsx scripts/api-extractor.ts run", "tsc"}),
       {"moved api-extractor"}},
      {"a folder whose check the root's covers",
       ci({"(cd packages/vite && eslint --ext .ts 'src/**')", "eslint --ext .js,.ts 'packages/*/src/**'"}),
       ci({"eslint --ext .js,.ts 'packages/*/src/**'"}),
       {"moved eslint"}},
      {"a folder that the root's does not cover",
       ci({"(cd tools/lint && eslint 'lib/**')", "eslint 'packages/*/src/**'"}),
       ci({"eslint 'packages/*/src/**'"}),
       {"removed eslint"}},
      {"a failure put off and judged by a later step",
       ci({"pytest"}),
       {{kCi, workflow(step("T", "pytest", "        id: t\n        continue-on-error: true\n") +
                       step("Verdict", "exit 1", "        if: always() && steps.t.outcome == 'failure'\n"))}},
       {}},
      {"a failure put off that a later step only tells",
       ci({"pytest"}),
       {{kCi, workflow(step("T", "pytest", "        id: t\n        continue-on-error: true\n") +
                       step("Verdict", "echo no", "        if: steps.t.outcome == 'failure'\n"))}},
       {"neutered pytest"}},
      {"a failure put off and judged only at times",
       ci({"pytest"}),
       {{kCi,
         workflow(step("T", "pytest", "        id: t\n        continue-on-error: true\n") +
                  step("Verdict", "exit 1", "        if: github.actor == 'x' && steps.t.outcome == 'failure'\n"))}},
       {"neutered pytest"}},
      {"more build tags", ci({"go test -tags a ./..."}), ci({"go test -tags b,a ./..."}), {}},
      {"more build tags, in another spelling", ci({"go test -tags=a ./..."}), ci({"go test -tags 'a b' ./..."}), {}},
      {"other build tags", ci({"go test -tags a ./..."}), ci({"go test -tags b ./..."}), {"narrowed go test"}},
      {"fewer build tags", ci({"go test -tags a,b ./..."}), ci({"go test -tags a ./..."}), {"narrowed go test"}},
      // neutered
      {"|| true", ci({"pytest"}), ci({"pytest || true"}), {"neutered pytest"}},
      {"|| echo in a called script",
       with(ci({"./t.sh"}), "t.sh", "set -e\npytest\n"),
       with(ci({"./t.sh"}), "t.sh", "set -e\npytest || echo no\n"),
       {"neutered pytest"}},
      {"retry", ci({"pytest"}), ci({"pytest || pytest"}), {}},
      {"flag", ci({"pylint src"}), ci({"pylint src --exit-zero"}), {"neutered pylint"}},
      {"list only", ci({"npx playwright test"}), ci({"npx playwright test --list"}), {"neutered playwright"}},
      {"npm script to echo",
       npm,
       with(npm, "package.json", R"({"scripts": {"test": "echo skip"}})"),
       {"neutered jest"}},
      {"make target emptied", make, with(make, "Makefile", "test:\n\t@true\n"), {"neutered pytest"}},
      {"make target ignores errors", make, with(make, "Makefile", "test:\n\t-pytest\n"), {"neutered pytest"}},
      {"function over the tool", ci({"pytest"}), ci({"pytest() { :; }\npytest"}), {"neutered pytest"}},
      {"continue-on-error",
       ci({"pytest"}),
       {{kCi, workflow(step("T", "pytest", "        continue-on-error: true\n"))}},
       {"neutered pytest"}},
      {"if: false on the job",
       ci({"pytest"}),
       {{kCi, workflow(kPytest, "test", "    if: false\n")}},
       {"neutered pytest"}},
      {"skip switch",
       ci({"pytest"}),
       {{kCi, workflow(kPytest, "test", "    env:\n      SKIP_TESTS: true\n")}},
       {"neutered pytest"}},
      {"schedule only",
       ci({"pytest"}),
       {{kCi, "on:\n  schedule:\n    - cron: '0 0 * * *'\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n" +
                  kPytest}},
       {"neutered pytest"}},
      {"skip switch that the script exports",
       ci({"pytest"}),
       ci({"export CI=1 SKIP_TESTS=true\npytest"}),
       {"neutered pytest"}},
      {"PATH",
       ci({"pytest"}),
       with(ci({"echo \"$PWD/bin\" >> $GITHUB_PATH", "pytest"}), "bin/pytest", "#!/bin/sh\nexit 0\n"),
       {"neutered pytest"}},
      {"already without force", ci({"pytest || true"}), ci({"pytest || true", "echo"}), {}},
      {"without force, then gone", ci({"pytest || true"}), ci({"echo"}), {}},
      {"force restored", ci({"pytest || true"}), ci({"pytest"}), {"restored pytest"}},
      // narrowed
      {"deselect", ci({"pytest"}), ci({"pytest --deselect tests/x.py"}), {"narrowed pytest"}},
      {"only one folder", ci({"pytest"}), ci({"pytest tests/unit"}), {"narrowed pytest"}},
      {"paths filter",
       {{kCi, "on:\n  pull_request:\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n" + kPytest}},
       {{kCi, "on:\n  pull_request:\n    paths: ['src/**']\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n" +
                  kPytest}},
       {"narrowed pytest"}},
      {"a leg dropped",
       {{kCi, workflow(kPytest, "test", "    strategy:\n      matrix:\n        v: [1, 2]\n")}},
       {{kCi, workflow(kPytest, "test", "    strategy:\n      matrix:\n        v: [2]\n")}},
       {"narrowed pytest"}},
      {"a leg more",
       {{kCi, workflow(kPytest, "test", "    strategy:\n      matrix:\n        v: [1, 2]\n")}},
       {{kCi, workflow(kPytest, "test", "    strategy:\n      matrix:\n        v: [1, 2, 3]\n")}},
       {}},
      {"condition",
       ci({"pytest"}),
       {{kCi, workflow(kPytest, "test", "    if: github.actor != 'bot'\n")}},
       {"narrowed pytest"}},
      // moved
      {"into make", ci({"pytest"}), make, {"moved pytest"}},
      {"into a script", ci({"pytest"}), with(ci({"sh ci/t.sh"}), "ci/t.sh", "set -e\npytest\n"), {"moved pytest"}},
      {"into npm", ci({"jest"}), npm, {"moved jest"}},
      {"into a composite action",
       ci({"pytest"}),
       with({{kCi, workflow("      - uses: ./a\n")}}, "a/action.yml",
            "runs:\n  using: composite\n  steps:\n    - run: pytest\n      shell: bash\n"),
       {"moved pytest"}},
      {"into a reusable workflow",
       ci({"pytest"}),
       {{kCi, "on: [pull_request]\njobs:\n  test:\n    uses: ./.github/workflows/t.yml\n"},
        {".github/workflows/t.yml",
         "on: workflow_call\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n" + kPytest}},
       {"moved pytest"}},
      {"a shared workflow that a release now calls too",
       {{".github/workflows/t.yml", kShared}},
       {{".github/workflows/t.yml", kShared}, {".github/workflows/release.yml", kReleaseCalls}},
       {}},
      {"the same, renamed",
       {{".github/workflows/u.yml", kShared}},
       {{".github/workflows/t.yml", kShared}, {".github/workflows/release.yml", kReleaseCalls}},
       {"moved pytest"}},
      {"the same, and without force",
       {{".github/workflows/t.yml", kShared}},
       {{".github/workflows/t.yml", kShared + " || true"}, {".github/workflows/release.yml", kReleaseCalls}},
       {"neutered pytest"}},
      {"into a hook of pre-commit, which CI runs",
       with({{kCi, workflow("      - uses: crate-ci/typos@v1\n      - run: pre-commit run --all-files\n")}}, kHooks,
            kBlack),
       with(ci({"pre-commit run --all-files"}), kHooks, kBlack + "  - repo: x\n    hooks: [{id: typos}]\n"),
       {"moved typos"}},
      {"into a hook, with the action that runs all hooks",
       with({{kCi, workflow("      - run: eslint .\n      - uses: pre-commit/action@v3\n")}}, kHooks, kBlack),
       with({{kCi, workflow("      - uses: pre-commit/action@v3\n")}}, kHooks,
            kBlack + "  - repo: local\n    hooks: [{id: js, entry: npx eslint --max-warnings 0}]\n"),
       {"moved eslint"}},
      {"into a hook that CI does not run",
       with({{kCi, workflow("      - uses: crate-ci/typos@v1\n      - run: pre-commit run black\n")}}, kHooks, kBlack),
       with(ci({"pre-commit run black"}), kHooks, kBlack + "  - repo: x\n    hooks: [{id: typos}]\n"),
       {"removed typos"}},
      {"into a hook that CI skips",
       with({{kCi, workflow("      - uses: crate-ci/typos@v1\n      - run: SKIP=typos pre-commit run -a\n")}}, kHooks,
            kBlack),
       with(ci({"SKIP=typos pre-commit run -a"}), kHooks, kBlack + "  - repo: x\n    hooks: [{id: typos}]\n"),
       {"removed typos"}},
      {"a linter for another, in a job of its own",
       {{kCi, workflow(steps({"codespell"}), "spelling") + "  test:\n    runs-on: x\n    steps:\n" + kPytest}},
       {{kCi, workflow(kPytest) + "  typos:\n    runs-on: x\n    steps:\n      - uses: crate-ci/typos@v1\n"}},
       {"added typos", "moved codespell"}},
      {"two tools for a new one of their kind", ci({"flow check", "tsc"}), ci({"pyright"}), {"moved tsc"}},
      {"an unknown program for a known tool in its job",
       ci({"node /opt/house-lint .", "pytest"}),
       ci({"eslint .", "pytest"}),
       {}},
      {"a test for a linter", ci({"pytest"}), ci({"ruff check ."}), {"added ruff check", "removed pytest"}},
      {"a linter whose neighbour stays",
       ci({"shellcheck x.sh", "ruff check ."}),
       ci({"ruff check ."}),
       {"removed shellcheck"}},
      {"out of an action that runs its input",
       with({{kCi, workflow("      - uses: percy/exec-action@v0.3.0\n        with: {command: npm run cover}\n")}},
            "package.json", kCover),
       with(ci({"npx percy exec -- npm run cover"}), "package.json", kCover),
       {}},
      {"a tool that the package manager runs",
       with(ci({"npm test"}), "package.json", R"({"scripts": {"test": "ember test"}})"),
       with(ci({"yarn run ember test"}), "package.json", R"({"scripts": {"test": "yarn run ember test"}})"),
       {"moved ember test"}},
      {"a tool that go fetches and runs",
       ci({"./bin/staticcheck ./..."}),
       ci({"go run -v $OPTS honnef.co/go/tools/cmd/staticcheck@2024.1 ./..."}),
       {}},
      {"a tool of the module", ci({"./bin/staticcheck ./..."}), ci({"go tool -modfile=t.mod staticcheck ./..."}), {}},
      {"into a shell's argument", ci({"pytest"}), ci({"bash -c 'pytest'"}), {}},
      {"into a shell's argument that goes on",
       ci({"pytest"}),
       ci({"bash -c 'pytest; echo done'"}),
       {"neutered pytest"}},
      {"what a variable holds",
       {{kCi, workflow("      - run: |\n          for cmd in a b; do ${cmd}; done\n", "checks")}},
       {{kCi, workflow("      - run: mkdir x\n", "checks")}},
       {}},
      {"a file below a folder that a variable holds",
       with(ci({"./run-tests.sh"}), "run-tests.sh", "set -e\nfor d in a b; do $d/exec.sh; done\n"),
       with(ci({"./run-tests.sh"}), "run-tests.sh", "set -e\ntrue\n"),
       {"neutered exec.sh"}},
      {"a request in a job of checks",
       {{kCi, workflow("      - run: bash -c 'gh api repos/x'\n", "checks")}},
       {{kCi, workflow("      - run: mkdir x\n", "checks")}},
       {}},
      {"job renamed", ci({"pytest"}), {{kCi, workflow(kPytest, "unit")}}, {"moved pytest"}},
      {"steps joined", ci({"ruff check .", "mypy ."}), ci({"ruff check .\nmypy ."}), {}},
      {"wrapper swapped", ci({"pytest -q"}), ci({"coverage run -m pytest -q"}), {}},
      {"tool swapped in its step",
       {{kCi, workflow(step("Tests", "cargo test"))}},
       {{kCi, workflow(step("Tests", "cargo tarpaulin"))}},
       {}},
      {"workflow renamed", ci({"pytest"}), {{".github/workflows/t.yml", workflow(kPytest)}}, {"moved pytest"}},
      {"into a dead folder", ci({"pytest"}), {{".github/workflows/old/ci.yml", workflow(kPytest)}}, {"removed pytest"}},
      // added
      {"new soft check", ci({"pytest"}), ci({"pytest", "ruff check . || true"}), {"added ruff check"}},
      // by name only
      {"unknown command under a telling name",
       {{kCi, workflow(step("Unit tests", "./run-it --all"))}},
       {{kCi, workflow(step("Unit tests", "./run-it --all || true"))}},
       {"neutered run-it"}},
      {"unknown command, other arguments",
       {{kCi, workflow(step("Unit tests", "./run-it --all"))}},
       {{kCi, workflow(step("Unit tests", "./run-it --most"))}},
       {}},
      {"value of a flag that looks like a path",
       ci({"cargo test --features tokio/full --workspace"}),
       ci({"cargo test --workspace"}),
       {}},
      {"a flag whose value looks like a path covers the whole",
       ci({"cargo test --features a/b", "cargo test"}),
       ci({"cargo test"}),
       {"moved cargo test"}},
      {"another prerequisite between",
       with(ci({"make check"}), "Makefile", "check: unit\nunit:\n\tpytest\n"),
       with(ci({"make check"}), "Makefile", "check: all\nall: unit\nunit:\n\tpytest\n"),
       {}},
      {"a plugin of pytest that reports success",
       with(ci({"pytest"}), "tests/conftest.py", "import pytest\n"),
       with(ci({"pytest"}), "tests/conftest.py",
            "import pytest\n\ndef pytest_sessionfinish(session):\n    session.exitstatus = 0\n"),
       {"neutered pytest"}},
      {"every leg as a job of its own",
       {{kCi,
         workflow(steps({"pytest tests/${{ matrix.part }}"}), "test", "    strategy: {matrix: {part: [a, b]}}\n")}},
       {{kCi, workflow(steps({"pytest tests/a", "pytest tests/b"}))}},
       {"added pytest", "moved pytest"}},
      {"a leg that is gone beside checks that stood before",
       {{kCi, workflow(steps({"pytest tests/${{ matrix.part }}", "pytest slow"}), "test",
                       "    strategy: {matrix: {part: [a, b]}}\n")}},
       {{kCi, workflow(steps({"pytest tests/a", "pytest slow"}))}},
       {"narrowed pytest", "narrowed pytest"}},
      {"install steps are no checks", ci({"npm ci", "pytest"}), ci({"pytest"}), {}},
      {"unreadable", ci({"pytest"}), {{kCi, "on: [pull_request\njobs: {"}}, {"narrowed pytest"}},
  };
  for (const auto& one : cases) {
    CAPTURE(std::string(one.name));
    CHECK(joined(fates(one.before, one.after)) == joined(one.wanted));
  }
}

TEST_CASE("goals of make that come from the legs of a matrix") {
  const std::string makefile = "check:\n\tpytest\nlint:\n\truff check .\n";
  const std::string disarmed = "check:\n\tpytest\nlint:\n\truff check . || true\n";
  const std::string travis = ".travis.yml";
  const std::string legs = "language: c\nenv: [GOAL=lint, GOAL=check]\n";
  const std::string matrix = "    strategy: {matrix: {goal: [check, lint]}}\n    env: {GOAL: '${{ matrix.goal }}'}\n";
  const std::vector<Files> trees{
      {{travis, legs + "script: make $GOAL\n"}},
      {{travis, legs + "script: sh ci.sh\n"}, {"ci.sh", "set -e\nmake \"${GOAL}\"\n"}},
      {{kCi, workflow(steps({"make $GOAL"}), "test", matrix)}},
      {{kCi, workflow(steps({"make ${{ matrix.goal }}"}), "test", matrix)}},
  };
  for (const auto& tree : trees) {
    CAPTURE(tree.begin()->second);
    CHECK(fates(with(tree, "Makefile", makefile), with(tree, "Makefile", disarmed)) == Fates{"neutered ruff check"});
  }
}

TEST_CASE("a tool is called by the program that runs") {
  const auto shown = [](const std::string& text) {
    const auto checks = inventory(run(ci({text}), shipped()).execution, shipped());
    return checks.empty() ? std::string() : checks.front().shown;
  };
  CHECK(shown("npx tape test/*.js") == "tape");
  CHECK(shown("pnpm test") == "pnpm test");
  CHECK(shown("python manage.py test") == "manage.py test");
  CHECK(shown("vulture src") == "vulture");
  CHECK(shown("go test ./...") == "go test");
}

TEST_CASE("a check whose subject is gone has nothing left to judge") {
  const std::string web = "      - run: npx jest\n        working-directory: apps/web\n";
  const std::vector<std::pair<Files, std::string>> lost{
      {{{kCi, workflow(kPytest + web)}}, "apps/web"},
      {{{kCi, workflow(kPytest + steps({"mypy tools/old"}))}}, "tools/old"},
      {{{kCi, workflow(kPytest + steps({"cd agent && npx jest"}))}}, "agent"},
      {{{kCi, workflow(kPytest + steps({"conftest verify -p policies/web"}))}}, "policies/web"},
      {{{kCi, workflow(kPytest)},
        {".github/workflows/agent.yml",
         "on:\n  pull_request: {paths: ['agent/**', .github/workflows/agent.yml]}\n"
         "jobs: {t: {runs-on: x, steps: [{run: make -C agent check && npx jest}]}}\n"}},
       "agent"},
  };
  const Files after{{kCi, workflow(kPytest)}};
  for (const auto& one : lost) {
    const std::string& subject = one.second;
    CAPTURE(subject);
    const Run old = run(one.first), now = run(after);
    const auto fate = [&](const std::string& gone) {
      const auto changes = compare(inventory(old.execution, shipped()), inventory(now.execution, shipped()), shipped(),
                                   {{}, [&](const std::string& path, bool) { return path == gone; }});
      return changes.empty() ? std::string("none") : std::string(to_string(changes.front().fate));
    };
    CHECK(fate(subject) == "narrowed");
    CHECK(fate("elsewhere") == "removed");
  }
}

TEST_CASE("required names") {
  Knowledge knowledge = shipped();
  knowledge.required_checks = {"Moorings", "gate"};
  const auto judge = [&](const std::string& before, const std::string& after) {
    return fates({{kCi, workflow(before, "quay")}}, {{kCi, workflow(after, "quay")}}, knowledge);
  };
  CHECK(judge(step("Moorings", "./tools/moorings"), step("Banner", "echo")) == Fates{"removed moorings"});
  CHECK(judge(step("Moorings", "./tools/moorings"), step("Moorings", "./tools/moorings || true")) ==
        Fates{"neutered moorings"});
  CHECK(judge(step("Moorings", "./tools/moorings"), step("Moorings", "echo ok")) == Fates{"neutered moorings"});
  CHECK(judge(step("Moorings", "pytest"), step("Knots", "pytest")) == Fates{"renamed pytest"});
  CHECK(judge(step("Banner", "./tools/banner"), step("Other", "./tools/banner")).empty());
  CHECK(fates({{kCi, workflow(kPytest, "gate")}}, {{kCi, workflow(kPytest, "door")}}, knowledge) ==
        Fates{"moved pytest", "renamed pytest"});
}

TEST_CASE("reasons are told in the words of the script") {
  const Run old = run(ci({"pytest"})), now = run(ci({"pytest || true"}));
  const auto changes = compare(inventory(old.execution, shipped()), inventory(now.execution, shipped()), shipped());
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].what == "|| true after pytest");
  CHECK(changes[0].after.why_path == kCi);
  CHECK(changes[0].after.why_line > 0);
}

TEST_CASE("a narrower call in another shell covers no wider one") {
  const std::string windows = "      - run: go test ./tsdb/...\n        shell: pwsh\n";
  const Files before{{kCi, workflow(steps({"go test ./..."}) + windows)}};
  const Files after{{kCi, workflow(windows)}};
  CHECK(fates(before, after) == std::vector<std::string>{"removed go test"});
}

TEST_CASE("an action that runs a script stays a check whatever is built or linted beside what nobody knows") {
  const auto in_emulator = [](const std::string& script) {
    return Files{{kCi, workflow("      - uses: reactivecircus/android-emulator-runner@v2\n        with:\n"
                                "          script: |\n" +
                                script)},
                 {"check.sh", "#!/bin/sh\n./gradlew assemble\nruff check .\n"}};
  };
  const std::string tests = "            ./gradlew :app:connectedAndroidTest\n";
  CHECK(fates(in_emulator(tests), in_emulator("            ./check.sh\n" + tests)) ==
        Fates{"added gradle assemble", "added ruff check"});
  CHECK(fates(in_emulator(tests), in_emulator(tests + "            ./gradlew build -x test\n")) ==
        Fates{"added gradle"});
  CHECK(fates(in_emulator("            pytest\n" + tests), in_emulator("            pytest || true\n" + tests)) ==
        Fates{"added reactivecircus/android-emulator-runner", "neutered pytest"});
  CHECK(fates(in_emulator(tests), Files{{kCi, workflow(steps({"npm ci"}))}}) ==
        Fates{"removed reactivecircus/android-emulator-runner"});
}
