// Folding of GitHub expressions.
#include "pipeline/expression.h"

#include <doctest/doctest.h>

#include <array>

namespace tollbar::pipeline {
namespace {

Event named(const char* name) {
  Event event;
  event.name = name;
  return event;
}

Truth truth(std::string_view text, const std::vector<Event>& events = {named("push"), named("pull_request")}) {
  Surroundings surroundings;
  surroundings.events = &events;
  return fold_condition(text, surroundings).truth;
}

TEST_CASE("constants fold") {
  for (const auto* text : {"false", "${{ false }}", "false && github.actor", "1 == 2", "''", "0", "!true", "null",
                           "!always()", "${{ '' }}", "contains('abc', 'x')", "startsWith('abc', 'b')",
                           "github.event_name == 'nothing'", "fromJSON('false')", "(true && (false))", "'a' != 'A'",
                           "github.EVENT_NAME == 'schedule'", "!(1 < 2)", "format('{0}', '') != ''"}) {
    CAPTURE(text);
    CHECK(truth(text) == Truth::never);
  }
  for (const auto* text : {"", "true", "always()", "success()", "!cancelled()", "true || github.actor", "'x'",
                           "1 == '1'", "'a' == 'A'", "null == 0", "contains(fromJSON('[\"a\", \"b\"]'), 'B')",
                           "endsWith('abc', 'BC')", "join(fromJSON('[1,2]'), '-') == '1-2'", "success() || failure()",
                           "github.event_name != 'schedule'", "format('{0}{{}}', 'a') == 'a{}'"}) {
    CAPTURE(text);
    CHECK(truth(text) == Truth::always);
  }
}

TEST_CASE("what no value can meet is never true") {
  for (const auto* text :
       {"github.event_name == 'push' && github.event_name == 'pull_request'",
        "github.ref == 'refs/heads/main' && always() && github.ref == 'refs/heads/dev'",
        "startsWith(github.ref, 'refs/tags/') && github.ref == 'refs/heads/main'",
        "startsWith(github.ref, 'refs/tags/') && startsWith(github.ref, 'refs/heads/')",
        "needs.a.result == 'success' && needs.a.result != 'Success'", "'x' == matrix.os && !('x' == matrix.os)"}) {
    CAPTURE(text);
    CHECK(truth(text) == Truth::never);
  }
  for (const auto* text :
       {"github.event_name == 'push' || github.event_name == 'pull_request'",
        "needs.a.result == 'success' && needs.b.result == 'failure'",
        "needs.*.result == 'success' && needs.*.result == 'failure'",
        "startsWith(github.ref, 'refs/tags/') && startsWith(github.ref, 'refs/tags/v')",
        "github.ref != 'refs/heads/main' && github.ref != 'refs/heads/dev'",
        "steps.a.outputs.n == '' && steps.a.outputs.n == 0",
        "(github.ref == 'refs/heads/main' || steps.a.outputs.b) && github.ref == 'refs/heads/master'"}) {
    CAPTURE(text);
    CHECK(truth(text) != Truth::never);
  }
}

TEST_CASE("what only a run can tell is left open") {
  for (const auto* text :
       {"failure()", "cancelled()", "!success()", "github.event_name == 'push'", "github.ref == 'refs/heads/main'",
        "needs.a.result == 'success'", "github.repository != 'a/b'", "!vars.SKIP", "steps.x.outputs.y",
        "startsWith(github.ref, 'refs/tags/')", "hashFiles('x') != ''", "success() && steps.a.outputs.b"}) {
    CAPTURE(text);
    CHECK(truth(text) == Truth::depends);
  }
}

TEST_CASE("what nothing in the repository makes true is unlikely") {
  for (const auto* text :
       {"vars.RUN == 'true'", "vars.RUN", "inputs.run", "github.repository == 'someone/else'",
        "github.actor == 'someone'", "github.ref == 'refs/heads/no-such-branch'", "github.event.inputs.run == 'yes'",
        "vars.RUN && true", "github.repository_owner == 'x' && github.event_name == 'push'"}) {
    CAPTURE(text);
    CHECK(truth(text) == Truth::unlikely);
  }
  const std::vector<Event> pull_requests{named("pull_request")};
  CHECK(truth("github.ref == 'refs/heads/main'", pull_requests) == Truth::unlikely);
  CHECK(truth("startsWith(github.ref, 'refs/tags/v')", pull_requests) == Truth::unlikely);
}

TEST_CASE("an expression without end is none") {
  std::string chain = "github.a", path = "github";
  for (int i = 0; i < 300'000; ++i) chain += "&&github.a", path += ".a";
  CHECK(fold_condition(chain, {}).malformed);
  CHECK(fold_condition(path, {}).malformed);
  CHECK(fold_condition(std::string(300'000, '!') + "a", {}).malformed);
}

TEST_CASE("the only event is known, a caller's is not") {
  CHECK(truth("github.event_name == 'push'", {named("push")}) == Truth::always);
  CHECK(truth("github.event_name == 'release'", {named("workflow_call")}) == Truth::depends);
  CHECK(truth("contains(fromJSON('[\"schedule\", \"push\"]'), github.event_name)", {named("push")}) == Truth::always);
  CHECK(truth("contains(fromJSON('[\"schedule\"]'), github.event_name)", {named("push")}) == Truth::never);
}

TEST_CASE("a declared input and a filtered branch are possible") {
  Event dispatch = named("workflow_dispatch");
  dispatch.parameters["Run"] = {};
  CHECK(truth("inputs.run", {dispatch}) == Truth::depends);
  Event push = named("push");
  push.filters["branches"] = {"release/**"};
  CHECK(truth("github.ref == 'refs/heads/release/1.0'", {push}) == Truth::depends);
  CHECK(truth("github.ref == 'refs/heads/other'", {push}) == Truth::unlikely);
  CHECK(truth("startsWith(github.ref, 'refs/tags/')", {push}) == Truth::unlikely);
}

TEST_CASE("literal text beside a template makes a condition true") {
  CHECK(truth("${{ false }} ") == Truth::always);
  CHECK(truth("${{ false }}\n") == Truth::always);
  CHECK(truth("${{ false }} || ${{ false }}") == Truth::always);
  CHECK(truth("${{ false || '}}' == 'x' }}") == Truth::never);
}

TEST_CASE("one meaning has one text") {
  const Surroundings nothing;
  const auto text = [&](std::string_view source) { return fold_condition(source, nothing).text; };
  const auto* canonical = "github.event_name == 'push' && (a.b || !c.d)";
  CHECK(text("${{ GitHub.Event_Name=='push'&&( a.b||! c['d'] ) }}") == canonical);
  CHECK(text(canonical) == canonical);
  CHECK(text("((x.y))") == "x.y");
  CHECK(text("'it''s'") == "'it''s'");
  CHECK(text("a.b == 'x'") != text("a.b == 'y'"));
  CHECK(normalise_template("v${{a.b}}-${{  'x' }}") == "v${{ a.b }}-${{ 'x' }}");
}

TEST_CASE("contexts are listed") {
  const auto folded = fold_expression("contains(needs.*.result, github.event['Label'].name) && env[matrix.os]", {});
  CHECK(folded.contexts == std::vector<std::string>{"env.*", "github.event.label.name", "matrix.os", "needs.*.result"});
}

TEST_CASE("what is no expression is kept and left open") {
  for (const auto* text : {"a &&", "(", "'open", "a b", "a..b", "#", "f(,)"}) {
    CAPTURE(text);
    const auto folded = fold_condition(text, {});
    CHECK(folded.malformed);
    CHECK(folded.truth == Truth::depends);
    CHECK(folded.text == text);
  }
  CHECK(fold_condition(std::string(5000, '('), {}).malformed);
  CHECK(fold_condition(std::string(5000, '!') + "true", {}).malformed);
}

TEST_CASE("values of a matrix are constants, those of an environment only likely") {
  Surroundings surroundings;
  document::Node text;
  text.kind = document::NodeKind::scalar;
  text.scalar = "linux";
  document::Node key = text;
  key.scalar = "os";
  document::Node mapping;
  mapping.kind = document::NodeKind::mapping;
  mapping.members.push_back({key, text});
  surroundings.values["matrix"] = mapping;
  surroundings.values["env"] = mapping;
  CHECK(fold_condition("matrix.os == 'windows'", surroundings).truth == Truth::never);
  CHECK(fold_condition("matrix.other", surroundings).truth == Truth::never);
  CHECK(fold_condition("env.OS == 'windows'", surroundings).truth == Truth::unlikely);
  CHECK(fold_condition("env.OS == 'linux'", surroundings).truth == Truth::depends);
  CHECK(fold_condition("env.other == 'x'", surroundings).truth == Truth::depends);
  surroundings.env_stays = true;
  CHECK(fold_condition("env.OS == 'windows'", surroundings).truth == Truth::never);
  CHECK(fold_condition("env.OS == 'linux'", surroundings).truth == Truth::always);
  CHECK(fold_condition("env.other == 'x'", surroundings).truth == Truth::depends);
}

TEST_CASE("alternatives of a ternary") {
  const auto found = alternatives("github.event_name == 'push' && 'self-hosted' || 'ubuntu-latest'", {});
  CHECK_FALSE(found.dynamic);
  REQUIRE(found.values.size() == 2);
  CHECK(found.values[0].scalar == "self-hosted");
  CHECK(found.values[1].scalar == "ubuntu-latest");
  const auto fallback = alternatives("inputs.runner || 'ubuntu-latest'", {});
  CHECK(fallback.dynamic);
  CHECK(fallback.values.size() == 1);
  const auto lists = alternatives("fromJSON(a.b && '[\"x\"]' || '[\"y\"]')", {});
  CHECK(lists.values.size() == 2);
  CHECK(template_alternatives("ubuntu-${{ a.b && '22' || '24' }}.04", {}).values[1].scalar == "ubuntu-24.04");
}

}  // namespace
}  // namespace tollbar::pipeline
