// Lines of cmd.exe as a POSIX shell would read them.
#include "pipeline/readers/script_shell.h"

#include <doctest/doctest.h>

#include <string>

#include "document/shell.h"

using tollbar::pipeline::posix_from_batch;

TEST_CASE("batch: variables, calls, comments and separators") {
  CHECK(posix_from_batch("@call build\\run.bat %TARGET% & echo done") == "build/run.bat ${TARGET} ; echo done");
  CHECK(posix_from_batch("REM make\n:: make\nmake") == "#\n#\nmake");
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
