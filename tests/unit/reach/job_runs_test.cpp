// A step that stands as another one stood, in whatever job, runs what that one ran, and only where nothing that decides
// it differs.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "neighbours.h"

using namespace tollbar;
using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

/// Two jobs: what the first one runs is asked for, the second one changes.
Files tree(const std::string& first, const std::string& second, const Files& others = {}) {
  Files files{{kCi, head + job("first", "", {first}) + job("second", "", {second})}};
  files.insert(others.begin(), others.end());
  return files;
}

enum class Found : std::uint8_t { shared, moved, anew };

/// How a step came to what it runs, if another one ran it before. Who follows makes an environment of its own.
Found found(const ExecutedStep& before, const ExecutedStep& after) {
  if (&before.commands.items() == &after.commands.items()) return Found::shared;
  return before.commands.front().env.shares(after.commands.front().env) ? Found::moved : Found::anew;
}

/// The first step of the later tree beside that of the earlier one. What it says is what a fresh look says.
Found found(const Files& earlier, const Files& later) {
  Asked asked;
  const auto before = asked.execution(earlier);
  const auto after = asked.execution(later);
  CHECK(shown(*after) == Asked().of(later));
  check_alike({earlier, later, earlier});
  return found(*steps_of(*before).front(), *steps_of(*after).front());
}

bool takes_over(const Files& earlier, const Files& later) {
  return found(earlier, later) == Found::shared;
}

/// The first two steps of one tree.
Found found_beside(const Files& files) {
  Asked asked;
  const auto execution = asked.execution(files);
  check_alike({files});
  return found(*steps_of(*execution).at(0), *steps_of(*execution).at(1));
}

}  // namespace

TEST_CASE("what a job ran is taken over where another one changed") {
  const Files scripts{{"t.sh", "pytest\n./more.sh\n"}, {"more.sh", "tox\n"}, {"pytest.ini", "[pytest]\n"}};
  CHECK(takes_over(tree("./t.sh", "true", scripts), tree("./t.sh", "false", scripts)));
  CHECK(takes_over(tree("./t.sh", "true", scripts), {{kCi, head + job("first", "", {"./t.sh"})},
                                                     {"t.sh", scripts.at("t.sh")},
                                                     {"more.sh", "tox\n"},
                                                     {"pytest.ini", "[pytest]\naddopts = -q\n"}}));
}

TEST_CASE("a job is followed anew where it changed itself, or anything that it runs or obeys") {
  const Files scripts{{"t.sh", "pytest\n./more.sh\n"}, {"more.sh", "tox\n"}};
  const auto with = [&](const std::string& path, const std::string& bytes) {
    Files files = tree("./t.sh", "false", scripts);
    files[path] = bytes;
    return files;
  };
  const Files earlier = tree("./t.sh", "true", scripts);
  CHECK_FALSE(takes_over(earlier, with("more.sh", "tox || true\n")));
  CHECK_FALSE(takes_over(earlier, with("t.sh", "pytest\n")));
  CHECK_FALSE(takes_over(earlier, with("pytest.ini", "[pytest]\naddopts = --collect-only\n")));
  CHECK_FALSE(takes_over(earlier, with(kCi, head + job("first", "    env: {A: b}\n", {"./t.sh"}))));
  CHECK_FALSE(
      takes_over(earlier, with(kCi, "on: [pull_request]\nenv: {A: b}\njobs:\n" + job("first", "", {"./t.sh"}))));
}

TEST_CASE("what is run and read by nobody decides nothing by what it holds") {
  const Files earlier = tree("ansible-playbook site.yml", "true", {{"site.yml", "- hosts: all\n"}});
  const auto with = [&](const std::string& command, const Files& others) { return tree(command, "false", others); };
  const std::string playbook = "ansible-playbook site.yml";
  CHECK(takes_over(earlier, with(playbook, {{"site.yml", "- hosts: none\n"}})));
  CHECK_FALSE(takes_over(earlier, with(playbook, {})));
  CHECK_FALSE(takes_over(earlier, with(playbook, {{"site.yml/a", "a folder\n"}})));
  CHECK_FALSE(takes_over(tree("bash site.yml", "true", {{"site.yml", "pytest\n"}}),
                         with("bash site.yml", {{"site.yml", "true\n"}})));
  CHECK_FALSE(takes_over(tree("python site.py", "true", {{"site.py", "os.system('tox')\n"}}),
                         with("python site.py", {{"site.py", "os.system('true')\n"}})));
}

