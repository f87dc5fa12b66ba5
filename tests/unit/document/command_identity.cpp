// Wrappers stripped and spellings made common: which commands are the same, which are not.
#include <doctest/doctest.h>

#include <string>

#include "document/command_identity.h"

using namespace tollbar::document;

namespace {

Command command(std::string_view text) {
  const Script script = parse_shell(text);
  return script.commands.empty() ? Command{} : script.commands.front();
}

std::string essential_text(std::string_view text) {
  std::string out;
  for (const Word& word : essential(command(text))) out += (out.empty() ? "" : " ") + word.text;
  return out;
}

struct Pair {
  const char *one, *other;
};

}  // namespace

TEST_CASE("wrappers are stripped") {
  const Pair cases[] = {
      {"sudo -u ci -E env CI=1 npx --yes eslint .", "eslint ."},
      {"timeout -k 5 60 pytest -q", "pytest -q"},
      {"/app/bin/wait-for-it.sh db:5432 -t 60 -- pytest -q", "pytest -q"},
      {"timeout 10m nice -n 5 make test", "make test"},
      {"env -u X A=1 B=2 cmd a", "cmd a"},
      {"xvfb-run -a --server-args='-screen 0' npm test", "npm test"},
      {"xvfb-run -a -s \"-screen 0 1024x768x24\" flatpak build app ninja -C _build test", "ninja -C _build test"},
      {"flatpak-builder --run app org.quern.Mill.json ninja -C _build test", "ninja -C _build test"},
      {"flatpak build-bundle repo app.flatpak org.quern.Mill", "flatpak build-bundle repo app.flatpak org.quern.Mill"},
      {"toolbox run -c fedora make check", "make check"},
      {"meson devenv -C build pytest", "pytest"},
      {"dbus-launch --exit-with-session make check", "make check"},
      {"stdbuf -oL cmd", "cmd"},
      {"pnpm -C web exec vitest run", "vitest run"},
      {"npm exec -- jest --ci", "jest --ci"},
      {"bundle exec rspec", "rspec"},
      {"uv run --with x pytest", "pytest"},
      {"poetry run python -m pytest", "pytest"},
      {"python -Im pytest", "pytest"},
      {"$VENV/bin/python -m pytest tests", "pytest tests"},
      {"\"${VENV}/bin/python3\" -m mypy src", "mypy src"},
      {"$PYTHON -m pytest tests", "pytest tests"},
      {"$WORKSPACE/ship.sh now", "$WORKSPACE/ship.sh now"},
      {"$PYTHON setup.py test", "$PYTHON setup.py test"},
      {"$RUNNER -m pytest", "$RUNNER -m pytest"},
      {"$DIR/$TOOL -m pytest", "$DIR/$TOOL -m pytest"},
      {"yamllint --no-warnings secrets/ -d x", "yamllint --no-warnings secrets/ -d x"},
      {"python3.12 -W error -Bum tox -e lint", "tox -e lint"},
      {"python -Ic pass", "python -Ic pass"},
      {"python3.12 -W error -m mypy src", "mypy src"},
      {"mise exec node@20 -- npm test", "npm test"},
      {"nix develop .#ci -c make check", "make check"},
      {"go tool -modfile tools/go.mod gotestsum -- -race", "gotestsum -- -race"},
      {"yarn run eslint .", "eslint ."},
      {"yarn eslint .", "eslint ."},
      {"nohup exec cmd", "cmd"},
      {"xargs -n 1 shellcheck", "shellcheck"},
      {"command git status", "git status"},
      {"cross-env NODE_ENV=test jest", "jest"},
      // Not wrappers here.
      {"command -v tool", "command -v tool"},
      {"yarn run test", "yarn run test"},
      {"npm run lint", "npm run lint"},
      {"env", "env"},
      {"python script.py -m x", "python script.py -m x"},
      {"docker run image pytest", "docker run image pytest"},
      {"docker run --rm -v $PWD:/aws -e AWS_REGION amazon/aws-cli:2.17 s3 sync a s3://b", "aws s3 sync a s3://b"},
      {"podman run --rm google/cloud-sdk gcloud run deploy web", "gcloud run deploy web"},
      {"docker run -w /src hashicorp/terraform apply", "terraform apply"},
      {"find k8s -name '*.yaml' -exec kubectl apply -f {} \\;", "kubectl apply -f {}"},
      {"poetry install", "poetry install"},
      {"sudo", "sudo"},
      {"$runner pytest", "$runner pytest"},
  };
  for (const Pair& pair : cases) {
    CAPTURE(pair.one);
    CHECK(essential_text(pair.one) == pair.other);
  }
}

