// The shipped tables, and how data files are read.
#include <doctest/doctest.h>

#include "document/formats.h"
#include "fixture.h"
#include "reach/word_glob.h"
#include "util/error.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

std::string tool_of(const std::string& text) {
  const CheckTool* tool = shipped().check_tool(command(text));
  return tool ? tool->name : "";
}

std::string disarmed(const std::string& text, const std::map<std::string, std::string>& env = {}) {
  const auto parsed = command(text);
  return shipped().disarming(shipped().check_tool(parsed), essential_words(parsed), env).why;
}

std::string system_of(const std::string& text) {
  const Effect* effect = shipped().effect(command(text));
  return effect ? effect->system : "";
}

Knowledge read(const std::string& yaml) {
  Knowledge knowledge;
  read_knowledge(tollbar::document::read_yaml(yaml).root(), knowledge);
  knowledge.index_tools();
  return knowledge;
}

}  // namespace

TEST_CASE("word globs") {
  CHECK(word_matches("-DskipTests*", "-DskipTests=true"));
  CHECK(word_matches("{go,gofmt}", "gofmt"));
  CHECK(word_matches("a*b*c", "axxbyyc"));
  CHECK_FALSE(word_matches("a*b", "axxbc"));
  CHECK(word_matches("\\*\\*/*", "**/x"));
  CHECK_FALSE(word_matches("\\*\\*/*", "js/x"));
  CHECK(word_matches("{,/}\\*", "/*"));
  CHECK_FALSE(word_matches("\\*", "a"));
  CHECK_FALSE(word_matches("{a,b}", "c"));
  CHECK_FALSE(word_matches("", "x"));
  CHECK(word_matches(std::string(40, '*'), std::string(10000, 'a')));
  CHECK(word_matches("{open", "{open"));
}

TEST_CASE("flags are met alone, with = and with the next word") {
  CHECK(find_flag({"--exit-zero"}, {"--exit-zero"}) == "--exit-zero");
  CHECK(find_flag({"--fail-under=0"}, {"--fail-under", "0"}) == "--fail-under 0");
  CHECK(find_flag({"-k"}, {"-k", "slow"}) == "-k slow");
  CHECK(find_flag({"--cov"}, {"--cov=false"}).empty());
  CHECK(find_flag({"--fail-under=0"}, {"--fail-under", "80"}).empty());
  CHECK(find_flag({"--list"}, {"--listing"}).empty());
}

TEST_CASE("check tools") {
  CHECK(tool_of("python -m pytest -q") == "pytest");
  CHECK(tool_of("coverage run -m pytest") == "pytest");
  CHECK(tool_of("bundle exec rspec") == "rspec");
  CHECK(tool_of("npx eslint .") == "eslint");
  CHECK(tool_of("go test ./...") == "go test");
  CHECK(tool_of("go -C sub test ./...") == "go test");
  CHECK(tool_of("go tool vet pkg") == "go vet");
  CHECK(tool_of("gometalinter --disable-all --enable vet ./...") == "gometalinter");
  CHECK(tool_of("gometalinter.v2 ./...") == "gometalinter");
  CHECK(tool_of("gometalinter --install") == "");
  CHECK(tool_of("cargo +nightly clippy --all") == "cargo clippy");
  CHECK(tool_of("./mvnw -B -f app/pom.xml clean verify") == "maven");
  CHECK(tool_of("./gradlew :app:test") == "gradle");
  CHECK(tool_of("prettier --check .") == "prettier");
  CHECK(tool_of("node --test") == "node test");
  CHECK(tool_of("docker compose run --rm app pytest -q") == "pytest");
  CHECK(tool_of("docker-compose -p a -f b.yml -f c.yml run --rm app pytest -q") == "pytest");
  CHECK(tool_of("docker-compose up -d run pytest") == "");
  CHECK(tool_of("docker run --rm $tty --env A=b image pytest -q") == "pytest");
}

TEST_CASE("near misses are no checks") {
  for (const char* text : {"prettier --write .", "node server.js", "cargo install nextest", "npm ci", "go mod download",
                           "echo pytest", "pip install pytest", "gofmt -w .", "terraform fmt", "git diff"}) {
    CAPTURE(std::string(text));
    CHECK(tool_of(text) == "");
  }
}

