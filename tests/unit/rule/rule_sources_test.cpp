// The files of rules/ as the build reads them: examples in folders, matchers lent from rule to rule, and what is wrong.
#include "rule/rule_sources.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "document/formats.h"
#include "rule/rule_set.h"
#include "util/error.h"

namespace tollbar::rule {
namespace {

namespace fs = std::filesystem;

class Rules {
 public:
  Rules() : root_(fs::temp_directory_path() / ("tollbar-rules-" + std::to_string(getpid()))) {}
  ~Rules() { fs::remove_all(root_); }
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  void write(const std::string& path, std::string_view text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << text;
  }

  std::vector<RuleSource> read() const {
    const Kinds kinds(document::read_yaml("[]").roots.front());
    return read_rule_sources(root_, kinds);
  }

  /// What is complained about.
  std::string complaint() const {
    try {
      read();
    } catch (const util::UsageError& error) {
      return error.what();
    }
    return {};
  }

 private:
  fs::path root_;
};

constexpr std::string_view wipe =
    "title: Data wiped\nmatch:\n  - command: [wipe]\n    any: [now]\n    none: [test, dry]\n  - line: wipe\n"
    "examples:\n  - hit: one\n    after: {a.sh: wipe now}\n";

}  // namespace

TEST_CASE("examples of a rule's folder are examples of the rule") {
  const Rules rules;
  rules.write("data/kinds.yml", "[]");
  rules.write("destructive/wipe.yml", wipe);
  rules.write("destructive/wipe/more.yml", "examples:\n  - miss: two\n    after: {a.sh: wipe}\n");
  const auto read = rules.read();
  REQUIRE(read.size() == 1);
  CHECK(read[0].file == "rules/destructive/wipe.yml");
  CHECK(read[0].node.get("examples")->items.size() == 2);
}

TEST_CASE("a rule borrows the matchers over commands of another") {
  const Rules rules;
  rules.write("destructive/wipe.yml", wipe);
  rules.write("destructive/soft.yml",
              "match:\n  - like: destructive/wipe\n    all: [staging]\n    none: [dry]\n  - line: soft\n");
  const auto read = rules.read();
  REQUIRE(read.size() == 2);
  const auto& matchers = read[0].node.get("match")->items;
  REQUIRE(matchers.size() == 2);
  CHECK(matchers[0].get("command")->texts() == std::vector<std::string>{"wipe"});
  CHECK(matchers[0].get("any")->texts() == std::vector<std::string>{"now"});
  CHECK(matchers[0].get("all")->texts() == std::vector<std::string>{"staging"});
  CHECK(matchers[0].get("none")->texts() == std::vector<std::string>{"dry"});
  CHECK(matchers[0].get("like") == nullptr);
  CHECK(matchers[1].get("line") != nullptr);
}

TEST_CASE("a list takes over expressions by their name") {
  const Rules rules;
  rules.write("data/patterns.yml", "dry: [--dry-run, --what-if]\n");
  rules.write("destructive/wipe.yml",
              "match:\n  - command: [wipe]\n    none: [test, {named: dry}]\n    all: [{any_named: dry}]\n");
  const auto read = rules.read();
  const auto& matcher = read.at(0).node.get("match")->items.at(0);
  CHECK(matcher.get("none")->texts() == std::vector<std::string>{"test", "--dry-run", "--what-if"});
  CHECK(matcher.get("all")->texts() == std::vector<std::string>{"(?:--dry-run)|(?:--what-if)"});
  rules.write("destructive/wipe.yml", "match:\n  - command: [wipe]\n    none: [{named: drry}]\n");
  CHECK(rules.complaint() == "rules/destructive/wipe.yml:3: no pattern `drry` in data/patterns.yml");
}

TEST_CASE("what is wrong with a rule file is told with file and line") {
  const Rules rules;
  rules.write("destructive/wipe.yml", wipe);
  SUBCASE("a rule that nobody knows lends nothing") {
    rules.write("destructive/soft.yml", "match:\n  - like: destructive/whipe\n");
    CHECK(rules.complaint() == "rules/destructive/soft.yml:2: no rule `destructive/whipe`");
  }
  SUBCASE("an example in a folder") {
    rules.write("destructive/wipe/more.yml", "examples:\n  - miss: two\n    aftre: {a.sh: wipe}\n");
    CHECK(rules.complaint().find("destructive/wipe/more.yml:3: ") != std::string::npos);
  }
  SUBCASE("a file that nobody reads in one go") {
    rules.write("destructive/wipe.yml", std::string(wipe) + std::string(most_lines_of_a_rule, '\n'));
    CHECK(rules.complaint().find("put examples by subject into files of ") != std::string::npos);
  }
  SUBCASE("no YAML") {
    rules.write("destructive/soft.yml", "title: [");
    CHECK(rules.complaint().find("destructive/soft.yml:1: ") != std::string::npos);
  }
}

}  // namespace tollbar::rule
