// What a failing command does to its script, compared with what bash does when that command fails.
#include <doctest/doctest.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "document/shell.h"

using namespace tollbar::document;

namespace {

struct Observed {
  bool fails = false, ran = false;
};

/// Runs each script in bash with a command PROBE that leaves a mark and fails; one bash runs them all.
std::vector<Observed> run_in_bash(const std::vector<std::string>& scripts) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("tollbar-flow-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  {
    std::ofstream out(folder / "scripts", std::ios::binary);
    for (const std::string& script : scripts) out << script << '\0';
    std::ofstream driver(folder / "driver", std::ios::binary);
    driver << "export MARK='" << (folder / "mark").string() << "'\n"
           << "PROBE() { : >\"$MARK\"; return 1; }\nexport -f PROBE\n"
           << "while IFS= read -r -d '' script; do\n  rm -f \"$MARK\"\n"
           // What the script leaves in the background holds the pipe open, and is waited for.
           << "  rest=$(timeout 5 bash -c \"$script\" 3>&1 >/dev/null 2>&1 </dev/null); status=$?\n"
           << "  ran=0; [ -e \"$MARK\" ] && ran=1\n  echo \"$status $ran\"\ndone <'" << (folder / "scripts").string()
           << "'\n";
  }
  std::vector<Observed> observed;
  if (FILE* pipe = popen(("bash '" + (folder / "driver").string() + "'").c_str(), "r")) {
    int status = 0, ran = 0;
    while (std::fscanf(pipe, "%d %d", &status, &ran) == 2) observed.push_back({status != 0, ran != 0});
    pclose(pipe);
  }
  std::filesystem::remove_all(folder);
  return observed;
}

const Command* probe_of(const Script& script) {
  const auto found = std::find_if(script.commands.begin(), script.commands.end(),
                                  [](const Command& command) { return command.program() == "PROBE"; });
  return found == script.commands.end() ? nullptr : &*found;
}

void compare_with_bash(const std::vector<std::string>& scripts) {
  const std::vector<Observed> observed = run_in_bash(scripts);
  REQUIRE(observed.size() == scripts.size());
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    CAPTURE(scripts[i]);
    const Script script = parse_shell(scripts[i]);
    CHECK(script.problems.empty());
    const Command* probe = probe_of(script);
    REQUIRE(probe != nullptr);
    CHECK(probe->context.unreachable == !observed[i].ran);
    if (!observed[i].ran) continue;
    CHECK(probe->context.fatal == observed[i].fails);
    CHECK(probe->context.masked == !observed[i].fails);
  }
}

/// Scripts from a small grammar, each with one PROBE at a random place.
class ScriptMaker {
 public:
  explicit ScriptMaker(unsigned seed) : random_(seed) {}

  std::string make() {
    std::string script = "status=0\n";
    static constexpr std::array<const char*, 6> starts{"",
                                                       "set -e\n",
                                                       "set -eo pipefail\n",
                                                       "set -o pipefail\n",
                                                       "trap 'exit 0' EXIT\n",
                                                       "set -e\ntrap 'exit 3' ERR\n"};
    script += starts[pick(starts.size())];
    return script + list(3, true);
  }