TEST_CASE("behind two dashes stand the flags of whatever the tool hands them on to") {
  CHECK(disarmed("tox -n") == "-n");
  CHECK(disarmed("tox -e py -- tests -n auto").empty());
  CHECK(disarmed("nox -s test -- -l").empty());
  CHECK(disarmed("tox -e py -- --collect-only") == "--collect-only");
  CHECK(disarmed("cargo test -- --list") == "--list");
  CHECK(disarmed("pytest -- --collect-only").empty());
  CHECK(disarmed("pytest --collect-only -- tests") == "--collect-only");
  CHECK(disarmed("tox -- --version") == "--version");
  const auto narrowed = [](const std::string& text) {
    const auto parsed = command(text);
    return shipped().disarming(shipped().check_tool(parsed), essential_words(parsed), {}).narrowing;
  };
  using Flags = std::vector<std::string>;
  CHECK(narrowed("cargo clippy -- -A clippy::all") == Flags{"-A clippy::all"});
  CHECK(narrowed("tox -e py -- -k fast") == Flags{"-e py", "-k fast"});
  CHECK(narrowed("eslint . -- --ignore-pattern").empty());
}

TEST_CASE("disarming flags and switches") {
  CHECK(disarmed("pytest --collect-only") == "--collect-only");
  CHECK(disarmed("pylint src --fail-under 0") != "");
  CHECK(disarmed("mvn verify -Dmaven.test.skip=true") != "");
  CHECK(disarmed("mvn verify -DskipTests=false") == "");
  CHECK(disarmed("gradle build -x test") != "");
  CHECK(disarmed("trivy image --exit-code 0 app") != "");
  CHECK(disarmed("npx playwright test --list") != "");
  CHECK(disarmed("pytest --version") == "--version");
  CHECK(disarmed("regal version") == "version");
  CHECK(disarmed("nox -s setup-data") != "");
  CHECK(disarmed("nox -s test-data") == "");
  CHECK(disarmed("tox -e py312") == "");
  CHECK(disarmed("regal lint policies") == "");
  CHECK(disarmed("pytest -q") == "");
  CHECK(disarmed("mvn verify", {{"MAVEN_ARGS", "-B -DskipTests"}}) != "");
  CHECK(disarmed("pytest", {{"PYTEST_ADDOPTS", "--co"}}) != "");
  CHECK(disarmed("pytest", {{"SKIP_TESTS", "true"}}) == "SKIP_TESTS: true");
  CHECK(disarmed("pytest", {{"SKIP_TESTS", "false"}}) == "");
  CHECK(disarmed("pytest", {{"RUN_TESTS", "false"}}) == "RUN_TESTS: false");
  CHECK(disarmed("pytest", {{"RUN_TESTS", "true"}}) == "");
  CHECK(disarmed("pytest", {{"RUN_TESTS", ""}}) == "");
  CHECK(disarmed("pytest", {{"RUN_LINT", "0"}}) == "");
  CHECK(disarmed("ruff check .", {{"SKIP_TESTS", "1"}}) == "");
  CHECK(disarmed("pre-commit run -a", {{"SKIP", "ruff"}}) == "SKIP: ruff");
  CHECK(disarmed("pytest", {{"SKIP", "ruff"}}) == "");
  CHECK(disarmed("pre-commit run -a", {{"SKIP", "$SKIP"}}) == "");
  CHECK(disarmed("pre-commit run -a", {{"SKIP", "${SKIP:-}"}}) == "");
  CHECK(disarmed("pre-commit run -a", {{"SKIP", "$HOOKS"}}) != "");
  CHECK(disarmed("pre-commit run -a", {{"SKIP", "no-commit-to-branch"}}) == "");
  CHECK(disarmed("pre-commit run -a", {{"SKIP", "no-commit-to-branch,ruff"}}) != "");
}

TEST_CASE("a tool that takes another's place") {
  CHECK(shipped().succeeds("oxfmt", "prettier"));
  CHECK_FALSE(shipped().succeeds("oxfmt", "eslint"));
}