TEST_CASE("the same check in another spelling") {
  const Pair same[] = {
      {"npx eslint .", "eslint ."},
      {"python -m pytest -q", "pytest -q"},
      {"python3 -m check_manifest", "check-manifest"},
      {"python -m tools.check_all", "tools.check_all"},
      {"./gradlew test", "gradle test"},
      {"./mvnw verify", "mvn verify"},
      {"node_modules/.bin/jest", "jest"},
      {"eslint . --quiet --max-warnings 0", "eslint --max-warnings=0 . --quiet"},
      {"pytest -q > log 2>&1", "pytest -q"},
      {"npx prettier@3.1.0 --check .", "prettier --check ."},
      {"python3 -m pip check", "pip check"},
      {"'pytest' \"-q\"", "pytest -q"},
      {"time pytest ${{ matrix.args }}", "pytest ${{ matrix.args }}"},
  };
  for (const Pair& pair : same) {
    CAPTURE(pair.one);
    CHECK(identity(command(pair.one)) == identity(command(pair.other)));
  }
  const Pair different[] = {
      {"pytest a b", "pytest b a"},
      {"pytest", "pytest -k fast"},
      {"eslint .", "eslint src"},
      {"find . --a --b", "find . --b --a"},
      {"cmd --a x --b y", "cmd --b x --a y"},
      {"make test", "make lint"},
      {"cmd -- --b --a", "cmd -- --a --b"},
      {"cmd 'a b'", "cmd a b"},
  };
  for (const Pair& pair : different) {
    CAPTURE(pair.one);
    CHECK(identity(command(pair.one)) != identity(command(pair.other)));
  }
  CHECK(identity(Command{}).empty());
}

TEST_CASE("a version in the name of a program") {
  CHECK(identity(command("golangci-lint-1.60.2 run ./...")) == identity(command("golangci-lint run ./...")));
  CHECK(identity(command(".tmp/golangci-lintv1.27.0 run")) == identity(command(".tmp/golangci-lint run")));
  CHECK(identity(command("srv2.1 run")) != identity(command("sr run")));
  CHECK(identity(command("go1.23.4 test ./...")) == identity(command("go test ./...")));
  CHECK(identity(command("shellcheck-v0.9.0 a")) == identity(command("shellcheck a")));
  CHECK(identity(command("clang-format-14 a")) != identity(command("clang-format a")));
  CHECK(identity(command("run-1x a")) != identity(command("run a")));
}

TEST_CASE("commands that cannot fail") {
  for (const char* text : {"true",
                           ":",
                           "echo pytest",
                           "printf x",
                           "exit 0",
                           "pytest --version",
                           "npx eslint --help",
                           "regal version",
                           "export A=1",
                           "set -e",
                           "x=1",
                           "return 0",
                           "sudo true",
                           "node -e 'process.exit(0)'",
                           "python -c pass",
                           "python3 -c 'import sys; sys.exit(0)'",
                           "node -e ''",
                           "just --dry-run gate",
                           "make -n test",
                           "python -V",
                           "govulncheck -version"})
    CHECK_MESSAGE(!can_fail(command(text)), text);
  for (const char* text :
       {"pytest", "make version", "./tool version", "false", "exit 1", "exit $x", "[ -f x ]", "x=$(cmd)",
        "$cmd --version", "cmd x --version", "test -f x", "cd x", "grep -q x y", "node -e 'require(1)'",
        "python -c 'exit(1)'", "node x.js 0", "ctest -V", "make -j4 test", "just gate"})
    CHECK_MESSAGE(can_fail(command(text)), text);
}