 private:
  std::size_t pick(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  std::string list(int depth, bool with_probe) {
    const std::size_t count = 1 + pick(3), place = pick(count);
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += statement(depth, with_probe && i == place) + "\n";
    return out;
  }

  std::string simple(bool probe) {
    static constexpr std::array<const char*, 7> harmless{"true x",    "echo x >&2", "true",        ":",
                                                         "status=$?", "x=1",        "printf x >&2"};
    return probe ? "PROBE" : harmless[pick(harmless.size())];
  }

  std::string function(const std::string& body, const std::string& after) {
    const std::string name = "f" + std::to_string(++functions_);
    return "{ " + name + "() {\n" + body + "}\n" + name + after + "\n}";
  }

  std::string constant() { return pick(2) == 0 ? "true" : "false"; }

  std::string statement(int depth, bool probe) {
    if (depth == 0) return simple(probe);
    const auto inner = [&](bool with) { return statement(depth - 1, with && probe); };
    const auto body = [&](bool with) { return list(depth - 1, with && probe); };
    const bool first = pick(2) == 0;
    switch (pick(22)) {
      case 0:
        return inner(first) + " && " + inner(!first);
      case 1:
        return inner(first) + " || " + inner(!first);
      case 2:
        return inner(true) + " || " + constant();
      case 3:
        return inner(true) + " || exit " + std::to_string(pick(2));
      case 4:
        return inner(true) + " || { echo failed >&2; exit 1; }";
      case 5:
        return "if " + inner(first) + "; then\n" + body(!first) + "fi";
      case 6:
        return "if ! " + inner(true) + "; then exit 1; fi";
      case 7:
        return "if " + inner(true) + "; then :; else " + constant() + "; fi";
      case 8:
        return "{ ! " + inner(true) + "\n}";
      case 9:
        return inner(first) + " | " + inner(!first);
      case 10:
        return "{ " + body(true) + "}";
      case 11:
        return "( " + body(true) + ")";
      case 12:
        return "for i in a b; do\n" + body(true) + "done";
      case 13:
        return "while " + inner(true) + "; do break; done";
      case 14:
        return function(body(true), "");
      case 15:
        return function(body(true), " || echo failed >&2");
      case 16:
        return constant() + " && " + inner(true);
      case 17:
        return inner(true) + " || status=$?\n" + inner(false) + "\n[ \"$status\" = 1 ] && exit 1";
      case 18:
        return "x=$( " + body(true) + ")";
      case 19:
        return "echo $( " + body(true) + ") >&2";
      case 20:
        return "if " + constant() + "; then\n" + body(first) + "else\n" + body(!first) + "fi";
      default:
        return simple(probe);
    }
  }

  std::mt19937 random_;
  unsigned functions_ = 0;
};

}  // namespace