TEST_CASE("expressions are no words of a name") {
  CHECK(shipped().name_strength("Lint ${{ matrix.folder }}/${{ matrix.part }}") == NameStrength::strong);
  CHECK(shipped().name_strength("Show ${{ matrix.tests }}") == NameStrength::none);
  CHECK(shipped().name_strength("Lint the matrix") == NameStrength::weak);
}

TEST_CASE("names that say check") {
  for (const char* name : {"Run tests", "e2e", "unit-tests", "typeCheck", "Lint (ruff)", "test3"})
    CHECK(shipped().names_a_check(name));
  for (const char* name : {"Checkout", "latest", "contest", "deploy", "Install", ""})
    CHECK_FALSE(shipped().names_a_check(name));
}

TEST_CASE("effects of commands") {
  CHECK(system_of("npm publish --access public") == "npm registry");
  CHECK(system_of("npm publish --dry-run") == "");
  CHECK(system_of("kubectl -n prod apply -f x.yml") == "kubernetes");
  CHECK(system_of("kubectl rollout status deploy/x") == "");
  CHECK(system_of("terraform -chdir=infra apply -auto-approve") == "infrastructure");
  CHECK(system_of("aws ecs update-service --service x") == "aws");
  CHECK(system_of("aws s3 sync dist s3://b") == "aws s3");
  CHECK(system_of("aws sts get-caller-identity") == "");
  CHECK(system_of("docker buildx build --push -t x .") == "container registry");
  CHECK(system_of("docker build -t x .") == "");
  CHECK(system_of("gh api -X DELETE repos/o/r/x") == "github");
  CHECK(system_of("gh api repos/o/r") == "");
  CHECK(system_of("git push origin main") == "git remote");
  CHECK(system_of("curl -d x https://hooks.slack.com/services/x") == "chat");
  CHECK(system_of("curl https://example.com/x.tgz") == "");
}

TEST_CASE("this machine is no shared system") {
  CHECK(system_of("psql -c 'DROP DATABASE x'") == "");
  CHECK(system_of("psql -h localhost -c 'DROP DATABASE x'") == "");
  CHECK(system_of("dropdb x") == "");
  CHECK(system_of("docker push localhost:5000/x") == "");
  CHECK(system_of("kubectl --context kind-dev apply -f x.yml") == "");
  CHECK(system_of("psql -h db.example.com -c 'DROP DATABASE x'") == "database");
  CHECK(system_of("psql \"$DATABASE_URL\" -c 'DROP DATABASE x'") == "database");
  CHECK(system_of("PGHOST=db.example.com dropdb x") == "database");
  CHECK(system_of("docker push ghcr.io/o/x") == "container registry");
}

TEST_CASE("a program named by the environment") {
  const auto effect = [](const char* text, const char* hub) {
    return shipped().effect(command(text), {{"HUB", hub}}) != nullptr;
  };
  CHECK(effect("$HUB projects/1", "bin/hub api"));
  CHECK(effect("${HUB} release create v1", "hub"));
  CHECK_FALSE(effect("$HUB projects/1", "echo"));
  CHECK_FALSE(effect("$OTHER projects/1", "bin/hub api"));
}

TEST_CASE("how clearly a name says check") {
  CHECK(shipped().name_strength("Run e2e tests") == NameStrength::strong);
  for (const char* name : {"Check for changes", "Upload test results", "quality"})
    CHECK(shipped().name_strength(name) == NameStrength::weak);
  for (const char* name : {"build", "Install dependencies"}) CHECK(shipped().name_strength(name) == NameStrength::none);
}

TEST_CASE("effects of actions") {
  CHECK(shipped().effect("docker/build-push-action", {{"push", "true"}}) != nullptr);
  CHECK(shipped().effect("docker/build-push-action", {{"push", "false"}}) == nullptr);
  CHECK(shipped().effect("JamesIves/GitHub-Pages-Deploy-Action", {}) != nullptr);
  CHECK(shipped().effect("actions/checkout", {}) == nullptr);
}

TEST_CASE("a build tool does what each of its tasks does") {
  const auto systems = [](const std::string& text) {
    std::vector<std::string> names;
    for (const auto* effect : shipped().effects(command(text), {})) names.push_back(effect->system);
    return names;
  };
  CHECK(systems("./gradlew githubRelease publishToSonatype --info") ==
        std::vector<std::string>{"maven repository", "github releases"});
  CHECK(systems("./gradlew publish publishPlugins") == std::vector<std::string>{"maven repository"});
  CHECK(systems("./gradlew build check").empty());
  CHECK(systems("./gradlew githubRelease publish --dry-run").empty());
  CHECK(systems("npm publish") == std::vector<std::string>{"npm registry"});
}

