// Gaps of ways, and what a difference opens and closes.
#include "gate/action_map.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "model/memory_tree.h"
#include "rule/rule_set.h"

namespace tollbar::gate {
namespace {

using Files = std::map<std::string, std::string>;

const char kRelease[] = ".github/workflows/release.yml";

const rule::RuleSet& builtin() {
  static const rule::RuleSet rules = rule::load_builtin();
  return rules;
}

ActionMap map_of(const Files& files, const Policy& policy = {}) {
  std::map<std::string, model::MemoryTree::File> tree;
  for (const auto& [path, bytes] : files) tree[path] = {bytes, model::FileMode::regular};
  model::MemoryTree memory(std::move(tree));
  return map_tree(memory, builtin(), policy);
}

/// `kind: what` of every way.
std::vector<std::string> gaps(const ActionMap& map, GapKind kind) {
  std::vector<std::string> texts;
  for (const auto& pipeline : map.pipelines)
    for (const auto& path : pipeline.paths)
      for (const auto& gap : path.gaps)
        if (gap.kind == kind) texts.push_back(gap.what);
  return texts;
}

std::string release(const std::string& permissions, const std::string& steps) {
  return "on: {push: {branches: [main]}}\npermissions: {" + permissions +
         "}\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n" + steps;
}

TEST_CASE("a stored key is blamed where it is one of the system that takes the identity") {
  const auto blamed = [](const std::string& secret) {
    return gaps(
               map_of({{kRelease, release("contents: read", "      - run: npm publish\n        env: {X: '${{ secrets." +
                                                                secret + " }}'}\n")}}),
               GapKind::standing_key)
        .size();
  };
  CHECK(blamed("NPM_TOKEN") == 1);
  CHECK(blamed("SLACK_WEBHOOK") == 0);
  CHECK(blamed("APP_PRIVATE_KEY") == 0);
}

TEST_CASE("a file that a way runs wants an owner") {
  const auto ownerless = [](const std::string& owners) {
    return gaps(map_of({{kRelease,
                         release("contents: read", "      - run: bash x.sh\n        env: {K: '${{ secrets.K }}'}\n")},
                        {"x.sh", "npm publish\n"},
                        {".github/CODEOWNERS", owners}}),
                GapKind::no_owner)
        .size();
  };
  CHECK(ownerless("/.github/ @release\n") == 1);
  CHECK(ownerless("* @release\n") == 0);
}

TEST_CASE("a credential wants an entry in the policy") {
  const auto unknown = [](const std::string& registered) {
    const auto policy = read_policy(
        "version: 1\ncredentials: {" + registered + ": {owner: '@release', purpose: packages}}\n", "policy", builtin());
    return gaps(map_of({{kRelease, release("contents: read",
                                           "      - run: npm publish\n        env: {X: '${{ secrets.KEY }}'}\n")}},
                       policy),
                GapKind::unregistered_credential)
        .size();
  };
  CHECK(unknown("OTHER") == 1);
  CHECK(unknown("KEY") == 0);
}

TEST_CASE("what is released wants a check before it, in its job or in one that it waits for") {
  const auto unchecked = [](const std::string& needs, const std::string& before) {
    return gaps(map_of({{kRelease,
                         "on: push\npermissions: {contents: read}\njobs:\n  test: {runs-on: ubuntu-latest, steps: "
                         "[{run: pytest}]}\n  publish:\n    runs-on: ubuntu-latest\n" +
                             needs + "    steps:\n" + before +
                             "      - run: npm publish\n        env: {X: '${{ secrets.KEY }}'}\n"}}),
                GapKind::no_check)
        .size();
  };
  CHECK(unchecked("", "") == 1);
  CHECK(unchecked("    needs: test\n", "") == 0);
  CHECK(unchecked("", "      - run: pytest\n") == 0);
  CHECK(unchecked("", "      - run: pip install pytest\n") == 1);
}

TEST_CASE("what is released wants somebody to let it through") {
  const auto open = [](const std::string& keys) {
    return gaps(map_of({{".gitlab-ci.yml", "publish: {script: npm publish" + keys + "}\n"}}),
                GapKind::unprotected_environment)
        .size();
  };
  CHECK(open("") == 1);
  CHECK(open(", environment: prod") == 1);
  CHECK(open(", when: manual") == 0);
}

TEST_CASE("a call of a computed name is an edge that nobody knows") {
  const auto unknown = [](const std::string& script) {
    return gaps(map_of({{kRelease, release("contents: read",
                                           "      - run: " + script + "\n        env: {K: '${{ secrets.K }}'}\n")}}),
                GapKind::unknown_edge)
        .size();
  };
  CHECK(unknown("bash tools/$NAME.sh") == 1);
  CHECK(unknown("NAME=send; bash tools/$NAME.sh") == 0);
}

TEST_CASE("an action that is not pinned counts beside a token that writes") {
  const auto unpinned = [](const std::string& permissions, const std::string& version) {
    return gaps(map_of({{kRelease, release(permissions, "      - uses: acme/label@" + version +
                                                            "\n        with: {token: '${{ github.token }}'}\n")}}),
                GapKind::unpinned_action)
        .size();
  };
  CHECK(unpinned("issues: write", "v1") == 1);
  CHECK(unpinned("issues: write", "0123456789012345678901234567890123456789") == 0);
  CHECK(unpinned("issues: read", "v1") == 0);
}

TEST_CASE("what a workflow of another repository does cannot be told, pinned or not") {
  const auto unknown = gaps(map_of({{kRelease,
                                     "on: [push]\npermissions: {contents: write}\njobs:\n  a:\n    uses: "
                                     "acme/meta/.github/workflows/a.yml@0123456789012345678901234567890123456789\n"}}),
                            GapKind::unknown_edge);
  REQUIRE(unknown.size() == 1);
  CHECK(unknown.front().find("is not in this tree") != std::string::npos);
}

TEST_CASE("a difference counts what it opens and what it closes, and tells actions apart") {
  const auto map = [](const std::string& action, const std::string& permissions = "contents: read") {
    return map_of({{kRelease, release(permissions, "      - uses: " + action +
                                                       "\n      - run: npm publish\n        env: {X: '${{ "
                                                       "secrets.NPM_TOKEN }}'}\n")}});
  };
  const std::string pin = "@0123456789012345678901234567890123456789";
  const auto opened = map_difference(map("acme/setup" + pin), map("acme/setup@v1"));
  CHECK(opened.count(GapKind::unpinned_action) == 1);
  CHECK(opened.count(GapKind::standing_key) == 0);
  CHECK(opened.closed(GapKind::unpinned_action) == 0);
  const auto gone = map_difference(map("acme/setup@v1"), map_of({}));
  CHECK(gone.count(GapKind::unpinned_action) == 0);
  CHECK(gone.closed(GapKind::unpinned_action) == 1);
  const auto swapped = map_difference(map("acme/setup" + pin), map("evil/setup" + pin));
  REQUIRE(swapped.path_count() == 1);
  const auto& differences = swapped.pipelines.front().paths.front().differences;
  CHECK(differences == std::vector<std::string>{"- uses acme/setup", "+ uses evil/setup"});
}

}  // namespace
}  // namespace tollbar::gate
