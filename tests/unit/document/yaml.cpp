// YAML: positions, aliases, merge keys, problems, and files written to do harm.
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "document/formats.h"

using namespace tollbar::document;
using Kind = Problem::Kind;

namespace {

std::uint32_t line_of(const Document& document, Kind kind) {
  for (const Problem& problem : document.problems) {
    if (problem.kind == kind) {
      return problem.line;
    }
  }
  return 0;
}

struct Lines {
  std::uint32_t line, content, end;
  bool operator==(const Lines&) const = default;
};

/// Of the member `key`.
Lines lines(std::string_view text, std::string_view key) {
  const Document document = read_yaml(text);
  const Node* node = document.root().get(key);
  return node == nullptr ? Lines{} : Lines{node->line, node->content_line, node->end_line};
}

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) {
    count += count_nodes(item);
  }
  for (const Member& member : node.members) {
    count += count_nodes(member.key) + count_nodes(member.value);
  }
  return count;
}

}  // namespace

TEST_CASE("yaml: where a scalar stands and ends") {
  struct Case {
    const char* text;
    Lines expected;
  };
  const std::vector<Case> table{
      {"a: x\nb: y\n", {1, 1, 1}},
      {"a: |\n  one\n  two\nb: y\n", {1, 2, 3}},
      {"a: |\r\n  one\r\n  two\r\nb: y\r\n", {1, 2, 3}},
      {"a: | # comment\n  one\n\n\nb: y\n", {1, 2, 2}},
      {"a: >-\n\n  one\n  two\n\n  three\n", {1, 2, 6}},
      {"a: |2\n    deeper\n  less\nb: y\n", {1, 2, 3}},
      {"a: |\n\nb: y\n", {1, 2, 1}},
      {"a: |+\n  one\n\nb: y\n", {1, 2, 2}},
      {"a: &x |\n  one\n", {1, 2, 2}},
      {"a: !t\n  |\n  one\n", {1, 3, 3}},
      {"a: \"x\n  y \\\" z\"\nb: y\n", {1, 1, 2}},
      {"a: 'x\n  it''s\n  y'\nb: y\n", {1, 1, 3}},
      {"a: one\n  two\n  three # c\nb: y\n", {1, 1, 3}},
      {"a:\nb: y\n", {1, 1, 1}},
      {"a:\n\n# c\n\nb: y\n", {1, 1, 1}},
      {"a:\nnull: y\n", {1, 1, 1}},
      {"a: &x\nb: y\n", {1, 1, 1}},
      {"a: !t\nb: y\n", {1, 1, 1}},
  };
  for (const auto& row : table) {
    const auto& text = row.text;
    const auto& expected = row.expected;
    CAPTURE(text);
    const Lines found = lines(text, "a");
    CHECK(found.line == expected.line);
    CHECK(found.content == expected.content);
    CHECK(found.end == expected.end);
  }
}

TEST_CASE("yaml: where a collection stands and ends") {
  CHECK(lines("a: [x,\n  y,\n  ] # c\nb: 1\n", "a") == Lines{1, 1, 3});
  CHECK(lines("a: {x: [1,\n  2], y: 3\n  }\nb: 1\n", "a") == Lines{1, 1, 3});
  CHECK(lines("a: [\n # ] not here\n ]\nb: 1\n", "a") == Lines{1, 1, 3});
  CHECK(lines("a:\n  - x\n  - |\n    y\n    z\n\n\nb: 1\n", "a").end == 5);
  CHECK(lines("a:\n  b:\n    c: d\n  e:\nf: 1\n", "a").end == 4);
  CHECK(lines("x: &x [1]\na:\n  - *x\n  - *x\nf: 1\n", "a").end == 4);
}

TEST_CASE("yaml: an absent item stands at its dash") {
  const Document document = read_yaml("-\n- \n\n- x\n");
  REQUIRE(document.root().items.size() == 3);
  CHECK(document.root().items[0].line == 1);
  CHECK(document.root().items[1].line == 2);
  CHECK(document.root().items[2].line == 4);
}

