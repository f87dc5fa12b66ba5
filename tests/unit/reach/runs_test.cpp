// A script that jobs enter alike is followed once, and every job is told what it would have been told alone.
#include "reach/runs.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "fixture.h"
#include "neighbours.h"

using namespace tollbar;
using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

const std::string script = "set -e\necho a\necho b\n./more.sh\npytest $WHAT\n";
const std::string more = "cd sub\nmake check\ntrue\ntrue\n";

}  // namespace

TEST_CASE("each job has the lines of its own calls") {
  const Files files{{kCi, head + job("a", "", {"./t.sh"}) + job("b", "", {"true", "./t.sh"}) +
                              job("c", "    env: {WHAT: unit}\n", {"./t.sh || true"})},
                    {"t.sh", script},
                    {"more.sh", more},
                    {"sub/Makefile", "include rules.mk\ncheck:\n\ttox\n"},
                    {"sub/rules.mk", "X = 1\n"}};
  const auto text = Asked().of(files);
  INFO(text);
  CHECK(text.find("pytest $WHAT @t.sh:5 in  fatal <- t.sh::7:verified") != std::string::npos);
  CHECK(text.find("pytest $WHAT @t.sh:5 in  fatal <- t.sh::14:verified") != std::string::npos);
  CHECK(text.find("pytest $WHAT @t.sh:5 in  <- t.sh::20:verified WHAT=unit") != std::string::npos);
  Files moved = files;
  moved[kCi] = "# moved\n\n" + files.at(kCi);
  check_alike({files, moved, files});
}

TEST_CASE("a run is looked for anew where anything it looked at differs") {
  const Files files{{kCi, head + job("a", "", {"./t.sh"}) + job("b", "", {"./t.sh"})},
                    {"t.sh", script},
                    {"more.sh", more},
                    {"sub/Makefile", "-include rules.mk\ncheck:\n\ttox\n"}};
  std::vector<Files> trees{files};
  const auto with = [&](const std::string& path, const std::string& bytes) {
    trees.push_back(files);
    trees.back()[path] = bytes;
    trees.push_back(files);
  };
  with("sub/rules.mk", "check: first\nfirst:\n\t./deep.sh\n");
  with("sub/Makefile", "check:\n\ttrue\n");
  with("more.sh", "true\n");
  with("sub/GNUmakefile", "check:\n\tfalse\n");
  trees.push_back(files);
  trees.back().erase("more.sh");
  trees.push_back(files);
  check_alike(trees);
}

TEST_CASE("what a job knows decides: its variables, its legs, copies and aliases, what it entered before") {
  const std::string by_name = "echo 1\necho 2\n\"./$WHICH.sh\"\nsend\n";
  const Files files{
      {kCi,
       head + job("a", "    env: {WHICH: x}\n", {"./t.sh"}) + job("b", "    env: {WHICH: y}\n", {"./t.sh"}) +
           job("c", "    strategy: {matrix: {WHICH: [x, y]}}\n    env: {WHICH: '${{ matrix.WHICH }}'}\n", {"./t.sh"}) +
           job("d", "    strategy: {matrix: {WHICH: [y]}}\n    env: {WHICH: '${{ matrix.WHICH }}'}\n", {"./t.sh"}) +
           job("e", "", {"echo WHICH=x >> $GITHUB_ENV", "./t.sh"}) +
           job("f", "", {"cp x.sh /usr/local/bin/send", "./t.sh"}) + job("g", "", {"./t.sh", "./t.sh"}) +
           job("h", "", {"./x.sh; ./t.sh"})},
      {"t.sh", by_name},
      {"x.sh", "true\n./y.sh\n"},
      {"y.sh", "tox\n"}};
  const auto text = Asked().of(files);
  CHECK(text.find("a\n") != std::string::npos);
  check_alike({files});
  Files fewer = files;
  fewer.erase("y.sh");
  check_alike({files, fewer, files});
}

TEST_CASE("what a script leaves to the job is left by every job that runs it") {
  const Files files{
      {kCi, head + job("a", "", {"./t.sh", "./$NEXT.sh"}) + job("b", "", {"./t.sh", "./$NEXT.sh", "send"})},
      {"t.sh", "true\ntrue\necho NEXT=x >> $GITHUB_ENV\ncp y.sh /usr/local/bin/send\n"},
      {"x.sh", "tox\n"},
      {"y.sh", "pytest\n"}};
  const auto text = Asked().of(files);
  const auto first = text.find("tox @x.sh:1");
  REQUIRE(first != std::string::npos);
  CHECK(text.find("tox @x.sh:1", first + 1) != std::string::npos);
  CHECK(text.find("pytest @y.sh:1") != std::string::npos);
  check_alike({files});
}

TEST_CASE("scripts inside scripts and packages run alike whatever was followed before") {
  const auto package = [](const std::string& name, const std::string& scripts) {
    return "{\n  \"name\": \"" + name + "\",\n  \"scripts\": {\n" + scripts + "\n  }\n}\n";
  };
  const std::string own = "    \"build\": \"../../build.sh\",\n    \"test\": \"pnpm run build && pytest\"";
  const Files files{{kCi, head + job("a", "", {"pnpm -r run test"}) + job("b", "", {"true", "pnpm -r run test"}) +
                              job("c", "    env: {WHAT: unit}\n", {"pnpm run all"}) +
                              job("d", "", {"cd packages/b && pnpm run build; cd ../..; pnpm -r run test"}) +
                              job("e", "", {"pnpm --filter b --filter d run test", "pnpm run all"})},
                    {"package.json", package("root", "    \"all\": \"pnpm -r run build && pnpm -r run test\"")},
                    {"pnpm-workspace.yaml", "packages: [packages/*]\n"},
                    {"build.sh", "tsc\n./more.sh\nmake x\ntox $WHAT\n"},
                    {"more.sh", "true\n"},
                    {"packages/a/package.json", package("a", own)},
                    {"packages/b/package.json", package("b", own)},
                    {"packages/c/package.json", package("c", "    \"test\": \"cd ../b && pnpm run build\"")}};
  std::vector<Files> trees{files};
  const auto with = [&](const std::string& path, const std::string& text) {
    trees.push_back(files);
    trees.back()[path] = text;
    trees.push_back(files);
  };
  with("packages/b/package.json", package("b", "    \"test\": \"pytest --last-failed\""));
  with("packages/b/package.json", package("b", "    \"x\": \"true\",\n" + own));
  with("packages/c/package.json", package("c", own));
  with("packages/d/package.json", package("d", own));
  with("build.sh", "true\n");
  with("more.sh", "false\n");
  with("pnpm-workspace.yaml", "packages: [packages/a, packages/c]\n");
  with("package.json", package("root", "    \"all\": \"pnpm -r run test\""));
  trees.push_back(files);
  trees.back().erase("packages/a/package.json");
  trees.push_back(files);
  check_alike(trees);
  const auto text = Asked().of(files);
  CHECK(text.find("pytest @packages/b/package.json:5") != std::string::npos);
}
