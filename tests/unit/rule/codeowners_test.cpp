// How CODEOWNERS and .gitattributes name paths, and which paths of a tree are sensitive.
#include <doctest/doctest.h>

#include <string>

#include "document/formats.h"
#include "model/memory_tree.h"
#include "rule/checks/sensitive_paths.h"

using namespace tollbar;
using rule::names_path;

TEST_CASE("patterns without a slash name the last segment anywhere, and what is below it") {
  CHECK(names_path("*.js", "a/b/c.js"));
  CHECK(names_path("docs", "a/docs/b/c.md"));
  CHECK(names_path("docs/", "a/docs/b/c.md"));
  CHECK_FALSE(names_path("docs/", "docs"));
  CHECK_FALSE(names_path("docs", "docsy/a"));
  CHECK(names_path("*", "a/b"));
}

TEST_CASE("patterns with a slash start at the root") {
  CHECK(names_path("/.github/", ".github/workflows/ci.yml"));
  CHECK(names_path(".github/workflows", ".github/workflows/ci.yml"));
  CHECK_FALSE(names_path("/.github/", "sub/.github/workflows/ci.yml"));
  CHECK_FALSE(names_path("a/b", "x/a/b"));
}

TEST_CASE("a star at the end names only what stands directly there") {
  CHECK(names_path("docs/*", "docs/a.md"));
  CHECK_FALSE(names_path("docs/*", "docs/b/a.md"));
}

TEST_CASE("two stars cross folders where they are a whole segment") {
  CHECK(names_path("**/logs", "a/b/logs/x"));
  CHECK(names_path("/a/**/c", "a/c"));
  CHECK(names_path("/a/**/c", "a/b/b/c"));
  CHECK_FALSE(names_path("/a/**/c", "b/c"));
}

TEST_CASE("case counts, braces and brackets stand for themselves") {
  CHECK_FALSE(names_path("/.GitHub/", ".github/a"));
  CHECK_FALSE(names_path("*.{yml,yaml}", "a.yml"));
  CHECK_FALSE(names_path("[ab].c", "a.c"));
  CHECK(names_path("a\\*b", "a*b"));
  CHECK_FALSE(names_path("a\\*b", "axb"));
}

TEST_CASE("hostile patterns cost no more than their length") {
  std::string pattern, path;
  for (int i = 0; i < 200; ++i) pattern += "**/*a*a*a*/", path += "aaaaaaaaaaaaaaaaaaaab/";
  CHECK_FALSE(names_path(pattern + "x", path + "y"));
  CHECK_FALSE(names_path("", "a"));
}

TEST_CASE("sensitive paths: pipelines and what decides, not ordinary code") {
  const auto table = document::read_yaml(
      "[{kind: test-data, paths: ['**/tests/**']}, {kind: github-workflow, paths: ['.github/workflows/*.yml']},"
      " {kind: terraform, paths: ['*.tf'], unless: [test-data]}, {kind: shell-script, paths: ['*.sh']}]");
  const rule::Kinds kinds(table.root());
  model::MemoryTree tree({{".github/workflows/ci.yml", {"on: push\n"}},
                          {"src/main.c", {"int main;\n"}},
                          {"infra/main.tf", {"\n"}},
                          {"tests/fixtures/infra/main.tf", {"\n"}},
                          {"build.sh", {"make\n"}}});
  const auto any = [](std::string_view) { return true; };
  using Paths = std::vector<std::string>;
  CHECK(rule::sensitive_paths(tree, kinds, rule::Breadth::deciding, any) ==
        Paths{".github/workflows/another.yml", ".github/workflows/ci.yml", "infra/main.tf"});
  CHECK(rule::sensitive_paths(tree, kinds, rule::Breadth::executed_too, any) ==
        Paths{".github/workflows/another.yml", ".github/workflows/ci.yml", "build.sh", "infra/main.tf"});
  CHECK(rule::sensitive_paths(tree, kinds, rule::Breadth::deciding,
                              [](std::string_view path) { return path == "infra/main.tf"; }) == Paths{"infra/main.tf"});
}
