// A job that stands as it stood beside one that changed is taken over, and only where nothing that decides it changed.
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

/// The first step of the later tree shares what it runs with that of the earlier one, and says what a fresh look says.
bool takes_over(const Files& earlier, const Files& later) {
  Asked asked;
  const auto before = asked.execution(earlier);
  const auto after = asked.execution(later);
  CHECK(shown(*after) == Asked().of(later));
  return &steps_of(*before).front()->commands.items() == &steps_of(*after).front()->commands.items();
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
  CHECK_FALSE(takes_over(earlier, with(kCi, "# its lines move\n" + earlier.at(kCi))));
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
