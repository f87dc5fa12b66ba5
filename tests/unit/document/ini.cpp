// INI-like files: git config, setup.cfg, tox.ini, .npmrc, properties.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "document/formats.h"

using namespace tollbar::document;
using Kind = Problem::Kind;

namespace {

std::string brief(std::string_view text) {
  return read_ini(text).root().brief(400);
}

}  // namespace

TEST_CASE("ini: entries and sections") {
  CHECK(brief("a=x\nb : y z\n[s]\nc = \"q r\"\nflag\n[t]\n") == "{a: x, b: y z, s: {c: q r, flag: null}, t: {}}");
}

TEST_CASE("ini: comments stand on lines of their own or behind white space") {
  CHECK(brief("# c\n; c\na = x # c\nb = x#y\nc = 'x ; y' ; c\n") == "{a: x, b: x#y, c: x ; y}");
}

TEST_CASE("ini: a colon parts key and value only before a blank, or where there is no equals sign") {
  CHECK(read_ini("//registry.npmjs.org/:_authToken=t\n").root().get("//registry.npmjs.org/:_authToken")->text() == "t");
  CHECK(brief("a: b=c\nd:e\n") == "{a: b=c, d: e}");
}

TEST_CASE("ini: git config names its subsections and repeats its sections") {
  const Document document =
      read_ini("[remote \"origin\"]\n\turl = u\n[core]\n\ta = 1\n[remote \"origin\"]\n\tfetch = f\n");
  CHECK(document.root().brief() == "{remote.origin: {url: u, fetch: f}, core: {a: \"1\"}}");
  CHECK(document.problems.empty());
}

TEST_CASE("ini: values go on in deeper lines and behind a backslash") {
  CHECK(brief("[tox]\ncommands =\n  pytest\n  A=1 ruff # c\nx = y\n") ==
        "{tox: {commands: \"pytest\\nA=1 ruff\", x: y}}");
  CHECK(brief("[o]\nrequires = a\n  b>=1.0\n") == "{o: {requires: \"a\\nb>=1.0\"}}");
  CHECK(brief("a = x \\\n  y\nb = z\n") == "{a: x y, b: z}");
  CHECK(read_ini("a =\n  x\n  y\nb = 1").root().get("a")->end_line == 3);
}

TEST_CASE("ini: no entry hides in the indentation of git config") {
  CHECK(brief("[core]\n\ta = b\n\t\thooksPath = /x\n") == "{core: {a: b, hooksPath: /x}}");
  CHECK(brief("[core]\n\ta =\n\thooksPath = /x\n") == "{core: {a: \"\", hooksPath: /x}}");
}

TEST_CASE("ini: positions") {
  const Document document = read_ini("[a]\nx = 1\n\n  y = 2\n[b]\nz = 3\n");
  CHECK(document.root().get("a")->line == 1);
  CHECK(document.root().get("a")->end_line == 4);
  CHECK(document.root().get({"a", "y"})->line == 4);
  CHECK(document.root().members[1].key.line == 5);
}

TEST_CASE("ini: duplicates and broken titles are reported") {
  const Document document = read_ini("[a]\nx = 1\nx = 2\n[b\n");
  CHECK(document.root().get({"a", "x"})->text() == "2");
  REQUIRE(document.problems.size() == 2);
  CHECK(document.problems[0].kind == Kind::duplicate_key);
  CHECK(document.problems[0].line == 3);
  CHECK(document.problems[1].kind == Kind::syntax_error);
  CHECK(document.problems[1].line == 4);
}

TEST_CASE("ini: another layout means the same") {
  CHECK(read_ini("[a]\nx=1\ny=2\n").root().same_as(read_ini("# c\r\n[ a ]\r\n  y = 2 ; c\r\n  x : 1\r\n").root()));
  CHECK_FALSE(read_ini("[a]\nx=1\n").root().same_as(read_ini("[b]\nx=1\n").root()));
}

TEST_CASE("ini: hostile input") {
  CHECK(read_ini(std::string(100'000, '[')).has(Kind::syntax_error));
  CHECK(read_ini(std::string_view{"a\0=\0\n", 5}).root().members.size() == 1);
  CHECK(read_ini("a = \xFF").has(Kind::invalid_utf8));
  CHECK(read_ini("").root().is_mapping());
  CHECK(read_ini("  x\n\\\n=\n:\n[]\n\"\n").root().is_mapping());
}
