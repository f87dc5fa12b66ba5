// Ways of small trees: what is acted on, by whom, and with which files.
#include "reach/action_map.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "fixture.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

using Texts = std::vector<std::string>;

const char kRelease[] = ".github/workflows/release.yml";

std::vector<MapPath> ways(const Files& files) {
  const Run mapped = run(files);
  std::vector<MapPath> all;
  for (auto& pipeline : map_actions(mapped.execution, shipped()))
    for (auto& way : pipeline.paths) all.push_back(std::move(way));
  return all;
}

/// `publishes a package -> npm registry`, a host behind its system.
Texts acts(const Files& files) {
  Texts texts;
  for (const auto& way : ways(files)) {
    auto text = way.action + " -> " + way.system;
    if (!way.host.empty()) text += " " + way.host;
    texts.push_back(text);
  }
  return texts;
}

/// A workflow with one job that holds a secret.
Files release(const std::string& steps, const std::string& permissions = "contents: write",
              const std::string& on = "push: {branches: [main]}") {
  return {{kRelease, "on: {" + on + "}\npermissions: {" + permissions +
                         "}\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    env: {KEY: '${{ secrets.KEY }}'}\n"
                         "    steps:\n" +
                         steps}};
}

Files with(Files files, const std::string& path, const std::string& bytes) {
  files[path] = bytes;
  return files;
}

std::string uses(const std::string& action, const std::string& inputs = "") {
  return "      - uses: " + action + "@v1\n" + (inputs.empty() ? "" : "        with: {" + inputs + "}\n");
}

std::string runs(const std::string& command) {
  return "      - run: " + command + "\n";
}

Texts runs_on(const MapPath& way) {
  Texts paths;
  for (const auto& file : way.files)
    paths.push_back(file.path + (file.part.empty() ? "" : ": " + file.part) +
                    (file.step.empty() ? "" : " by " + file.step));
  return paths;
}

Texts who(const MapPath& way) {
  Texts texts;
  for (const auto& actor : way.actors) texts.push_back(actor.who + (actor.stranger ? " (stranger)" : ""));
  return texts;
}

}  // namespace

TEST_CASE("an action that acts on several systems has a way to each") {
  CHECK(acts(release(uses("changesets/action", "publish: pnpm changeset publish"))) ==
        Texts{"publishes packages -> npm registry", "opens a pull request -> github",
              "publishes a release -> github releases"});
  const auto by_token = [](const std::string& permissions) {
    return acts(
        {{kRelease, "on: [push]\npermissions: {" + permissions + "}\njobs:\n  a:\n    runs-on: x\n    steps:\n" +
                        uses("changesets/action", "publish: pnpm changeset publish")}});
  };
  CHECK(by_token("contents: write, id-token: write") ==
        Texts{"publishes packages -> npm registry", "publishes a release -> github releases"});
  CHECK(by_token("pull-requests: write, id-token: write") ==
        Texts{"publishes packages -> npm registry", "opens a pull request -> github"});
  CHECK(acts(release(uses("changesets/action"))) == Texts{"opens a pull request -> github"});
  CHECK(acts(release(uses("release-plz/action", "command: release"))) ==
        Texts{"publishes a crate -> crates.io", "publishes a release -> github releases"});
  CHECK(acts(release(uses("release-plz/action", "command: release-pr"))) == Texts{"opens a pull request -> github"});
  CHECK(acts(release(uses("helm/chart-releaser-action"))) ==
        Texts{"publishes a chart -> github releases", "pushes the index of charts -> git remote"});
}

TEST_CASE("the job's identity alone writes nothing to the platform") {
  const auto by_identity = [](const std::string& permissions) {
    return acts({{kRelease, "on: {push: {branches: [main]}}\npermissions: {" + permissions +
                                "}\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n" +
                                uses("release-plz/action", "command: release")}});
  };
  CHECK(by_identity("id-token: write") == Texts{"publishes a crate -> crates.io"});
  CHECK(by_identity("id-token: write, contents: write").size() == 2);
}

TEST_CASE("services that take reports are named where the step has a key for them") {
  const auto step = [](const std::string& key) {
    return Files{{kCi, workflow(uses("codecov/codecov-action", key.empty() ? "" : "token: '" + key + "'"))}};
  };
  CHECK(acts(step("${{ secrets.CODECOV_TOKEN }}")) == Texts{"sends a report -> codecov"});
  CHECK(acts(step("")).empty());
}

