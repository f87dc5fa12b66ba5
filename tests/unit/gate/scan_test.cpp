// Scans of real, small repositories: merges, threads, policies found in trees, the net change.
#include "gate/scan.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fixtures.h"
#include "util/error.h"
#include "util/process.h"

namespace tollbar::gate {
namespace {

namespace fs = std::filesystem;

/// A repository in a temporary folder, made with git itself.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "tollbar-scan-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    git({"init", "-q", "-b", "main"});
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { fs::remove_all(folder_); }

  std::string git(std::vector<std::string> arguments) {
    util::Invocation invocation;
    invocation.arguments = {"git", "-C", folder_.string()};
    invocation.arguments.insert(invocation.arguments.end(), arguments.begin(), arguments.end());
    for (const char* name : {"GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"}) {
      invocation.environment.push_back({name, std::nullopt});
    }
    for (const char* name : {"GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"}) {
      invocation.environment.push_back({name, "tester"});
    }
    invocation.environment.push_back({"GIT_CONFIG_GLOBAL", "/dev/null"});
    const util::Completed done = util::run(invocation);
    CAPTURE(done.errors);
    REQUIRE(done.succeeded());
    return done.output.substr(0, done.output.find('\n'));
  }

  void write(const std::string& path, std::string_view text) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << text;
  }

  model::ObjectId commit(const std::string& message) {
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "-m", message});
    return *model::ObjectId::from_hex(git({"rev-parse", "HEAD"}));
  }

  git::Repository open() const { return git::Repository::open(folder_.string()); }

 private:
  fs::path folder_;
};

/// One rule: a file named `danger` that is added or modified needs approval.
const rule::RuleSet& danger_rules() {
  static const rule::RuleSet set = [] {
    rule::RuleSet made = rule_set();
    rule::Rule& danger = made.rules.front();
    danger.message = "Danger.";
    danger.remedy = "Ask.";
    rule::PathMatch match;
    match.files.paths.emplace_back("danger");
    match.added = true;
    match.modified = true;
    danger.match.emplace_back(std::move(match));
    return made;
  }();
  return set;
}

const rule::Engine& engine() {
  static const rule::Engine made(danger_rules());
  return made;
}

TEST_CASE("commits are judged alone, root commits against nothing") {
  Scratch scratch;
  scratch.write("danger", "1");
  const auto root = scratch.commit("root");
  scratch.write("harmless", "1");
  const auto second = scratch.commit("second");
  git::Repository repository = scratch.open();
  const ScanResult result = scan_commits(repository, engine(), {second, root}, {});
  REQUIRE(result.verdicts.size() == 2);
  CHECK(result.verdicts[0].commit.id == second);
  CHECK(result.verdicts[0].status == model::Status::allowed);
  CHECK(result.verdicts[1].status == model::Status::needs_approval);
  REQUIRE(result.verdicts[1].findings.size() == 1);
  CHECK(result.verdicts[1].findings[0].rule == "checks/neutered");
  CHECK(result.verdicts[1].findings[0].fingerprint.size() == 64);
  CHECK(result.exit_code() == 3);
}

TEST_CASE("a merge answers for its own doing only") {
  Scratch scratch;
  scratch.write("danger", "0");
  scratch.commit("root");
  scratch.git({"switch", "-q", "-c", "side"});
  scratch.write("danger", "1");
  scratch.commit("side");
  scratch.git({"switch", "-q", "main"});
  scratch.write("harmless", "1");
  scratch.commit("main");
  scratch.git({"merge", "-q", "--no-commit", "--no-ff", "side"});
  const auto clean = scratch.commit("clean merge");
  scratch.git({"reset", "-q", "--hard", "HEAD~1"});
  scratch.git({"merge", "-q", "--no-commit", "--no-ff", "side"});
  scratch.write("danger", "evil");
  const auto evil = scratch.commit("evil merge");
  git::Repository repository = scratch.open();
  const ScanResult result = scan_commits(repository, engine(), {clean, evil}, {});
  CHECK(result.verdicts[0].commit.parents.size() == 2);
  CHECK(result.verdicts[0].status == model::Status::allowed);
  CHECK(result.verdicts[1].status == model::Status::needs_approval);
}