TEST_CASE("labels and keys") {
  for (const char* label : {"ubuntu-latest", "ubuntu-24.04-arm", "macos-14", "windows-2022", "Ubuntu-22.04"})
    CHECK(shipped().is_hosted(label));
  for (const char* label : {"self-hosted", "gpu-box", "linux-x64-prod"}) CHECK_FALSE(shipped().is_hosted(label));
  for (const char* key : {"AWS_SECRET_ACCESS_KEY", "aws_access_key_id", "KUBE_CONFIG_PROD"})
    CHECK(shipped().is_long_lived(key));
  for (const char* key : {"GITHUB_TOKEN", "NPM_TOKEN", "PATH", "COMPAT", "RELEASE_PAT"})
    CHECK_FALSE(shipped().is_long_lived(key));
}

TEST_CASE("misspelt data is refused with its line") {
  CHECK_THROWS_WITH_AS(read("check_tool: []\n"), "line 1: unknown section 'check_tool'", tollbar::util::UsageError);
  CHECK_THROWS_WITH_AS(read("check_tools:\n  - {name: a, words: [a], kind: test, disarm: [x]}\n"),
                       "line 2: unknown key 'disarm'", tollbar::util::UsageError);
  CHECK_THROWS_AS(read("check_tools:\n  - {name: a, words: [a], kind: tset}\n"), tollbar::util::UsageError);
  CHECK_THROWS_AS(read("check_tools:\n  - {name: a, kind: test}\n"), tollbar::util::UsageError);
  CHECK_THROWS_AS(read("[a]\n"), tollbar::util::UsageError);
  CHECK(read("check_words: [probe]\n").names_a_check("Probe it"));
}

TEST_CASE("arrays put together over a script; tools that the tree brings itself") {
  const auto effect = [](const std::string& text, const std::string& options) {
    return shipped().effect(command(text), {{"options", options}}) != nullptr;
  };
  CHECK(effect("docker buildx bake \"${options[@]}\" web", "(--load --push)"));
  CHECK_FALSE(effect("docker buildx bake \"${options[@]}\" web", "(--load)"));
  CHECK_FALSE(effect("docker buildx bake \"${others[@]}\" web", "(--push)"));
  CHECK(effect("go run ./cmd/cloudsmith push deb x/y dist/z.deb", ""));
  CHECK_FALSE(effect("go run ./cmd/send push deb", ""));
  CHECK_FALSE(effect("go build ./cmd/cloudsmith push deb", ""));
}

TEST_CASE("kinds of tests that builds name, and models without their migration") {
  CHECK(tool_of("./gradlew contractTest") == "gradle");
  CHECK(tool_of("gradle smokeTests --continue") == "gradle");
  CHECK(tool_of("./gradlew assembleContractTest") == "gradle assemble");
  CHECK(tool_of("python manage.py makemigrations --check --dry-run") == "django migrations");
  CHECK(tool_of("python manage.py makemigrations") == "");
}

TEST_CASE("many patterns at once match what each of them matches") {
  const std::vector<std::string> patterns{"*ab*c", "a?c",         R"(\*)", R"(x\*y)", R"(*\\n*)", "{p,q}=*", "plain",
                                          "",      "*{one,two}*", "^k:*-", "{a",      "*}",       "??"};
  const std::vector<std::string> words{"",        "abc", "xabzc",    "a*c", "*",     R"(\*)",  "x*y", R"(x\*y)",
                                       R"(x\zy)", "p=1", "q=",       "r=",  "plain", "one",    "two", "a\\nb",
                                       "{a",      "a}",  "^k:each-", "ab",  "abcd",  R"(a\c)", "plai"};
  for (const auto& pattern : patterns)
    for (const auto& word : words) {
      CAPTURE(pattern);
      CAPTURE(word);
      CHECK(WordGlobs({pattern}).matches(word) == word_matches(pattern, word));
    }
}