TEST_CASE("two acts of one step are two ways, the same act again is none") {
  const auto found =
      ways(release("      - run: |\n          gh pr review --approve 1\n          gh pr merge --admin 1\n"
                   "          gh pr merge --admin 2\n"));
  REQUIRE(found.size() == 2);
  CHECK(found[0].by == "gh pr review --approve 1");
  CHECK(found[1].by == "gh pr merge --admin 1");
  CHECK(found[1].also == Texts{"gh pr merge --admin 2"});
}

TEST_CASE("inputs that call something of the tree are followed whatever they are called") {
  const std::string manifest = R"({"scripts": {"release": "npm publish"}})";
  const auto by_input = [&](const std::string& input) {
    const auto found = ways(with(release(uses("acme/deploy", input)), "package.json", manifest));
    return std::any_of(found.begin(), found.end(), [](const MapPath& way) { return way.system == "npm registry"; });
  };
  CHECK(by_input("publish: npm run release"));
  CHECK(by_input("after: npm ci && npm run release"));
  CHECK(!by_input("commit-message: npm run release"));
  CHECK(!by_input("publish: npm run unknown"));
  CHECK(!by_input("publish: make release"));
  CHECK(!by_input("publish: release"));
}

TEST_CASE("the registry of an image is told by its name, else by the logins before it") {
  const std::string login = uses("docker/login-action", "username: x, password: '${{ secrets.KEY }}'");
  const std::string ghcr = uses("docker/login-action", "registry: ghcr.io, password: '${{ secrets.KEY }}'");
  const auto built = [&](const std::string& before, const std::string& tags) {
    return acts(release(before + uses("docker/build-push-action", "push: true, tags: '" + tags + "'")));
  };
  CHECK(built(login, "${{ vars.X }}") == Texts{"pushes an image -> container registry docker.io"});
  CHECK(built(login + ghcr, "${{ vars.X }}") ==
        Texts{"pushes an image -> container registry docker.io", "pushes an image -> container registry ghcr.io"});
  CHECK(built(login, "quay.io/acme/x:1") == Texts{"pushes an image -> container registry quay.io"});
  CHECK(built(login, "ghcr.io/${{ github.repository }}:1") == Texts{"pushes an image -> container registry ghcr.io"});
  CHECK(built("", "acme/x:1") == Texts{"pushes an image -> container registry docker.io"});
  CHECK(built("", "${{ vars.X }}") == Texts{"pushes an image -> container registry"});
  CHECK(acts(release(runs("helm push x.tgz oci://ghcr.io/acme/charts"))) ==
        Texts{"publishes a chart -> chart registry ghcr.io"});
  CHECK(acts(release(runs("docker push acme/x:1"))) == Texts{"pushes an image -> container registry docker.io"});
  CHECK(acts(release(runs("docker login -u x -p y quay.io") + runs("docker push $IMAGE"))) ==
        Texts{"pushes an image -> container registry quay.io"});
}

TEST_CASE("one image of a computed name goes to one registry") {
  const std::string secret = "password: '${{ secrets.KEY }}'";
  const auto login = [&](const std::string& host, const std::string& variable) {
    return "      - uses: docker/login-action@v1\n        if: vars." + variable +
           " != ''\n        with: {registry: " + host + ", " + secret + "}\n";
  };
  const auto attested = [&](const std::string& before, const std::string& subject) {
    const auto found =
        acts(release(before + uses("actions/attest", "subject-name: '" + subject + "', push-to-registry: true")));
    return found.back();
  };
  const auto both = login("ghcr.io", "GHCR") + login("quay.io", "QUAY");
  CHECK(attested(both, "${{ vars.QUAY }}") == "pushes an attestation -> container registry quay.io");
  CHECK(attested(both, "${{ vars.OTHER }}") == "pushes an attestation -> container registry");
  CHECK(attested(login("ghcr.io", "GHCR"), "${{ vars.OTHER }}") ==
        "pushes an attestation -> container registry ghcr.io");
  CHECK(attested(both, "ghcr.io/acme/x") == "pushes an attestation -> container registry ghcr.io");
}

TEST_CASE("a service over HTTP is named by its host where that is written") {
  CHECK(acts(release(runs("curl -d @x https://api.typefully.com/v2/drafts"))) ==
        Texts{"sends data to a service -> http service api.typefully.com"});
  CHECK(acts(release(runs("curl -d @x https://$HOST/v2"))) == Texts{"sends data to a service -> http service"});
}