TEST_CASE("of a package.json counts what is followed, and where it stands") {
  const auto manifest = [](const std::string& above, const std::string& script, const std::string& below) {
    return Files{{"package.json", "{\n" + above + "\"scripts\": {\"test\": \"" + script + "\"}\n" + below + "}\n"}};
  };
  const Files earlier = tree("npm test", "true", manifest("", "jest", ""));
  const auto still = [&](const Files& others) { return takes_over(earlier, tree("npm test", "false", others)); };
  CHECK(still(manifest("", "jest", ",\"dependencies\": {\n\"a\": \"1\"},\n\"files\": []\n")));
  CHECK_FALSE(still(manifest("", "true", "")));
  CHECK_FALSE(still(manifest("\"dependencies\": {},\n", "jest", "")));
  CHECK_FALSE(still(manifest("", "jest", ",\"wireit\": {\"test\": {\"command\": \"tox\"}}\n")));
  CHECK_FALSE(still(manifest("", "jest", ",\n}")));
}

TEST_CASE("a job with the same steps but other force is taken over with the force it has now") {
  const Files scripts{{"t.sh", "pytest\n"}};
  const auto needing = [&](const std::string& condition) {
    Files files = scripts;
    files[kCi] = head + job("first", "    needs: [second]\n", {"./t.sh"}) + job("second", condition, {"true"});
    return files;
  };
  CHECK(takes_over(needing(""), needing("    if: false\n")));
}

TEST_CASE("a step whose lines only moved is not followed anew") {
  const Files scripts{{"t.sh", "pytest\n./more.sh\n"},
                      {"more.sh", "tox\n"},
                      {"Makefile", "test:\n\tpytest\n"},
                      {"package.json", "{\"scripts\": {\"test\": \"jest\"}}"}};
  const auto text = "true\n          ./t.sh\n          $UNKNOWN ./t.sh || sh more.sh";
  const Files earlier =
      tree("|\n          make test\n          npm test\n          " + std::string(text), "true", scripts);
  const auto with = [&](const std::string& what, const std::string& by) {
    Files files = earlier;
    auto& ci = files[kCi];
    const auto at = ci.find(what);
    REQUIRE(at != std::string::npos);
    ci.replace(at, what.size(), by);
    return files;
  };
  CHECK(found(earlier, with("on:", "# its lines move\n\non:")) == Found::moved);
  CHECK(found(earlier, with("make test", "\n          make test")) == Found::anew);  // the script alone
  CHECK(found(earlier, with("jobs:", "# moved\nenv: {A: b}\njobs:")) == Found::anew);
  Files other = with("on:", "# its lines move\n\non:");
  other["more.sh"] = "tox || true\n";
  CHECK(found(earlier, other) == Found::anew);
}

TEST_CASE("lines of actions, calls nobody can follow and what tools are told move too") {
  const Files files{
      {kCi,
       head +
           "  a:\n    runs-on: x\n    steps:\n      - run: |\n          goreleaser release\n          \"$TOOL\" x\n" +
           "          bash -c './t.sh'\n      - uses: ./.github/actions/own\n        with: {x: ./t.sh all}\n" +
           "      - uses: nick-fields/retry@v3\n        with: {command: ./t.sh twice}\n" +
           "      - run: pre-commit run\n"},
      {".pre-commit-config.yaml", "repos:\n- repo: local\n  hooks:\n  - {id: x, entry: ./t.sh, language: system}\n"},
      {".goreleaser.yaml", "brews:\n- name: x\n"},
      {".github/actions/own/action.yml", "runs:\n  using: composite\n  steps:\n    - run: ./t.sh\n      shell: bash\n"},
      {"t.sh", "true\npytest\n"}};
  Files moved = files;
  moved[kCi] = "\n\n# moved\n" + files.at(kCi);
  check_alike({files, moved, files});
  check_alike({moved, files, moved});
}

