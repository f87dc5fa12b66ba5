// Conditions in the logic of Buildkite, Cirrus CI and Travis CI.
#include "pipeline/readers/condition_logic.h"

#include <doctest/doctest.h>

#include <string>

namespace tollbar::pipeline {
namespace {

TEST_CASE("what can never hold is found in every spelling") {
  for (const auto* text : {
           "false",
           "!true",
           "NOT true",
           "build.branch == \"main\" && false",
           "false && $CIRRUS_BRANCH == 'main'",
           "branch = main AND false",
           "(branch = main OR type = pull_request) AND NOT (true)",
           "'a' == 'b'",
           "$CIRRUS_BRANCH == 'main' && $CIRRUS_BRANCH == 'dev'",
           "branch = main AND type = push AND branch = dev",
           "$CIRRUS_PR == '' && $CIRRUS_PR != ''",
           "build.branch == 'main' && !(build.branch == 'main')",
           "$CIRRUS_BRANCH !=~ '.*'",
           "false || (1 = 2)",
           "env(X) IS present AND false",
           "changesInclude('a', 'b(c)') && false",
           "type IN (push, api) AND false",
       }) {
    CAPTURE(text);
    CHECK(fold_logic(text) == Truth::never);
  }
}

TEST_CASE("what always holds is found too") {
  for (const auto* text : {"true", "!false", "$CIRRUS_PR == '' || true", "'a' == 'a' && 1 = 1",
                           "NOT (branch = main AND false)", "$CIRRUS_BRANCH =~ '.*'", "build.branch == build.branch"}) {
    CAPTURE(text);
    CHECK(fold_logic(text) == Truth::always);
  }
}

TEST_CASE("the rest depends, and so does what is no condition") {
  for (const auto* text : {
           "",
           "build.branch == 'main'",
           "build.branch == pipeline.default_branch",
           "branch = main OR branch = dev",
           "branch = main AND NOT branch = dev",
           "!($CIRRUS_BRANCH == 'main' && $CIRRUS_TAG) && $CIRRUS_BRANCH == 'main'",
           "$CIRRUS_BRANCH == 'main' && ($CIRRUS_BRANCH == 'dev' || $CIRRUS_TAG != '')",
           "\"$A\" == \"x\" && \"$B\" == \"y\"",
           "build.message !~ /skip tests/i && build.branch =~ /^(main|release\\/.+)$/",
           "type = push AND sender =~ ^bot",
           "((((",
           "== && ||",
           "'open",
           "branch = main AND (false",
           "%",
       }) {
    CAPTURE(text);
    CHECK(fold_logic(text) == Truth::depends);
  }
  CHECK(fold_logic(std::string(100'000, '(')) == Truth::depends);
  CHECK(fold_logic(std::string(100'000, '!')) == Truth::depends);
}

}  // namespace
}  // namespace tollbar::pipeline
