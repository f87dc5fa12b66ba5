// TOML: source order, positions, types and errors.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "document/formats.h"

using namespace tollbar::document;
using Kind = Problem::Kind;

TEST_CASE("toml: tables, arrays of tables and dotted keys become one tree in source order") {
  const Document document =
      read_toml("z = 1\na.b = 'x'\n[tool.q]\ny = [1, 2.5, true]\nx = {k = \"v\"}\n[[p]]\nn = 1\n[[p]]\nn = 2\n");
  CHECK(document.problems.empty());
  CHECK(document.root().brief() == "{z: 1, a: {b: x}, tool: {q: {y: [1, 2.5, true], x: {k: v}}}, p: [{n: 1}, {n: 2}]}");
}

TEST_CASE("toml: positions") {
  const Document document = read_toml("[a]\nb = 1\nc = [\n  1,\n  2\n]\ns = \"\"\"\nx\ny\"\"\"\n");
  const Node& table = *document.root().get("a");
  CHECK(document.root().line == 1);
  CHECK(table.get("b")->line == 2);
  CHECK(table.get("b")->column == 5);
  CHECK(table.get("c")->end_line == 6);
  CHECK(table.get("c")->items[1].line == 5);
  CHECK(table.get("s")->line == 7);
  CHECK(table.get("s")->end_line == 9);
  CHECK(table.members[1].key.line == 3);
  CHECK(table.end_line == 9);
}

TEST_CASE("toml: types") {
  const Document document =
      read_toml("i = 1_000\nf = 1.50\nb = true\ns = '1'\nd = 2024-05-27T07:32:00Z\nt = 07:32:00\n");
  const Node& root = document.root();
  CHECK(root.get("i")->type == ScalarType::integer);
  CHECK(root.get("i")->text() == "1000");
  CHECK(root.get("f")->type == ScalarType::floating);
  CHECK(root.get("b")->truth() == std::optional{true});
  CHECK(root.get("s")->type == ScalarType::string);
  CHECK_FALSE(root.get("s")->plain);
  CHECK(root.get("d")->text() == "2024-05-27T07:32:00Z");
  CHECK(root.get("t")->text() == "07:32:00");
}

TEST_CASE("toml: another layout means the same") {
  CHECK(read_toml("[a]\nx = 1\ny = 'z'\n").root().same_as(read_toml("# c\na = {y = \"z\", x = 0x1}\r\n").root()));
  CHECK_FALSE(read_toml("x = 1").root().same_as(read_toml("x = '1'").root()));
}

TEST_CASE("toml: errors have a line") {
  for (const char* text : {"a = 1\nb = \n", "a = 1\na = 2\n", "a = 1\n[b\n", "a = 1\nb = 'x\n"}) {
    CAPTURE(text);
    const Document document = read_toml(text);
    REQUIRE(document.has(Kind::syntax_error));
    CHECK(document.problems.back().line == 2);
    CHECK(document.roots.empty());
  }
}

TEST_CASE("toml: hostile input") {
  CHECK(read_toml("a = " + std::string(100'000, '[')).broken());
  CHECK(read_toml("a = '\xFF'").has(Kind::invalid_utf8));
  CHECK(read_toml(std::string_view{"a = '\0'", 7}).broken());
  CHECK(read_toml("a = '" + std::string(1'000'000, 'x') + "'").root().get("a")->scalar.size() == 1'000'000);
  CHECK(read_toml("").root().is_mapping());
}

TEST_CASE("toml: a header that is no key is an error and not the end") {
  for (const char* text :
       {"[?]", "[[*]]", "[\x01", "a = 1\n[ =]\n", "[.]", "[a.?]", "? = 1", "a.? = 1", "x = {? = 1}"}) {
    CAPTURE(text);
    CHECK(read_toml(text).has(Kind::syntax_error));
  }
}

TEST_CASE("toml: letters outside ASCII are read in strings and refused elsewhere") {
  CHECK(read_toml("a = '\xC3\xA9\xEF\xBB\x9F'").root().get("a")->text() == "\xC3\xA9\xEF\xBB\x9F");
  CHECK(read_toml("a = 1 \xEF\xBB\x9F").has(Kind::syntax_error));
  CHECK(read_toml("[\xC3\xA9").has(Kind::syntax_error));
}

TEST_CASE("toml: no nesting by dotted keys gets past the limit") {
  const auto dotted = [](int dots) {
    std::string key = "a";
    for (int i = 0; i < dots; ++i) {
      key += ".a";
    }
    return key;
  };
  CHECK(read_toml(dotted(100) + " = 1").problems.empty());
  CHECK(read_toml(dotted(300) + " = 1").has(Kind::limit));
  CHECK(read_toml("[" + dotted(3'900) + "]\n" + dotted(15) + " = 1\n = error").broken());
  CHECK(read_toml(dotted(1'000'000) + " = 1\n = error").has(Kind::limit));
  CHECK(read_toml("x = [\"\"\"\n\"\"\", {" + dotted(1'000'000) + " = 1}]").has(Kind::limit));
  std::string nested = "x = ";
  for (int i = 0; i < 250; ++i) {
    nested += "[\n{" + dotted(15) + " = ";
  }
  CHECK(read_toml(nested).broken());
}