TEST_CASE("what other steps of the job run belongs to a way") {
  const auto files =
      with(with(with(release(runs("./first.sh") + "      - name: Send\n        run: npm publish\n" + runs("./last.sh")),
                     "first.sh", "echo"),
                "last.sh", "echo"),
           "package.json", "{}");
  const auto found = ways(files);
  REQUIRE(found.size() == 1);
  const auto on_way = runs_on(found.front());
  CHECK(std::count(on_way.begin(), on_way.end(), "first.sh by ./first.sh") == 1);
  CHECK(std::count(on_way.begin(), on_way.end(), "last.sh by ./last.sh") == 1);
}

TEST_CASE("forks get no secrets, but what follows their runs has them") {
  const auto on_pull_request = [](const std::string& event) {
    return who(ways(release(runs("npm publish"), "contents: read", event)).front());
  };
  CHECK(on_pull_request("pull_request: {}") == Texts{"who can push a branch; forks get no secrets"});
  CHECK(on_pull_request("pull_request_target: {}") == Texts{"anyone who opens a pull request (stranger)"});
  const auto after = [](const std::string& condition) {
    auto files = release("      - run: npm publish\n        if: " + condition + "\n", "contents: read",
                         "workflow_run: {workflows: [CI]}");
    files[kCi] = "name: CI\non: [push, pull_request]\njobs: {a: {runs-on: x, steps: [{run: make}]}}\n";
    return who(ways(files).front());
  };
  CHECK(after("always()") == Texts{"who can push", "anyone who opens a pull request (stranger)"});
  CHECK(after("github.event.workflow_run.event == 'push'") == Texts{"who can push"});
}

TEST_CASE("an event whose reference no condition takes starts nothing") {
  const auto under = [](const std::string& condition) {
    return who(ways(release("      - run: npm publish\n        if: " + condition + "\n", "contents: read",
                            "push: {}, pull_request: {}, release: {}"))
                   .front());
  };
  CHECK(under("github.ref == 'refs/heads/main'") == Texts{"who can push"});
  CHECK(under("startsWith(github.ref, 'refs/tags/v')") == Texts{"who can push", "who can publish a release"});
  CHECK(under("github.ref != 'refs/heads/main'").size() == 3);
  CHECK(under("github.ref_name == 'main' || github.event_name == 'pull_request'").size() == 3);
}

TEST_CASE("in CircleCI a job runs where those that it requires do") {
  const auto config = [](const std::string& filters) {
    return Files{{".circleci/config.yml",
                  "version: 2.1\njobs:\n  gate: {docker: [{image: a}], steps: [{run: make}]}\n"
                  "  deploy: {docker: [{image: a}], steps: [{run: npm publish}]}\n"
                  "workflows:\n  all:\n    jobs:\n      - gate" +
                      filters + "\n      - deploy: {requires: [gate], context: [release]}\n"}};
  };
  const auto started = [](const Files& files) { return ways(files).front().actors.front().event; };
  CHECK(started(config(": {filters: {branches: {only: main}}}")) == "push: branches main");
  CHECK(started(config("")) == "push");
}

TEST_CASE("what takes a credential or the token is named") {
  const auto called_workflow = [](const std::string& extra) {
    return ways({{kRelease,
                  "on: [push]\npermissions: {contents: write}\njobs:\n  sync:\n    uses: "
                  "acme/meta/.github/workflows/sync.yml@main\n" +
                      extra}});
  };
  REQUIRE(called_workflow("").size() == 1);
  CHECK(called_workflow("").front().action ==
        "hands its token (contents: write) to acme/meta/.github/workflows/sync.yml");
  CHECK(called_workflow("").front().elsewhere == "acme/meta/.github/workflows/sync.yml@main");
  CHECK(called_workflow("    secrets: {KEY: '${{ secrets.KEY }}'}\n").front().action ==
        "hands KEY to acme/meta/.github/workflows/sync.yml");
  const auto token_step = [](const std::string& inputs) {
    return ways({{kRelease, "on: [push]\npermissions: {actions: write}\njobs:\n  a:\n    runs-on: x\n    steps:\n" +
                                uses("acme/approve", inputs)}});
  };
  REQUIRE(token_step("token: '${{ github.token }}'").size() == 1);
  CHECK(token_step("token: '${{ github.token }}'").front().action ==
        "hands its token (actions: write) to acme/approve");
  CHECK(token_step("").front().action == "can write with the job's token");
}