TEST_CASE("a failure does what it does in bash: idioms") {
  compare_with_bash({
      "PROBE",
      "PROBE; true",
      "PROBE; exit 0",
      "set -e; PROBE; true",
      "set -o errexit; PROBE; true",
      "set -e; set +e; PROBE; true",
      "set -euo pipefail; PROBE | cat; true",
      "set -e; PROBE | cat; true",
      "set -o pipefail; PROBE | cat",
      "PROBE | cat",
      "cat /dev/null | PROBE",
      "PROBE || true",
      "PROBE || :",
      "PROBE || echo failed",
      "PROBE || exit 0",
      "PROBE || exit 1",
      "PROBE || { echo failed; exit 1; }; true",
      "PROBE || (exit 1); true",
      "set -e; PROBE && true; true",
      "set -e; true && PROBE; true",
      "PROBE && true",
      "if PROBE; then true; fi",
      "if PROBE; then true; else exit 2; fi",
      "if ! PROBE; then exit 1; fi; true",
      "if ! PROBE; then echo warning; fi; true",
      "if PROBE; then :; elif true; then exit 4; fi",
      "! PROBE",
      "PROBE; status=$?; true; exit $status",
      "PROBE; status=$?; status=0; exit $status",
      "status=0; PROBE || status=$?; echo done; exit $status",
      "status=0; PROBE || status=1; if [ $status -ne 0 ]; then exit 1; fi; true",
      "failed=; PROBE || failed=yes; [ -z \"$failed\" ]",
      "failed=; PROBE || failed=yes; if [[ -n $failed ]]; then exit 1; fi; echo fine",
      "PROBE | cat; exit ${PIPESTATUS[0]}",
      "PROBE | cat; exit ${PIPESTATUS[1]}",
      "PROBE & wait",
      "PROBE & wait $!",
      "PROBE &",
      "trap 'exit 0' EXIT; PROBE",
      "set -e; trap 'exit 0' ERR; PROBE; true",
      "set -e; trap 'echo failed' EXIT; PROBE; true",
      "trap 'exit 5' ERR; PROBE; true",
      "set -e; trap 'exit 0' EXIT; trap - EXIT; PROBE",
      "f() { PROBE; }; f",
      "f() { PROBE; true; }; f",
      "set -e; f() { PROBE; true; }; f",
      "set -e; f() { PROBE; true; }; f || exit 1",
      "f() { PROBE || return 1; true; }; f; true",
      "f() { PROBE || return 1; true; }; f",
      "f() { PROBE; }; true",
      "(PROBE); true",
      "set -e; (PROBE; true); true",
      "set -e; (PROBE && true); true",
      "set -e; { PROBE && true; }; true",
      "bash -c 'PROBE'",
      "bash -c 'PROBE; true'",
      "bash -ec 'PROBE; true'",
      "bash -e -c 'PROBE; true'",
      "bash -eo pipefail -c 'PROBE | cat'",
      "env bash -c 'PROBE'",
      "timeout 60 bash -c 'PROBE'",
      "eval 'PROBE'",
      "eval \"PROBE || true\"",
      "bash <<'END'\nPROBE\nEND",
      "bash -e <<END\nPROBE\ntrue\nEND",
      "bash <<< 'PROBE'",
      "echo 'PROBE' | bash",
      "exec bash -c 'PROBE'",
      "false && PROBE",
      "true || PROBE",
      "if false; then PROBE; fi",
      "if true; then PROBE; fi",
      "[ 1 = 2 ] && PROBE",
      "[ 1 = 1 ] && PROBE",
      "[[ a == b ]] && PROBE",
      "while false; do PROBE; done",
      "exit 0; PROBE",
      "exec true; PROBE",
      "return 0; exit 0; PROBE",
      "x=$(PROBE)",
      "set -e; x=$(PROBE); true",
      "set -e; export x=$(PROBE); true",
      "set -e; echo \"$(PROBE)\"",
      "set -e; x=`PROBE`; true",
      "for i in 1 2 3; do PROBE && break; done; true",
      "for i in 1 2 3; do PROBE && exit 0; done; exit 1",
      "for i in 1 2 3; do if PROBE; then exit 0; fi; done; exit 1",
      "set -e; for i in 1 2; do PROBE; done; true",
      "case a in a) PROBE ;; *) true ;; esac",
      "case b in a) PROBE ;; *) true ;; esac",
      "case a in (b|a) PROBE || exit 3;; esac; true",
      "main() { set -e; PROBE; true; }; main \"$@\"; true",
      "cmd=PROBE; $cmd; true",
      "PROBE 2>&1 | cat >/dev/null; test ${PIPESTATUS[0]} -eq 0",
      "PROBE; [ $? -eq 0 ] || exit 7; true",
      "PROBE; if [ $? -ne 0 ]; then echo no; exit 1; fi; true",
      "PROBE; rc=$?; if [ \"$rc\" != 0 ]; then exit \"$rc\"; fi; true",
      "run() { \"$@\"; }; run PROBE || true; PROBE",
  });
}

TEST_CASE("a failure does what it does in bash: counters") {
  compare_with_bash({
      "n=0; PROBE || n=$((n + 1)); if [ $n -gt 0 ]; then exit 1; fi; echo fine",
      "n=0; PROBE || n=$(($n+1)); [[ ${n} -ne 0 ]] && exit 1; echo fine",
      "n=0; PROBE || n=$((n + 1)); if [[ $n -gt 1 ]]; then exit 1; fi; echo fine",
      "n=0; PROBE || n=$((n + 1)); if [ $n -gt 0 ]; then echo failed; fi; echo fine",
      "n=0; PROBE || n=$((n - 1)); if [ $n -gt 0 ]; then exit 1; fi; echo fine",
      "n=0; PROBE || ((n++)); exit $n",
      "n=0; PROBE || (( ++n )); exit $n",
      "n=0; PROBE || ((n += 2)); exit $((n > 0))",
      "n=0; PROBE || let n++; exit $n",
      "n=0; PROBE || let 'n += 1'; ((n == 0))",
      "n=0; PROBE || n=$((n+1)); if ((n > 0)); then exit 1; fi; true",
      "n=0; PROBE || n=$((n+1)); if ((n)); then exit 1; fi; true",
      "n=0; PROBE || n=$((n+1)); if ((n > 3)); then exit 1; fi; true",
      "f() { PROBE; }; n=0; f || n=$((n + 1)); if [[ $n -gt 0 ]]; then exit 1; fi; echo fine",
      "set -e; n=0; PROBE || ((n++)); true",
      "i=0; while ((i < 3)); do PROBE && break; ((i++)); done; true",
      "i=0; while ((i < 3)); do PROBE && exit 0; i=$((i+1)); done; exit 1",
  });
}