TEST_CASE("the policy that judges is the one before the change") {
  Scratch scratch;
  scratch.write("harmless", "1");
  scratch.commit("root");
  scratch.write("danger", "1");
  scratch.write(".tollbar.yml", "version: 1\nrules: {checks/neutered: allow}\n");
  const auto both = scratch.commit("allow it along the way");
  scratch.write("danger", "2");
  const auto after = scratch.commit("after");
  scratch.write(".tollbar.yml", "version: 1\nnonsense: 1\n");
  scratch.write("danger", "3");
  const auto broken = scratch.commit("break the policy");
  scratch.write("danger", "4");
  const auto judged_by_broken = scratch.commit("under a broken policy");
  git::Repository repository = scratch.open();
  const ScanResult result = scan_commits(repository, engine(), {both, after, broken, judged_by_broken}, {});
  CHECK(result.verdicts[0].status == model::Status::needs_approval);
  CHECK(result.verdicts[0].policy == "built-in");
  CHECK(result.verdicts[1].status == model::Status::allowed);
  CHECK(result.verdicts[1].findings.size() == 1);
  CHECK(result.verdicts[1].policy == both.short_hex() + ":.tollbar.yml");
  CHECK(result.verdicts[2].status == model::Status::allowed);
  CHECK(result.verdicts[3].status == model::Status::undecided);
  CHECK(result.verdicts[3].undecided.find(broken.short_hex() + ":.tollbar.yml:2: ") != std::string::npos);
  CHECK(result.exit_code() == 4);

  ScanOptions options;
  options.policy_file = "/nonexistent/policy.yml";
  CHECK_THROWS_AS(scan_commits(repository, engine(), {both}, options), util::UsageError);
}

TEST_CASE("the net change reports what no commit did") {
  Scratch scratch;
  scratch.write("danger", "old");
  scratch.commit("root");
  scratch.git({"switch", "-q", "-c", "feature"});
  scratch.write("danger", "new");
  scratch.commit("one");
  scratch.write("harmless", "1");
  scratch.commit("two");
  git::Repository repository = scratch.open();
  const ScanResult result = scan_range(repository, engine(), git::resolve_range(repository, "main..feature"), {});
  CHECK(result.commits == 2);
  CHECK(result.needs_approval == 1);
  CHECK(!result.net);  // the first commit said it
}

TEST_CASE("many commits on many threads come in order, each once") {
  Scratch scratch;
  std::vector<model::ObjectId> commits;
  for (int i = 0; i < 70; ++i) {
    scratch.write(i % 10 == 0 ? "danger" : "harmless", std::to_string(i));
    commits.push_back(scratch.commit(std::to_string(i)));
  }
  git::Repository repository = scratch.open();
  ScanOptions options;
  options.threads = 4;
  options.keep_allowed = false;
  std::vector<model::ObjectId> seen;
  options.each = [&](const Verdict& verdict) { seen.push_back(verdict.commit.id); };
  const ScanResult result = scan_commits(repository, engine(), commits, options);
  CHECK(seen == commits);
  CHECK(result.commits == 70);
  CHECK(result.needs_approval == 7);
  CHECK(result.allowed == 63);
  CHECK(result.verdicts.size() == 7);
}

TEST_CASE("what does not exist is undecided, and the others go on") {
  Scratch scratch;
  scratch.write("harmless", "1");
  const auto root = scratch.commit("root");
  git::Repository repository = scratch.open();
  const auto nothing = *model::ObjectId::from_hex(std::string(40, 'a'));
  const ScanResult result = scan_commits(repository, engine(), {nothing, root}, {});
  CHECK(result.verdicts[0].status == model::Status::undecided);
  CHECK(result.verdicts[0].decision == model::Decision::block);
  CHECK(result.verdicts[0].commit.id == nothing);
  CHECK(!result.verdicts[0].undecided.empty());
  CHECK(result.verdicts[1].status == model::Status::allowed);
}

TEST_CASE("what is staged is judged against HEAD") {
  Scratch scratch;
  scratch.write("harmless", "1");
  scratch.commit("root");
  scratch.write("danger", "1");
  scratch.git({"add", "-A"});
  git::Repository repository = scratch.open();
  const ScanResult result = scan_staged(repository, engine(), {});
  REQUIRE(result.verdicts.size() == 1);
  CHECK(result.verdicts[0].of == Verdict::Of::staged);
  CHECK(result.verdicts[0].status == model::Status::needs_approval);
}

}  // namespace
}  // namespace tollbar::gate
