// A script that jobs enter alike is followed once, and every job is told what it would have been told alone.
#include "reach/script_runs.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "fixture.h"
#include "reach/execution_cache.h"

using namespace tollbar;
using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

std::string shown(const Chain& chain) {
  std::string text;
  for (const auto& link : chain)
    text += " <- " + link.path + ":" + link.part + ":" + std::to_string(link.line) + ":" +
            std::string(to_string(link.certainty));
  return text;
}

/// Everything that is said of an execution, as text.
std::string shown(const Execution& execution) {
  std::string text;
  for (const auto* step : steps_of(execution)) {
    text += step->context + "\n";
    for (const auto& command : step->commands) {
      text += "  " + command.command->text() + " @" + command.path + ":" + std::to_string(command.line) + " in " +
              command.working_directory + (command.fatal ? " fatal" : "") + (command.unreachable ? " dead" : "") +
              (command.followed ? " followed" : "") + shown(command.chain);
      for (const auto& [name, value] : *command.env) text += " " + name + "=" + value;
      text += "\n";
    }
    for (const auto& file : step->files) text += "  file " + file.path + ":" + file.part + shown(file.chain) + "\n";
    for (const auto& hook : step->hooks) text += "  hook " + hook.id + shown(hook.chain) + "\n";
    for (const auto& call : step->unknown) text += "  unknown " + call.text + shown(call.chain) + "\n";
  }
  for (const auto& pipeline : execution.pipelines) {
    for (const auto& path : pipeline->dependence.consulted) text += "consulted " + path + "\n";
    for (const auto& path : pipeline->dependence.listed) text += "listed " + path + "\n";
    for (const auto& problem : pipeline->problems) text += "problem " + problem + "\n";
  }
  return text;
}

class Asked {
 public:
  std::string of(const Files& files) {
    auto tree = tree_of(files, model::FileMode::executable);
    return shown(*cache_.of(tree, shipped(), documents_, scripts_, profile_));
  }

 private:
  ExecutionCache cache_;
  pipeline::DocumentCache documents_;
  ScriptCache scripts_;
  util::Profile profile_;
};

/// Trees one after the other: what earlier ones left says nothing else than a fresh look.
void check_alike(const std::vector<Files>& trees) {
  Asked together;
  for (const auto& files : trees) {
    const auto expected = Asked().of(files);
    CHECK(together.of(files) == expected);
    CHECK(together.of(files) == expected);
  }
}

const std::string script = "set -e\necho a\necho b\n./more.sh\npytest $WHAT\n";
const std::string more = "cd sub\nmake check\ntrue\ntrue\n";

std::string job(const std::string& name, const std::string& extra, const std::vector<std::string>& commands) {
  return "  " + name + ":\n    runs-on: ubuntu-latest\n" + extra + "    steps:\n" + steps(commands);
}

const std::string head = "on: [pull_request]\njobs:\n";

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