TEST_CASE("a failure does what it does in bash: random scripts") {
  std::vector<std::string> scripts;
  ScriptMaker maker(20240229);
  while (scripts.size() < 400) {
    const std::string script = maker.make();
    if (script.find("PROBE") == script.rfind("PROBE") && script.size() < 400) scripts.push_back(script);
  }
  compare_with_bash(scripts);
}

TEST_CASE("how a shell is started decides") {
  ShellOptions strict;
  strict.errexit = strict.pipefail = true;
  CHECK(parse_shell("check\ntrue", strict).commands[0].context.fatal);
  CHECK(parse_shell("check | tee log\ntrue", strict).commands[0].context.fatal);
  CHECK(parse_shell("check\ntrue").commands[0].context.masked);
  CHECK(parse_shell("#!/bin/bash -e\ncheck\ntrue").commands[0].context.fatal);
  CHECK(parse_shell("#!/usr/bin/env -S bash -eu\ncheck\ntrue").commands[0].context.fatal);
  CHECK(parse_shell("set +e\ncheck\ntrue", strict).commands[1].context.masked);
  CHECK(parse_shell("echo 'exit 0'\ncheck", strict).commands[1].context.fatal);
}

TEST_CASE("conditions that are not known are taken both ways") {
  const auto context = [](const char* text, std::string_view program) {
    for (const Command& command : parse_shell(text, {true, false, 1}).commands)
      if (command.program() == program) return command.context;
    FAIL("no such command");
    return CommandContext{};
  };
  for (const char* text :
       {"if [ -f x ]; then check; fi", "[ -f x ] && check", "[ -f x ] || check", "case $1 in a) check;; esac",
        "command -v check >/dev/null && check", "while read -r x; do check; done", "for x in $(ls); do check; done",
        "if a; then :; elif b; then check; else c; fi",
        "if [ -n \"$X\" ]; then exit 0; fi; check\n[ -n \"$X\" ] && check", "f() { check; }; if a; then f; fi"}) {
    CAPTURE(text);
    const CommandContext found = context(text, "check");
    CHECK_FALSE(found.unreachable);
    CHECK(found.fatal);
  }
  CHECK(context("[ -f x ] && check", "check").conditional);
  CHECK(context("if [ -f x ]; then check; fi", "check").conditional);
  CHECK(context("f() { check; }; if a; then f; fi", "check").conditional);
  CHECK_FALSE(context("f() { check; }; f", "check").conditional);
  CHECK(context("if command -v check >/dev/null; then check; fi; true", "command").masked);
  CHECK(context("[ -z \"$X\" ] && exit 0\ncheck", "check").fatal);
  CHECK(context("a || exit 1\ncheck", "check").fatal);
  CHECK(context("until check; do sleep 1; done", "check").fatal);
  CHECK(context("while ! check; do sleep 1; done", "check").fatal);
  CHECK(context("status=0\na || status=$?\ncheck || status=$?\nb || status=$?\nexit $status", "check").fatal);
  for (const char* count : {"n=$((n + 1))", "((n++))", "((n+=1))", "let n++"})
    for (const char* end : {"exit $n", "[ $n -eq 0 ]", "((n == 0))", "if [[ $n -gt 0 ]]; then exit 1; fi; true",
                            "if ((n > 0)); then exit 1; fi; true", "exit $((n > 0))"}) {
      const std::string raise = std::string(" || ") + count + "\n";
      const std::string text = "set +e\nn=0\na" + raise + "check" + raise + "b" + raise + end;
      CAPTURE(text);
      CHECK(context(text.c_str(), "check").fatal);
    }
  CHECK(context("set +e\nn=0\na || n=$((n+1))\ncheck || n=$((n+1))\nif ((n > 1)); then exit 1; fi\ntrue", "check")
            .masked);
  CHECK(context("set +e\na || n=$((n+1))\ncheck || n=$((m+1))\nif ((n > 0)); then exit 1; fi\ntrue", "check").masked);
  CHECK(context("trap 'check' INT\na", "check").unreachable == false);
  CHECK(context("case \"$1\" in build) check;; esac; true", "check").fatal);
  CHECK_FALSE(context("build() { check; }\n\"$1\"", "check").unreachable);
}

