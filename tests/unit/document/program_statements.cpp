#include "document/program_statements.h"

#include <doctest/doctest.h>

using namespace tollbar::document;

namespace {

/// Each statement behind what it stands under: `if x > exit 1`.
std::vector<std::string> seen(std::string_view text, Language language) {
  const auto statements = statements_of(text, language);
  std::vector<std::string> result;
  for (const auto& statement : statements)
    result.push_back((statement.header == Statement::none ? "" : statements[statement.header].text + " > ") +
                     statement.text);
  return result;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the words of a shell open and close blocks, also on one line") {
  CHECK(seen("if a; then b; else c; fi; d\n", Language::shell) ==
        Texts{"if a", "if a > b", "else of if a", "else of if a > c", "d"});
  CHECK(seen("case $x in\n  a) one ;;\n  *) two ;;\nesac\n", Language::shell) ==
        Texts{"case $x in", "case $x in > case $x in: a)", "case $x in: a) > one", "case $x in > case $x in: *)",
              "case $x in: *) > two"});
  CHECK(seen("f() { a; }\nb || { c; d; }\ne\n", Language::shell) ==
        Texts{"f() ", "f()  > a", "b ||", "b || > c", "b || > d", "e"});
}

TEST_CASE("here-documents, comments and quotes of a shell open nothing") {
  CHECK(seen("cat <<EOF\nif x; then\nEOF\na 'b; then c' # d; e\n", Language::shell) ==
        Texts{"cat <<EOF", "a 'b; then c'"});
}

TEST_CASE("braces open blocks, those of a subscript and of a callback's call do not close too much") {
  CHECK(seen("f(() => {\n  a();\n}).g();\nif (x)\n  b();\nelse {\n  c();\n}\n", Language::javascript) ==
        Texts{"f(() =>", "f(() => > a()", ").g()", "if (x) b()", "else", "else > c()"});
  CHECK(seen("if ($h{x}) {\n  die 'x';\n}\n", Language::perl) == Texts{"if ($h{x})", "if ($h{x}) > die 'x'"});
}

TEST_CASE("what a function takes apart among its parameters is no block") {
  CHECK(seen("function f({ a = false } = {}) {\n  return a;\n}\ng();\n", Language::javascript) ==
        Texts{"function f({ a = false } = {})", "function f({ a = false } = {}) > return a", "g()"});
  CHECK(seen("const f = ({ a }) => {\n  return a;\n};\ng({ b: 1 });\n", Language::javascript) ==
        Texts{"const f = ({ a }) =>", "const f = ({ a }) => > return a", "g(", "g( > b: 1"});
}

TEST_CASE("indentation says what stands under what") {
  CHECK(seen("def f(a,\n      b):\n    if a:\n        g()\n    else:\n        h()\nf()\n", Language::python) ==
        Texts{"def f(a, b):", "def f(a, b): > if a:", "if a: > g()",
              "def f(a, b): > else: of if a:", "else: of if a: > h()", "f()"});
}

TEST_CASE("functions are known by name, lines by number") {
  const auto statements = statements_of("# one\n\nasync function go() {\n  x();\n}\n", Language::javascript);
  REQUIRE(statements.size() == 2);
  CHECK(statements[0].function == "go");
  CHECK(statements[0].line == 3);
  CHECK(statements[1].line == 4);
}