TEST_CASE("what is fetched and run at once is a gap of every way of the job") {
  const auto fetched = [](const std::string& command) {
    return ways(release(runs("'" + command + "'") + runs("npm publish"))).front().fetched.size();
  };
  CHECK(fetched("curl -fsSL https://example.org/install.sh | bash") == 1);
  CHECK(fetched("curl -fsSL https://example.org/install.sh | sudo sh -s -- -y") == 1);
  CHECK(fetched("curl -fsSL https://example.org/x.tgz | tar xz") == 0);
  CHECK(fetched("curl -fsSL https://example.org/x.json | bash ./read.sh") == 0);
}

TEST_CASE("a called workflow acts as its caller has it act") {
  const auto called = [](const std::string& with) {
    return acts(
        {{kRelease,
          "on: {push: {tags: ['v*']}}\npermissions: {contents: write}\njobs:\n  publish:\n"
          "    uses: ./.github/workflows/called.yml\n    with: {" +
              with + "}\n"},
         {".github/workflows/called.yml",
          "on: {workflow_call: {inputs: {args: {type: string}, image: {type: boolean}}}}\n"
          "permissions: {contents: write, packages: write}\njobs:\n  release:\n    runs-on: ubuntu-latest\n    steps:\n"
          "      - uses: goreleaser/goreleaser-action@v6\n        with: {args: 'release ${{ inputs.args }}'}\n"
          "      - uses: docker/build-push-action@v6\n        if: inputs.image\n"
          "        with: {push: true, tags: 'ghcr.io/o/i:1'}\n"}});
  };
  CHECK(called("args: --clean, image: true") ==
        Texts{"publishes a release -> github releases", "pushes an image -> container registry ghcr.io"});
  CHECK(called("args: --snapshot, image: true") == Texts{"pushes an image -> container registry ghcr.io"});
  CHECK(called("args: --clean") == Texts{"publishes a release -> github releases"});
}

TEST_CASE("sections of the configuration of goreleaser are acts") {
  const auto configured = [](const std::string& sections) {
    return acts(with(release(runs("goreleaser release")), ".goreleaser.yml", sections));
  };
  CHECK(configured("notarize:\n  macos:\n    - enabled: true\n") ==
        Texts{"notarizes a program -> apple notary", "publishes a release -> github releases"});
  CHECK(configured("notarize:\n  macos:\n    - enabled: false\n") == Texts{"publishes a release -> github releases"});
  CHECK(configured("milestones:\n  - close: true\n").size() == 2);
  CHECK(configured("announce:\n  slack: {enabled: true}\n").size() == 2);
}

TEST_CASE("what functions of a script are handed acts, in every way that excludes another") {
  const auto acting = [](const std::string& script) { return acts(with(release(runs("bash x.sh")), "x.sh", script)); };
  CHECK(acting("dry_run() { if [ \"$DRY\" = no ]; then \"$@\"; else echo \"$@\"; fi; }\ndry_run npm publish\n") ==
        Texts{"publishes a package -> npm registry"});
  CHECK(acting("run() { \"$@\"; }\npush() { case $1 in a) run docker push docker.io/o/i;; b) run docker push "
               "ghcr.io/o/i;; esac; }\npush $1\n") ==
        Texts{"pushes an image -> container registry docker.io", "pushes an image -> container registry ghcr.io"});
  CHECK(acting("run() { echo \"$@\"; }\nrun npm publish\n") == Texts{"can use KEY -> "});
}

TEST_CASE("jobs start pipelines of others, and templates are no jobs") {
  const auto gitlab = [](const std::string& text) { return acts({{".gitlab-ci.yml", text}}); };
  CHECK(gitlab("next: {trigger: {project: org/other, branch: main}}\n") ==
        Texts{"starts a pipeline of org/other -> gitlab"});
  CHECK(gitlab("next: {trigger: {include: more.yml}}\n").empty());
  CHECK(gitlab(".send: {script: npm publish, environment: prod}\nsend: {extends: .send}\n") ==
        Texts{"publishes a package -> npm registry"});
  CHECK(acts({{".buildkite/pipeline.yml", "steps: [{trigger: other}]\n"}}) ==
        Texts{"starts a pipeline of other -> buildkite"});
}

