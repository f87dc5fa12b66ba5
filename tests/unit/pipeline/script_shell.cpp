// Lines of cmd.exe as a POSIX shell would read them.
#include "pipeline/readers/script_shell.h"

#include <doctest/doctest.h>

#include <string>

#include "document/shell.h"

using tollbar::pipeline::posix_from_batch;

TEST_CASE("batch: variables, calls, comments and separators") {
  CHECK(posix_from_batch("@call build\\run.bat %TARGET% & echo done") == "build/run.bat ${TARGET} || :; echo done");
  CHECK(posix_from_batch("REM make\n:: make\nmake") == "#\n#\nmake");
}

TEST_CASE("batch: leaving a script") {
  CHECK(posix_from_batch("pytest & exit /b 0") == "pytest || :; exit 0");
  CHECK(posix_from_batch("pytest & exit /b %errorlevel%") == "pytest ; exit ${errorlevel}");
  CHECK(posix_from_batch("exit /b") == "exit");
}

TEST_CASE("PowerShell is read where it holds nothing but calls") {
  using tollbar::pipeline::posix_from_plain_powershell;
  CHECK(posix_from_plain_powershell("npm ci\n.\\tools\\check.exe -v\n") == "npm ci\n./tools/check.exe -v\n");
  for (const auto* script : {"$x = 1", "if (Test-Path a) { b }", "a | b", "try { a } catch { b }"})
    CHECK(posix_from_plain_powershell(script).empty());
  CHECK(tollbar::pipeline::read_plain_powershell("a\nb\n", 1).commands.front().context.fatal);
  for (const auto* script : {"a\nexit 0\n", "a; exit 0", "a;exit 0;\n"})
    CHECK_FALSE(tollbar::pipeline::read_plain_powershell(script, 1).commands.front().context.fatal);
  CHECK(tollbar::pipeline::read_plain_powershell("a; b", 1).commands.size() == 2);
}

TEST_CASE("batch: a condition before a command") {
  CHECK(posix_from_batch("if defined MINIMAL cargo check") == "if [ -n \"${MINIMAL}\" ]; then cargo check; fi");
  CHECK(posix_from_batch("IF NOT exist out\\x mkdir out") == "if ! [ -e \"out/x\" ]; then mkdir out; fi");
  CHECK(posix_from_batch("if /i \"%A%\"==\"b\" if errorlevel 1 exit 1") ==
        "if [ \"\"${A}\"\" = \"\"b\"\" ]; then if [ \"$?\" -ge 1 ]; then exit 1; fi; fi");
  // What cannot be told stays as it is.
  for (const auto* line : {"if defined X (", "if", "if defined", "iffy make"}) CHECK(posix_from_batch(line) == line);
}

TEST_CASE("batch: what follows a condition runs under it, and fails like anything else") {
  const auto script =
      tollbar::document::parse_shell(posix_from_batch("if defined X cargo check && cargo test"), {true, false, 1});
  REQUIRE(script.commands.size() == 3);
  CHECK(script.commands[2].text() == "cargo test");
  CHECK(script.commands[2].context.fatal);
  CHECK(script.commands[2].context.conditional);
  CHECK_FALSE(script.commands[2].context.is_condition);
}
