// Judging pushes before and after their references moved.
#include "gate/push.h"

#include <doctest/doctest.h>

#include "rule/rule_set.h"
#include "support/repository.h"
#include "util/error.h"

namespace tollbar::gate {
namespace {

const std::string workflow =
    "on: [push, pull_request]\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n"
    "      - uses: actions/checkout@v4\n      - run: make test\n";
const std::string self_hosted =
    "on: [push, pull_request]\njobs:\n  test:\n    runs-on: self-hosted\n    steps:\n"
    "      - uses: actions/checkout@v4\n      - run: make test\n";
constexpr const char* path = ".github/workflows/ci.yml";

/// A server's repository whose main holds a workflow; commits are made on a detached HEAD, as if they lay in
/// quarantine.
class Served {
 public:
  explicit Served(const std::string& policy = "") {
    work.commit({{path, workflow}, {"a.c", "int a;\n"}, {".tollbar.yml", policy.empty() ? "version: 1\n" : policy}});
    base = work.id("HEAD");
    work.git({"checkout", "--quiet", "--detach"});
    work.git({"symbolic-ref", "refs/remotes/origin/HEAD", "refs/heads/main"});
  }

  model::ObjectId detached(const std::map<std::string, std::string>& files) { return work.commit(files); }
  void go_to(const model::ObjectId& commit) const { work.git({"checkout", "--quiet", "--detach", commit.hex()}); }
  void move(const std::string& ref, const model::ObjectId& id) const { work.git({"update-ref", ref, id.hex()}); }

  PushResult push(const std::vector<RefUpdate>& updates) const {
    static const rule::RuleSet rules = rule::load_builtin();
    static const rule::Engine engine(rules);
    git::Repository repository = git::Repository::open(work.path());
    return judge_push(repository, engine, updates);
  }

  test::GitRepository work;
  model::ObjectId base;
};

const model::ObjectId none;

bool has(const RefVerdict& ref, std::string_view rule) {
  for (const Verdict& verdict : ref.verdicts) {
    for (const model::Finding& finding : verdict.findings) {
      if (finding.rule == rule) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

TEST_CASE("what needs approval is refused on the default branch and accepted elsewhere") {
  Served served;
  const auto commit = served.detached({{path, self_hosted}});
  const PushResult result = served.push({{"refs/heads/main", served.base, commit}, {"refs/heads/x", none, commit}});
  REQUIRE(result.refs.size() == 2);
  CHECK(result.refs[0].is_protected);
  CHECK(result.refs[0].refused());
  CHECK_FALSE(result.refs[1].refused());
  CHECK(has(result.refs[1], "workflow/runner-self-hosted"));
  CHECK(result.exit_code() == 3);
}

TEST_CASE("the verdict is the same once the references have moved") {
  Served served;
  const auto commit = served.detached({{path, self_hosted}});
  const std::vector<RefUpdate> updates{{"refs/heads/x", none, commit}};
  const PushResult before = served.push(updates);
  served.move("refs/heads/x", commit);
  const PushResult after = served.push(updates);
  CHECK(before.refs[0].commits == 1);
  CHECK(after.refs[0].commits == 1);
  REQUIRE(after.refs[0].verdicts.size() == before.refs[0].verdicts.size());
  CHECK(after.refs[0].verdicts[0].findings.size() == before.refs[0].verdicts[0].findings.size());
}

TEST_CASE("several references share their commits, and each gets its own") {
  Served served;
  const auto first = served.detached({{"a.c", "int b;\n"}});
  const auto second = served.detached({{"a.c", "int c;\n"}});
  served.go_to(served.base);
  const auto beside = served.detached({{"b.c", "int d;\n"}});
  const PushResult result =
      served.push({{"refs/heads/x", none, first}, {"refs/heads/y", none, second}, {"refs/heads/z", none, beside}});
  CHECK(result.refs[0].commits == 1);
  CHECK(result.refs[1].commits == 2);
  CHECK(result.refs[2].commits == 1);
  CHECK(result.exit_code() == 0);
}

TEST_CASE("a policy of the push judges nothing, that of the default branch everything") {
  Served served("version: 1\nrules: {workflow/runner-self-hosted: block}\n");
  const auto loose = served.detached({{".tollbar.yml", "version: 1\nrules: {workflow/*: allow}\n"}});
  served.move("refs/heads/x", loose);
  const auto commit = served.detached({{path, self_hosted}});
  CHECK(served.push({{"refs/heads/x", loose, commit}}).exit_code() == 1);
}

TEST_CASE("an unprotected branch does not hide a commit from a protected one") {
  Served served;
  const auto commit = served.detached({{path, self_hosted}});
  served.move("refs/heads/x", commit);
  CHECK(served.push({{"refs/heads/y", none, commit}}).refs[0].commits == 0);
  CHECK(served.push({{"refs/heads/main", served.base, commit}}).refs[0].commits == 1);
}

TEST_CASE("a reference that is deleted has no commits, and is judged by its name") {
  Served served;
  served.move("refs/heads/x", served.base);
  const PushResult result = served.push({{"refs/heads/x", served.base, none}, {"refs/heads/main", served.base, none}});
  CHECK_FALSE(result.refs[0].refused());
  CHECK(has(result.refs[1], "ref/protected-deleted"));
}

TEST_CASE("what a push names must be there") {
  Served served;
  const auto missing = model::ObjectId::from_hex("00000000000000000000000000000000000000ff").value();
  CHECK_THROWS_AS(served.push({{"refs/heads/x", none, missing}}), util::Error);
}

}  // namespace tollbar::gate