TEST_CASE("yaml: quoting decides the type") {
  const Document document =
      read_yaml("[true, 'true', 12, \"12\", !!str 12, !!int '12', null, 'null', !!bool yes, !!null '']");
  const std::vector<Node>& items = document.root().items;
  REQUIRE(items.size() == 10);
  CHECK(items[0].type == ScalarType::boolean);
  CHECK(items[0].plain);
  CHECK(items[1].type == ScalarType::string);
  CHECK_FALSE(items[1].plain);
  CHECK(items[2].type == ScalarType::integer);
  CHECK(items[3].type == ScalarType::string);
  CHECK(items[4].type == ScalarType::string);
  CHECK(items[5].type == ScalarType::integer);
  CHECK(items[6].is_null());
  CHECK(items[7].is_scalar());
  CHECK(items[8].truth() == std::optional{true});
  CHECK(items[9].is_null());
  CHECK(document.problems.empty());
}

TEST_CASE("yaml: several documents") {
  const Document document = read_yaml("%YAML 1.1\n---\na: 1\n...\n---\n---\n- b\n");
  REQUIRE(document.roots.size() == 3);
  CHECK(document.roots[0].is_mapping());
  CHECK(document.roots[1].is_null());
  CHECK(document.roots[2].is_sequence());
  CHECK(document.problems.empty());
}

TEST_CASE("yaml: nothing to read is no problem") {
  for (const char* text : {"", "\n\n", "# comment", "\xEF\xBB\xBF"}) {
    CHECK(read_yaml(text).roots.empty());
    CHECK(read_yaml(text).problems.empty());
  }
}

TEST_CASE("yaml: aliases are copies") {
  const Document document = read_yaml("a: &x {k: [1, 2]}\nb: *x\n");
  CHECK(document.root().get("b")->same_as(*document.root().get("a")));
  CHECK(document.root().get("b")->get("k")->line == 1);
  CHECK(document.problems.empty());
}

TEST_CASE("yaml: an anchor may be defined anew") {
  CHECK(read_yaml("[&x 1, *x, &x 2, *x]").root().brief() == "[1, 1, 2, 2]");
}

TEST_CASE("yaml: anchors end with their document") {
  const Document document = read_yaml("a: &x 1\n---\nb: *x\n");
  CHECK(document.has(Kind::unknown_anchor));
  CHECK(line_of(document, Kind::unknown_anchor) == 3);
  CHECK(document.roots.size() == 1);
}

TEST_CASE("yaml: merge keys are resolved and reported") {
  const std::string base = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\n";
  const std::vector<std::pair<const char*, const char*>> table{
      {"z: {<<: *x, b: own}", "{b: own, a: 1}"},     {"z: {b: own, <<: *x}", "{b: own, a: 1}"},
      {"z: {<<: [*x, *y]}", "{a: 1, b: 2, c: 4}"},   {"z: {<<: [*y, *x]}", "{b: 3, c: 4, a: 1}"},
      {"z: {<<: *x, <<: *y}", "{a: 1, b: 2, c: 4}"}, {"z: {<<: {<<: *x, d: 5}}", "{d: 5, a: 1, b: 2}"},
      {"z: {<<: {a: 1, a: 2}}", "{a: 2}"},           {"z: {<<: text}", "{<<: text}"},
  };
  for (const auto& row : table) {
    const auto& text = std::get<0>(row);
    const auto& expected = std::get<1>(row);
    CAPTURE(text);
    const Document document = read_yaml(base + text);
    CHECK(document.root().get("z")->brief() == expected);
    CHECK(line_of(document, Kind::merge_key) == 3);
    CHECK_FALSE(document.broken());
  }
  CHECK_FALSE(read_yaml("'<<': {a: 1}").has(Kind::merge_key));
}

TEST_CASE("yaml: duplicate keys are kept, reported, and the last one wins") {
  const Document document = read_yaml("a: 1\nb: 2\n'a': 3\n");
  CHECK(document.root().members.size() == 3);
  CHECK(document.root().get("a")->text() == "3");
  CHECK(line_of(document, Kind::duplicate_key) == 3);
  CHECK_FALSE(read_yaml("a: {x: 1}\nb: {x: 1}\n").has(Kind::duplicate_key));
  CHECK_FALSE(read_yaml("1: a\n'1': b\n").has(Kind::duplicate_key));
  CHECK(read_yaml("? [a]\n: 1\n? [a]\n: 2\n").has(Kind::duplicate_key));
}

TEST_CASE("yaml: duplicates are found among many keys") {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "k" + std::to_string(i) + ": 1\n";
  }
  CHECK_FALSE(read_yaml(text).has(Kind::duplicate_key));
  CHECK(line_of(read_yaml(text + "k50: 2\n"), Kind::duplicate_key) == 101);
}