TEST_CASE("ways that exclude each other and call the same function are all taken") {
  const auto reached = [](const std::string& text) {
    const auto script = parse_shell(text, {true, false, 1});
    return std::count_if(script.commands.begin(), script.commands.end(), [](const Command& command) {
      return command.program() == "run" && !command.context.unreachable && command.context.fatal;
    });
  };
  const std::string run = "run() { \"$@\"; }\n";
  CHECK(reached(run + "all() { case $1 in a) run one;; b) run two;; *) run three;; esac; }\nall x") == 3);
  CHECK(reached(run + "all() { if a; then run one; elif b; then run two; else run three; fi; }\nall") == 3);
  CHECK(reached(run + "all() { if false; then run one; else run two; fi; }\nall") == 1);
}

TEST_CASE("leaving by another name, and programs that are another file") {
  const auto context = [](const std::string& before) {
    for (const Command& command : parse_shell(before + "\ncheck", {true, false, 1}).commands)
      if (command.program() == "check") return command.context;
    return CommandContext{};
  };
  CHECK(context("builtin exit 0").unreachable);
  CHECK(context("command exit").unreachable);
  CHECK_FALSE(context("command -v exit").unreachable);
  CHECK(context("hash -p /bin/true check").shadowed);
  CHECK_FALSE(context("hash -r").shadowed);
}

TEST_CASE("pipelines set CI") {
  const auto reached = [](const std::string& before) {
    for (const Command& command : parse_shell(before + "\ncheck", {true, false, 1}).commands)
      if (command.program() == "check") return !command.context.unreachable;
    return false;
  };
  for (const char* text :
       {"if [ -n \"$CI\" ]; then exit 0; fi", "[ -n \"${CI:-}\" ] && exit 0", "test \"$CI\" = true && exit 0",
        "[ -z \"$CI\" ] || exit 0", "[[ -n $GITLAB_CI ]] && exit", "if [ \"${CI:-false}\" = true ]; then exit 0; fi"}) {
    CAPTURE(text);
    CHECK_FALSE(reached(text));
  }
  for (const char* text :
       {"if [ -z \"$CI\" ]; then exit 0; fi", "[ -n \"$CI\" ] || exit 0", "[ -n \"$OTHER\" ] && exit 0",
        "CI=; [ -n \"$CI\" ] && exit 0", "[ \"${OTHER:-true}\" = true ] && exit 0"}) {
    CAPTURE(text);
    CHECK(reached(text));
  }
}

TEST_CASE("what is defined in the script shadows the program") {
  CHECK(parse_shell("pytest() { :; }\npytest -q").commands.back().context.shadowed);
  CHECK(parse_shell("function pytest { return 0; }\npytest -q").commands.back().context.shadowed);
  CHECK(parse_shell("alias pytest=true\npytest").commands.back().context.shadowed);
  CHECK(parse_shell("pytest() { :; }\nexit 0\npytest").commands.back().context.shadowed);  // not gone through
  CHECK_FALSE(parse_shell("pytest\npytest() { :; }").commands.front().context.shadowed);
  CHECK_FALSE(parse_shell("helper() { :; }\npytest").commands.back().context.shadowed);
  CHECK_FALSE(parse_shell("( pytest() { :; } )\npytest").commands.back().context.shadowed);
  CHECK_FALSE(parse_shell("( pytest() { :; }; other )\npytest").commands.back().context.shadowed);
  CHECK(parse_shell("( pytest() { :; }; pytest )").commands.back().context.shadowed);
  CHECK(parse_shell("{ pytest() { :; }; }\npytest").commands.back().context.shadowed);
  CHECK(parse_shell("( pytest() { :; } )\npytest() { :; }\npytest").commands.back().context.shadowed);
}

