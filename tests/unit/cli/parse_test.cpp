// The command line: where flags may stand, what is refused, what is offered instead.
#include <doctest/doctest.h>

#include "cli/arguments.h"
#include "util/error.h"

namespace tollbar::cli {
namespace {

std::string refusal(const std::vector<std::string>& words) {
  try {
    parse(words);
    return "";
  } catch (const util::UsageError& error) {
    return error.what();
  }
}

TEST_CASE("global flags stand before and after the command") {
  for (const auto& words : std::vector<std::vector<std::string>>{{"-C", "dir", "--policy", "p", "scan", "main..x"},
                                                                 {"scan", "-C", "dir", "--policy=p", "main..x"},
                                                                 {"-C", "dir", "scan", "main..x", "--policy", "p"}}) {
    const Arguments arguments = parse(words);
    REQUIRE(arguments.command != nullptr);
    CHECK(arguments.command->name == "scan");
    CHECK(arguments.value("-C") == "dir");
    CHECK(arguments.value("--policy") == "p");
    CHECK(arguments.words == std::vector<std::string>{"main..x"});
  }
}

TEST_CASE("commands of two words") {
  CHECK(parse({"rules", "list"}).command->name == "rules list");
  CHECK(parse({"rules", "test", "a/b", "c/d"}).words == std::vector<std::string>{"a/b", "c/d"});
  CHECK(parse({"policy", "check"}).command->name == "policy check");
  CHECK(parse({"policy", "--color", "never", "show", "--effective"}).has("--effective"));
}

TEST_CASE("outputs repeat, other flags take the last value") {
  const Arguments arguments = parse({"scan", "-o", "text", "--output=json=out.json", "-o", "jsonl=a=b", "--color",
                                     "always", "--color=never", "HEAD~2"});
  CHECK(arguments.values("--output") == std::vector<std::string>{"text", "json=out.json", "jsonl=a=b"});
  CHECK(arguments.value("--color") == "never");
  CHECK(arguments.words == std::vector<std::string>{"HEAD~2"});
}

TEST_CASE("a revision may be called like a command") {
  for (const std::string name : {"rules", "list", "scan", "policy", "explain"}) {
    CAPTURE(name);
    const Arguments arguments = parse({"scan", name});
    CHECK(arguments.command->name == "scan");
    CHECK(arguments.words == std::vector<std::string>{name});
  }
  CHECK(parse({"explain", "scan"}).words == std::vector<std::string>{"scan"});
}

TEST_CASE("nothing behind -- is a flag") {
  CHECK(parse({"hook", "pre-push", "--", "--policy", "scan"}).words ==
        std::vector<std::string>{"pre-push", "--policy", "scan"});
  CHECK_FALSE(parse({"hook", "pre-push", "--", "--policy", "x"}).has("--policy"));
  CHECK(parse({"hook", "commit-msg", "--"}).words == std::vector<std::string>{"commit-msg"});
  CHECK(refusal({"scan", "--", "a", "b"}) == "scan does not take `b`: tollbar scan [REV | A..B | A...B]");
}

TEST_CASE("what is wrong is named, with what was probably meant") {
  CHECK(refusal({"scna"}) == "there is no command `scna`; did you mean `scan`?");
  CHECK(refusal({"frobnicate"}) == "there is no command `frobnicate`");
  CHECK(refusal({"rules", "lst"}) == "there is no command `rules lst`; did you mean `list`?");
  CHECK(refusal({"scan", "--stagd"}) == "there is no flag `--stagd`; did you mean `--staged`?");
  CHECK(refusal({"--bogus", "scan"}) == "there is no flag `--bogus`");
  CHECK(refusal({"scan", "--exitzero=1"}) == "there is no flag `--exitzero`; did you mean `--exit-zero`?");
  CHECK(refusal({"--colour", "never", "scan"}).rfind("there is no flag `--colour`; did you mean `--color`?", 0) == 0);
  CHECK(refusal({"scan", "--color", "allways"}) ==
        "--color is one of auto, always, never, not `allways`; did you mean `always`?");
  CHECK(refusal({"scan", "--fail-on", "never"}) == "--fail-on is one of approve, block, not `never`");
  CHECK(refusal({"scan", "a", "b"}) == "scan does not take `b`: tollbar scan [REV | A..B | A...B]");
  CHECK(refusal({"explain"}) == "explain needs an argument: tollbar explain RULE | REV");
  CHECK(refusal({}).rfind("tollbar needs a command: scan, status, explain, map, approve, revoke, rules, policy, "
                          "approvals, break-glass, evidence, install, uninstall, doctor, hook, completion",
                          0) == 0);
  CHECK(refusal({"rules"}).rfind("tollbar rules needs a command: list, test", 0) == 0);
  CHECK(!refusal({"scan", "-o"}).empty());
  CHECK(refusal({"hook"}) == "hook needs an argument: tollbar hook NAME [ARGUMENT...] | agent");
}

TEST_CASE("help and version need nothing else") {
  CHECK(parse({"--version"}).has("--version"));
  CHECK(parse({"--version", "--json"}).has("--json"));
  CHECK(parse({"-h"}).has("--help"));
  CHECK(parse({"explain", "--help"}).command->name == "explain");
  CHECK(parse({"rules", "--help"}).group == "rules");
}

}  // namespace
}  // namespace tollbar::cli