TEST_CASE("yaml: custom tags are kept and reported, core tags are not") {
  const Document document = read_yaml("a: !!str x\nb: !reference [p, q]\nc: !Sub 'y'\nd: !!binary aGk=\n");
  CHECK(document.root().get("a")->tag.empty());
  CHECK(document.root().get("b")->tag == "!reference");
  CHECK(document.root().get("c")->tag == "!Sub");
  CHECK_FALSE(document.root().get("d")->tag.empty());
  CHECK(line_of(document, Kind::custom_tag) == 2);
  CHECK_FALSE(read_yaml("a: !!map {}").has(Kind::custom_tag));
}

TEST_CASE("yaml: bad UTF-8 is read on and reported once, by line") {
  const Document document = read_yaml("a: 1\nb: \xFF\xFE\nc: \xC0\x80\n");
  CHECK(document.root().get("b")->text() == "\xFF\xFE");
  CHECK(document.problems.size() == 1);
  CHECK(line_of(document, Kind::invalid_utf8) == 2);
  CHECK(document.broken());
}

TEST_CASE("yaml: a syntax error has a line and keeps the documents before it") {
  const Document document = read_yaml("a: 1\n---\nb: 1\n  c: 2\n");
  CHECK(document.roots.size() == 1);
  CHECK(line_of(document, Kind::syntax_error) >= 3);
  CHECK(read_yaml("a: 'x").has(Kind::syntax_error));
  CHECK(read_yaml("a: \"x").has(Kind::syntax_error));
  CHECK(read_yaml("a: [x").has(Kind::syntax_error));
  CHECK(read_yaml("a:\n\t- x").has(Kind::syntax_error));
}

TEST_CASE("yaml: NUL is an error that hides nothing") {
  const Document document = read_yaml(std::string_view{"a: x\0\nb: y\n", 11});
  CHECK(document.has(Kind::syntax_error));
  CHECK(document.root().get("b") != nullptr);
}

TEST_CASE("yaml: an alias bomb meets the budget") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string name = "a" + std::to_string(i);
    const std::string alias = "*a" + std::to_string(i - 1);
    bomb += name + ": &" + name + " [";
    for (int k = 0; k < 10; ++k) {
      bomb += (k == 0 ? "" : ", ") + alias;
    }
    bomb += "]\n";
  }
  const Document document = read_yaml(bomb);
  CHECK(document.has(Kind::limit));
  CHECK(document.broken());
  REQUIRE(document.roots.size() == 1);
  CHECK(document.root().members.size() == 12);
  CHECK(count_nodes(document.root()) < 400'000);
}

TEST_CASE("yaml: the budget holds for the whole stream, merge keys and nested anchors") {
  std::string wide = "a: &a [";
  for (int i = 0; i < 1'000; ++i) {
    wide += "x, ";
  }
  wide += "]\nb:\n";
  for (int i = 0; i < 300; ++i) {
    wide += "- *a\n";
  }
  CHECK(read_yaml(wide).has(Kind::limit));
  std::string nested;
  for (int i = 0; i < 200; ++i) {
    nested += "&a" + std::to_string(i) + " [";
  }
  for (int i = 0; i < 10'000; ++i) {
    nested += "x,";
  }
  nested += std::string(200, ']');
  CHECK(read_yaml(nested).has(Kind::limit));
}

TEST_CASE("yaml: an alias inside its own anchor") {
  const Document document = read_yaml("a: &a\n  b: *a\n");
  CHECK(line_of(document, Kind::unknown_anchor) == 2);
  CHECK(document.root().get({"a", "b"})->is_null());
}

TEST_CASE("yaml: depth is limited, through aliases too") {
  CHECK(read_yaml(std::string(200, '[') + std::string(200, ']')).problems.empty());
  CHECK(read_yaml(std::string(300, '[') + std::string(300, ']')).has(Kind::limit));
  CHECK(read_yaml(std::string(100'000, '[')).has(Kind::limit));
  std::string chain = "- &a0 x\n";
  for (int i = 1; i < 300; ++i) {
    chain += "- &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  CHECK(read_yaml(chain).has(Kind::limit));
}

TEST_CASE("yaml: a huge scalar is just a scalar") {
  const std::string huge(2'000'000, 'x');
  CHECK(read_yaml("a: \"" + huge + "\"").root().get("a")->scalar == huge);
}