TEST_CASE("forced success") {
  for (const char* text : {"check\nexit 0", "check || true", "check; true", "trap 'exit 0' EXIT\ncheck",
                           "check; echo done", "if check; then :; fi; true", "check | tee log; :"})
    CHECK_MESSAGE(parse_shell(text).forced_success, text);
  for (const char* text : {"check", "set -e\ncheck\nexit 0", "check || exit 1\nexit 0", "a || true\ncheck",
                           "check && true", "check; rc=$?; exit $rc", ""})
    CHECK_MESSAGE(!parse_shell(text).forced_success, text);
}

TEST_CASE("large and hostile scripts end, and say where they were not followed") {
  std::string many;
  for (int i = 0; i < 20000; ++i) many += "command_" + std::to_string(i) + " || x" + std::to_string(i) + "=1\n";
  CHECK(parse_shell(many).commands.size() == 40000);
  std::string functions;
  for (int i = 0; i < 300; ++i)
    functions += "f" + std::to_string(i) + "() { f" + std::to_string((i + 1) % 300) + "; f" +
                 std::to_string((i + 7) % 300) + "; \"$@\"; }\n";
  CHECK(parse_shell(functions + "f0\n").commands.size() > 600);
  CHECK(parse_shell("f() { f | f & }; f").commands.size() == 3);
  CHECK(parse_shell("while true; do while true; do while true; do a; done; done; done; b").commands.size() == 5);
}

TEST_CASE("a command is guarded where a condition before it may have ended the script with success") {
  const auto guarded = [](const std::string& before) {
    for (const Command& command : parse_shell(before + "\ncheck", {true, false, 1}).commands)
      if (command.program() == "check") return command.context.guarded;
    FAIL("no such command");
    return false;
  };
  for (const char* text :
       {"[ -f done ] && exit 0", "[ \"${SKIP:-1}\" = 1 ] && exit", "command -v tool >/dev/null || exit 0",
        "if [ -n \"$CI\" ]; then echo skipped; exit 0; fi", "if a; then b; elif c; then exit; fi",
        "[ -z \"$X\" ] && { echo skipped; exit 0; }", "case $HOST in build*) exit 0 ;; esac",
        "for file in *.lock; do [ -e $file ] && exit 0; done", "a; if [ $X = 1 ]; then if b; then exit 0; fi; fi"}) {
    CAPTURE(text);
    CHECK(guarded(text));
  }
  for (const char* text :
       {"a && b", "command -v tool >/dev/null || exit 1", "command -v tool >/dev/null || exit",
        "( [ -f x ] && exit 0 )", "if [ -f x ]; then exit 2; fi", "[ \"$1\" = --help ] && exit 0",
        "case \"$1\" in -h) usage; exit 0 ;; esac", "if [ $# -eq 0 ]; then usage; exit 0; fi",
        "while getopts h opt; do case $opt in h) exit 0 ;; esac; done",
        "for argument in \"$@\"; do case $argument in --help) exit 0 ;; esac; done",
        "command=${1:-all}; if [ $command = list ]; then exit 0; fi", "local mode=$2; [ $mode = none ] && exit 0",
        "leave() { [ -f x ] && return 0; b; }; leave"}) {
    CAPTURE(text);
    CHECK_FALSE(guarded(text));
  }
  for (const Command& command : parse_shell("f() { [ -f x ] && return 0; check; }; f", {true, false, 1}).commands)
    if (command.program() == "check") CHECK(command.context.guarded);
}