TEST_CASE("a preview needs no credential, a package does") {
  const auto bare = [](const std::string& command) {
    return acts({{kRelease,
                  "on: pull_request\npermissions: {contents: read}\njobs:\n  a:\n    runs-on: ubuntu-latest\n"
                  "    steps:\n" +
                      runs(command)}});
  };
  CHECK(bare("npx pkg-pr-new publish ./packages/*") == Texts{"publishes a preview -> pkg.pr.new"});
  CHECK(bare("npm publish").empty());
}

TEST_CASE("ko pushes where its variable says, not to where the sources are") {
  const auto pushed = [](const std::string& repository) {
    return acts(release(runs("KO_DOCKER_REPO=" + repository + " ko build github.com/o/r/cmd/x")));
  };
  CHECK(pushed("ghcr.io/o") == Texts{"pushes an image -> container registry ghcr.io"});
  CHECK(pushed("$REPO") == Texts{"pushes an image -> container registry"});
  CHECK(pushed("registry.example.org") == Texts{"pushes an image -> container registry registry.example.org"});
  CHECK(pushed("${OTHER:-ghcr.io/o}") == Texts{"pushes an image -> container registry"});
  CHECK(pushed("$ACCOUNT.dkr.ecr.us-east-1.amazonaws.com") ==
        Texts{"pushes an image -> container registry amazon ecr"});
  CHECK(pushed("ko.local") == Texts{"can use KEY -> "});
}

TEST_CASE("a request goes to the host that its variable holds") {
  const auto sent = [](const std::string& lines) {
    return acts(with(release(runs("bash x.sh")), "x.sh", lines + "curl -d x \"$BASE/items\"\n"));
  };
  CHECK(sent("BASE=https://mill.example.org/api\n") ==
        Texts{"sends data to a service -> http service mill.example.org"});
  CHECK(sent("export BASE=\"https://mill.example.org/$1\"\n") ==
        Texts{"sends data to a service -> http service mill.example.org"});
  CHECK(sent("BASE=$(find_base)\n") == Texts{"sends data to a service -> http service"});
}

TEST_CASE("what a platform does with a job's results, and tells of it, is a way") {
  const auto gitlab = [](const std::string& keys) {
    return acts({{".gitlab-ci.yml", "notes: {script: make, rules: [{if: $CI_COMMIT_TAG}]" + keys + "}\n"}});
  };
  CHECK(gitlab(", release: {tag_name: $CI_COMMIT_TAG}") == Texts{"publishes a release -> gitlab"});
  CHECK(gitlab(", pages: true") == Texts{"publishes a site -> gitlab pages"});
  CHECK(gitlab(", pages: false").empty());
  CHECK(gitlab("").empty());
  CHECK(acts({{".gitlab-ci.yml", "pages: {script: make}\n"}}) == Texts{"publishes a site -> gitlab pages"});
  CHECK(acts({{".buildkite/pipeline.yml", "notify: [{slack: '#mill'}]\nsteps: [{command: make}]\n"}}) ==
        Texts{"posts a message -> chat"});
}

TEST_CASE("a report goes out under the identity of its job") {
  const auto scored = [](const std::string& permissions, const std::string& publish) {
    return acts({{kRelease, "on: push\npermissions: {" + permissions +
                                "}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
                                "      - uses: ossf/scorecard-action@v2\n        with: {publish_results: " +
                                publish + "}\n"}});
  };
  CHECK(scored("id-token: write", "true") == Texts{"sends a report -> openssf scorecard"});
  CHECK(scored("id-token: write", "false") == Texts{"can use its identity (OIDC) -> "});
  CHECK(scored("contents: read", "true").empty());
}

TEST_CASE("what a checkout keeps is in the hands of later steps") {
  const auto held = [](const std::string& more) {
    const auto all = ways({{kRelease,
                            "on: push\npermissions: {contents: read}\njobs:\n  a:\n    runs-on: ubuntu-latest\n"
                            "    steps:\n      - uses: actions/checkout@v4\n"
                            "        with: {token: '${{ secrets.PAT }}'" +
                                more + "}\n" + runs("git push")}});
    std::size_t named = 0;
    for (const auto& way : all)
      if (way.system == "git remote") named += way.authority.credentials.size();
    return named;
  };
  CHECK(held("") == 1);
  CHECK(held(", persist-credentials: false") == 0);
}