TEST_CASE("steps of other jobs and pipelines that run alike share what they run") {
  const Files scripts{{"t.sh", "pytest\n"}};
  const auto two = [&](const std::string& first, const std::string& second) {
    Files files = scripts;  // one line each, so that both stand on the same
    files[".github/workflows/a.yml"] = head + job("a", first, {"./t.sh"});
    files[".github/workflows/b.yml"] = head + job("b", second, {"./t.sh"});
    return files;
  };
  CHECK(found_beside(tree("./t.sh", "./t.sh", scripts)) == Found::moved);
  CHECK(found_beside(two("", "")) == Found::anew);  // a file of their own tells where they stand
  const auto azure = [&](const std::string& variables) {
    Files files = scripts;
    files["azure-pipelines.yml"] = "pr: [main]\njobs:\n- template: t.yml\n- template: t.yml\n  parameters: {x: y}\n";
    files["t.yml"] =
        "parameters: {x: z}\njobs:\n- job: ${{ parameters.x }}\n" + variables + "  steps:\n  - script: ./t.sh\n";
    return files;
  };
  CHECK(found_beside(azure("")) == Found::shared);
  CHECK(found_beside(azure("  variables: {A: '${{ parameters.x }}'}\n")) == Found::anew);
}

TEST_CASE("of the legs of a job count those that a step asks for") {
  const auto with = [](const std::string& legs, const std::string& command) {
    return Files{{kCi, head + job("a", "    strategy: {matrix: {" + legs + "}}\n", {command})},
                 {"x.sh", "pytest\n"},
                 {"y.sh", "tox\n"}};
  };
  CHECK(takes_over(with("what: [x, y], os: [a]", "./x.sh"), with("what: [x], os: [b]", "./x.sh")));
  const std::string asks = "./${{ matrix.what }}.sh";
  CHECK(takes_over(with("what: [x, y], os: [a]", asks), with("what: [x, y], os: [b]", asks)));
  CHECK_FALSE(takes_over(with("what: [x], os: [a]", asks), with("what: [x, y], os: [a]", asks)));
  CHECK_FALSE(takes_over(with("os: [a]", asks), with("what: [x], os: [a]", asks)));
}

TEST_CASE("a job that was not followed to its end says so wherever it is taken over") {
  const Files scripts{{"t.sh", "pytest\n./t.sh\n"}};
  const auto later = tree("./t.sh", "false", scripts);
  CHECK(takes_over(tree("./t.sh", "true", scripts), later));
  CHECK(Asked().of(later).find("problem call cycle") != std::string::npos);
}

TEST_CASE("whatever is kept, neighbours say what a fresh look at them says") {
  const Files files{
      {kCi, head + job("a", "", {"make all", "cat x"}) + job("b", "", {"make all", "circleci-agent step halt"}) +
                job("c", "", {"npm test", "npm run send"}) +
                "  d:\n    uses: ./.github/workflows/called.yml\n    with: {what: unit}\n"},
      {".github/workflows/called.yml", "on:\n  workflow_call:\n    inputs: {what: {type: string}}\njobs:\n" +
                                           job("inner", "", {"./${{ inputs.what }}.sh"}) +
                                           "      - uses: ./.github/actions/own\n"},
      {".github/actions/own/action.yml",
       "runs:\n  using: composite\n  steps:\n    - run: ./deep.sh\n      shell: bash\n"},
      {"Makefile", "include rules.mk\nall: first\n\tpytest\n"},
      {"rules.mk", "first:\n\t./first.sh\n"},
      {"first.sh", "echo 1\necho 2\necho 3\necho 4\ntox\n"},
      {"unit.sh", "cargo test\n"},
      {"deep.sh", "go test ./...\n"},
      {"package.json", "{\"scripts\": {\"test\": \"jest\", \"send\": \"npm publish\"}}\n"},
  };
  std::vector<Files> trees{files};
  const auto with = [&](const std::string& path, const std::string& bytes) {
    trees.push_back(files);
    trees.back()[path] = bytes;
    trees.push_back(trees.back());
    trees.back()[kCi] = files.at(kCi) + job("e", "", {"true"});
    trees.push_back(files);
  };
  with("rules.mk", "first:\n\ttrue\n");
  with("deep.sh", "true\n");
  with("unit.sh", "cargo test || true\n");
  with(".github/actions/own/action.yml", "runs:\n  using: composite\n  steps:\n    - run: 'true'\n      shell: sh\n");
  with("package.json", "{\"scripts\": {\"test\": \"jest\", \"presend\": \"./unit.sh\", \"send\": \"npm publish\"}}\n");
  with("jest.config.js", "module.exports = { testMatch: [] }\n");
  with("pytest.ini", "[pytest]\naddopts = --collect-only\n");
  check_alike(trees);
}
